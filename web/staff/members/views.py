"""``/staff/members`` lists the members, ``/staff/members/<code>`` shows everything about one."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue.members import groups, listing
from catalogue.members.listing import MOST_COUNTED, Line
from catalogue.members.model import in_force
from web.site import current_site
from web.staff.members.room import blueprint, day
from web.staff.sources import display

FILTERS = ("kind", "region", "group", "standing", "sharing")
"""What the list is narrowed by, as the address names it."""


@blueprint.get("/members")
def listed() -> str:
    """Show all members, or those of a type, region, group, standing or sharing level."""
    database = current_site().database
    lines = listing.lines(database, day())
    wanted = {name: request.args.get(name, "") for name in FILTERS}
    return render_template(
        "staff/members/list.html",
        lines=[each for each in lines if _fits(each, wanted)],
        count=len(lines),
        wanted=wanted,
        regions=sorted({each.library.region for each in lines} - {""}),
        written=sorted({each.library.kind for each in lines} - {""}),
        groups=groups.all(database),
    )


@blueprint.get("/members/<path:code>")
def show(code: str) -> str | Response:
    """Show a member; by another of its codes its page is gone on to."""
    member = listing.get(current_site().database, code)
    if member.library.code != code:
        return redirect(url_for("members.show", code=member.library.code))
    return render_template(
        "staff/members/show.html",
        member=member,
        library=member.library,
        held=in_force(member.agreements, day()),
        rows=[display.row(each) for each in member.sources],
        most=MOST_COUNTED,
    )


def _fits(each: Line, wanted: dict[str, str]) -> bool:
    library = each.library
    told = {
        "kind": {library.kind},
        "region": {library.region},
        "group": {*each.groups},
        "standing": {library.standing.value},
        "sharing": {library.sharing.value},
    }
    return all(not wanted[name] or wanted[name] in found for name, found in told.items())
