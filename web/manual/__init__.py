"""Help in the hub itself: the how-tos of ``docs`` as pages, and which of them a screen leads to."""

from __future__ import annotations

from flask import Flask

from web.manual import views
from web.manual.views import blueprint

__all__ = ["blueprint", "install"]


def install(app: Flask) -> None:
    """Add the pages of help, and give every template the way from its screen to them."""
    app.register_blueprint(blueprint)
    app.context_processor(lambda: {"help_here": views.here})
