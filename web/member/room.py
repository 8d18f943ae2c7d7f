"""The blueprint that the pages of a member library share."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("own", __name__, url_prefix="/member", template_folder="../staff/templates")
