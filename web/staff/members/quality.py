"""``/staff/members/<code>/quality``: what a member sees of how complete its records are."""

from __future__ import annotations

from flask import render_template

from catalogue import libraries
from catalogue.quality import reading
from web.quality.shares import FIELDS
from web.site import current_site
from web.staff.members.over_time import SHOWN, chart
from web.staff.members.room import blueprint


@blueprint.get("/members/<code>/quality")
def quality(code: str) -> str:
    """Show how complete the records of a member are and have been, beside those of all."""
    database = current_site().database
    library = libraries.get(database, code)
    found = reading.of_library(database, library.code)
    return render_template(
        "staff/members/quality.html",
        library=library,
        found=found,
        chart=chart(found),
        days=found.days[: -SHOWN - 1 : -1],
        fields=FIELDS,
    )
