"""The blueprint that the pages of members share, and the words and lists of their forms."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g

from catalogue.members.kinds import KINDS, name_of
from catalogue.members.text import today
from catalogue.model import Sharing
from web.hidden import STANDINGS
from web.language import DEFAULT
from web.members import BASES, DAYS
from web.staff.room import current_room

blueprint = Blueprint("members", __name__, url_prefix="/staff", template_folder="../templates")


def language() -> str:
    """Return the language of the page under way."""
    return str(g.get("language", DEFAULT))


def day() -> str:
    """Return today in the hub's time zone, as an ISO date."""
    return today(current_room().line.zone)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    spoken = language()
    return {
        "bases": BASES,
        "days": DAYS,
        "kind_name": lambda kind: name_of(kind, spoken),
        "kinds": KINDS,
        "levels": list(Sharing),
        "spoken": spoken,
        "standings": STANDINGS,
        "today": day(),
    }
