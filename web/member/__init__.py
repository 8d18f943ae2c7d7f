"""What a member library sees of itself, behind a door of its own."""

from __future__ import annotations

from flask import Flask

from web import staff
from web.member import corrections, deliveries, preview, validator, views
from web.member.room import blueprint

__all__ = ["corrections", "deliveries", "install", "preview", "validator", "views"]

staff.guard(blueprint)


def install(app: Flask) -> None:
    """Add the members' pages to an application that has those of staff."""
    app.register_blueprint(blueprint)
