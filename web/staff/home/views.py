"""``/staff``: how the hub fares at a glance, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from flask import Blueprint, render_template

from catalogue import daily, watch
from catalogue.daily import Day
from web.reports.lines import HEIGHT, WIDTH, line, places
from web.site import current_site
from web.staff.room import current_room
from web.staff.sources import display

blueprint = Blueprint("home", __name__, url_prefix="/staff", template_folder="../templates")

DAYS = 90
_SHOWN = 14
"""Days in the table beside the chart."""


@blueprint.get("")
def show() -> str:
    """Show sources by health, today's harvests, what there is and what waits."""
    database = current_site().database
    sources = watch.all_sources(database)
    days = daily.days(database, DAYS)
    return render_template(
        "staff/home/show.html",
        counts=display.count(display.healths(sources)),
        runs=watch.begun_since(database, _midnight()),
        waiting=sum(each.waiting is not None for each in sources),
        now=days[-1] if days else None,
        days=days[-1 : -_SHOWN - 1 : -1],
        chart=_chart(days),
        size=(WIDTH, HEIGHT),
    )


def _midnight() -> int:
    """Return when today began where the hub is, epoch seconds."""
    now = datetime.now(UTC).astimezone(current_room().line.zone)
    return int(now.replace(hour=0, minute=0, second=0, microsecond=0).timestamp())


def _chart(days: Sequence[Day]) -> dict[str, object]:
    """Return a line of the records and one of the publications, by one measure."""
    if not days:
        return {}
    at = places([each.day for each in days])
    most = max(each.records for each in days)
    return {
        "records": line([each.records for each in days], at, most),
        "clusters": line([each.clusters for each in days], at, most),
    }
