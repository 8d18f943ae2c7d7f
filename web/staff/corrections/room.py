"""The blueprint that the pages of corrections share."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint(
    "corrections", __name__, url_prefix="/staff/corrections", template_folder="../templates"
)
PER_PAGE = 50
