"""What a member library sees of itself, behind a door of its own."""

from __future__ import annotations

from flask import Flask

from web import staff
from web.member import (
    contacts,
    corrections,
    deliveries,
    harvests,
    hold,
    holdings,
    lending,
    preview,
    problems,
    quality,
    records,
    tickets,
    validator,
    views,
)
from web.member.room import blueprint

__all__ = [
    "contacts",
    "corrections",
    "deliveries",
    "harvests",
    "hold",
    "holdings",
    "install",
    "lending",
    "preview",
    "problems",
    "quality",
    "records",
    "tickets",
    "validator",
    "views",
]

staff.guard(blueprint)


def install(app: Flask) -> None:
    """Add the members' pages to an application that has those of staff."""
    app.register_blueprint(blueprint)
    # Public pages know nothing of who is signed in: their link leads to the door for everybody.
    app.jinja_env.globals["hold_address"] = hold.address
