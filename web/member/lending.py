"""``/member/lending``: what readers are told of how one's library lends."""

from __future__ import annotations

from flask import url_for
from werkzeug.wrappers import Response

from catalogue.users import Role
from web.member.room import blueprint
from web.staff import access
from web.staff.lendingform import Place, kept, shown


@blueprint.get("/lending")
@access.needs(Role.MEMBER)
def lending() -> str:
    """Show how one's library lends, to be changed."""
    return shown(_place())


@blueprint.post("/lending")
@access.needs(Role.MEMBER)
def keep_lending() -> Response | tuple[str, int]:
    """Keep how one's library lends, unless somebody else changed it meanwhile."""
    return kept(_place())


def _place() -> Place:
    here = url_for("own.lending")
    return Place("member/lending.html", access.me().library, here, here)
