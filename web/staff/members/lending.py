"""``/staff/members/<code>/lending``: what readers are told of how a library lends."""

from __future__ import annotations

from flask import url_for
from werkzeug.wrappers import Response

from catalogue import libraries
from catalogue.users import Role
from web.site import current_site
from web.staff import access
from web.staff.lendingform import Place, kept, shown
from web.staff.members.room import blueprint


@blueprint.get("/members/<code>/lending")
@access.needs(Role.OPERATOR)
def lending(code: str) -> str:
    """Show how a member lends, to be changed."""
    return shown(_place(code))


@blueprint.post("/members/<code>/lending")
@access.needs(Role.OPERATOR)
def keep_lending(code: str) -> Response | tuple[str, int]:
    """Keep how a member lends, unless somebody else changed it meanwhile."""
    return kept(_place(code))


def _place(given: str) -> Place:
    code = libraries.get(current_site().database, given).code
    here = url_for("members.lending", code=code)
    return Place("staff/members/lending.html", code, here, url_for("members.show", code=code))
