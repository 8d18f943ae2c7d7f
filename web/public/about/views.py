"""``/about``: what the union catalogue is, who takes part, and how much there is.

All figures were counted in the background; the page asks four questions, however much there is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from flask import Blueprint, render_template, request

from catalogue import libraries, public_figures
from web import days
from web.public.about import growth
from web.public.about.members import Group, Members, read
from web.reports.charts import Amount, chart
from web.site import current_site
from web.speech import language, words

blueprint = Blueprint("about", __name__, template_folder="../templates")


@blueprint.get("/about")
def show() -> str:
    """Show all of it, and a page of the libraries."""
    site, spoken = current_site(), language()
    counted = public_figures.days(site.database, growth.DAYS)
    sizes = public_figures.sizes(site.database)
    members = Members(libraries.all(site.database), sizes, spoken)
    asked = read(request.args)
    return render_template(
        "public/about.html",
        hall=site.doors.hall,
        about=site.doors.hall.about.get(spoken, ""),
        now=counted[-1] if counted else None,
        counted=_day(counted[-1].at) if counted else "",
        figures=growth.FIGURES,
        meanings=growth.MEANINGS,
        charts=growth.charts(counted, words()),
        span=(counted[0].day, counted[-1].day) if counted else (),
        months=growth.months(counted),
        regions=members.regions,
        by_region=chart(_amounts(members.regions)),
        kinds=members.kinds,
        asked=asked,
        listed=members.page(asked),
        day=lambda told: days.day(told, spoken),
    )


def _amounts(groups: Iterable[Group]) -> Iterable[Amount]:
    return (Amount(each.name, each.publications, 0) for each in groups if each.slug)


def _day(seconds: int) -> str:
    """Return the day of a moment where the hub is, ISO 8601."""
    line = current_site().doors.hall.line
    zone = line.zone if line else UTC
    return datetime.fromtimestamp(seconds, zone).date().isoformat()
