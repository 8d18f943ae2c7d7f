"""``/staff/next`` lists what comes next, and pauses all harvests for a time."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue import clockwork
from catalogue.clockwork import Maintenance
from catalogue.errors import WindowReversed
from catalogue.users import Role
from scheduler.errors import BadMoment
from scheduler.moments import moment
from scheduler.upcoming import outlook
from web import coming
from web.language import mark, message
from web.schedules import in_words
from web.site import current_site
from web.speech import words
from web.staff import access
from web.staff.room import current_room

blueprint = Blueprint("clock", __name__, url_prefix="/staff", template_folder="../templates")

_SHOWN = 100
_LONGEST = 200
_PAUSED = mark("All harvests are paused; one under way ends after its page.")
_PLANNED = mark("The pause of all harvests is planned.")
_GOES_ON = mark("Harvests go on.")


@blueprint.get("/next")
def upcoming() -> str:
    """Show what comes next, the first hundred or all of it."""
    return _page()


@blueprint.post("/next/pause")
@access.needs(Role.OPERATOR)
def pause() -> Response | tuple[str, int]:
    """Pause all harvests, from now or later on, or say why that cannot be."""
    now = datetime.now(UTC)
    try:
        window = _window(now)
        clockwork.pause(current_site().database, window)
    except (BadMoment, WindowReversed) as error:
        return _page(message(error, words())), HTTPStatus.BAD_REQUEST
    flash(words()(_PAUSED if window.holds(now.timestamp()) else _PLANNED))
    return redirect(url_for("clock.upcoming"))


@blueprint.post("/next/go-on")
@access.needs(Role.OPERATOR)
def go_on() -> Response:
    """Let harvests go on."""
    clockwork.go_on(current_site().database)
    flash(words()(_GOES_ON))
    return redirect(url_for("clock.upcoming"))


def _window(now: datetime) -> Maintenance:
    zone = current_room().line.zone
    start, until = (request.form.get(name, "").strip() for name in ("from", "until"))
    begins = moment(start, zone, now) if start else now
    ends = moment(until, zone, begins) if until else None
    return Maintenance(
        begins=int(begins.timestamp()),
        ends=int(ends.timestamp()) if ends else None,
        why=" ".join(request.form.get("why", "").split())[:_LONGEST],
    )


def _page(refused: str = "") -> str:
    translate = words()
    timetable = current_room().line.timetable
    found = outlook(current_site().database, timetable, datetime.now(UTC))
    whole = "all" in request.args
    return render_template(
        "staff/clock/next.html",
        found=found,
        rows=found.next if whole else found.next[:_SHOWN],
        left=0 if whole else max(0, len(found.next) - _SHOWN),
        zone=timetable.zone,
        refused=refused,
        clock_word=coming.clock_word(found, translate),
        what=lambda each: coming.what(each, translate),
        remark=lambda each: coming.remark(each, translate),
        schedule_words=lambda text: in_words(text, translate),
    )
