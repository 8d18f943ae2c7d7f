"""``/staff/quarantine`` lists what could not be read."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint(
    "quarantine", __name__, url_prefix="/staff/quarantine", template_folder="../templates"
)


@blueprint.get("")
def listing() -> str:
    """Show."""
    return ""
