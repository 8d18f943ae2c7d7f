"""``/member/quality``: how complete a library's records are, day by day, beside those of all."""

from __future__ import annotations

from flask import render_template

from catalogue.quality import reading
from catalogue.users import Role
from web.member.room import blueprint
from web.quality.shares import FIELDS
from web.site import current_site
from web.staff import access
from web.staff.members.over_time import SHOWN, chart


@blueprint.get("/quality")
@access.needs(Role.MEMBER)
def quality() -> str:
    """Show how complete the records are and have been, and what how many of them lack."""
    found = reading.of_library(current_site().database, access.me().library)
    return render_template(
        "member/quality.html",
        found=found,
        chart=chart(found),
        days=found.days[: -SHOWN - 1 : -1],
        fields=FIELDS,
    )
