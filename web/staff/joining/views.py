"""``/staff/joining`` lists applications; the page of one moves it on, checks it and agrees."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue.joining import checks, inviting, signing, store
from catalogue.joining.errors import ApplicationTaken
from catalogue.joining.model import MOVES, Application, By, Side, State
from catalogue.users import Role
from crosswalks.errors import Error
from scheduler.joining import survey, techcheck
from scheduler.joining.offered import have_stream
from scheduler.joining.survey import ADDRESS, ENCODING, PREFIX
from web.joining import report
from web.joining.words import ACTIONS, AWAITED, SIDES, STATES, VERDICTS
from web.language import mark, message
from web.numbers import whole
from web.site import current_site
from web.speech import language, words
from web.staff import access
from web.staff.room import current_room

blueprint = Blueprint("joining", __name__, url_prefix="/staff", template_folder="../templates")

_ADDED = mark("The application of {code} is noted.")
_MOVED = mark("The application of {code} has moved on.")
_ASKED = mark("{code} is being checked; look at the report in a few minutes.")
_SIGNED = mark("Agreed on behalf of the hub. The library has to agree too.")
_CONNECTED = mark("{code} is connected: a worker brings its records to all doors.")
_UNINVITED = mark("The link of {code} leads nowhere any more.")


@blueprint.get("/joining")
def listing() -> str:
    """List the applications, those that wait longest first, with what is overdue."""
    line = current_room().line
    found = store.all(current_site().database)
    today = datetime.now(UTC).astimezone(line.zone).date()
    return render_template(
        "staff/joining/list.html",
        found=[(each, line.joining.is_overdue(each, today, line.zone)) for each in found],
        states=STATES,
        awaited=AWAITED,
    )


@blueprint.get("/add-joining")
@access.needs(Role.OPERATOR)
def new() -> str:
    """Ask who wants to join."""
    return render_template("staff/joining/form.html", given={}, refused="")


@blueprint.post("/add-joining")
@access.needs(Role.OPERATOR)
def add() -> Response | tuple[str, int]:
    """Keep an application; pressed twice it is one."""
    database, code = current_site().database, request.form.get("code", "").strip()
    given: dict[str, Any] = {name: request.form.get(name, "").strip() for name in store.PERSONAL}
    wanted = Application(code=code, **given)
    try:
        store.add(database, wanted, access.me().name)
    except Error as error:
        known = (
            isinstance(error, ApplicationTaken) and store.get(database, code).name == wanted.name
        )
        if not known:
            page = render_template(
                "staff/joining/form.html", given=request.form, refused=message(error, words())
            )
            return page, HTTPStatus.BAD_REQUEST
    flash(words()(_ADDED).format(code=code))
    return redirect(url_for("joining.show", code=code))


@blueprint.get("/joining/<code>")
def show(code: str) -> str:
    """Show an application: answers, history, newest check, and what may be done."""
    return _page(code)


@blueprint.post("/joining/<code>/move")
@access.needs(Role.OPERATOR)
def move(code: str) -> Response | tuple[str, int]:
    """Move an application on, back or to its end."""
    wanted = request.form.get("state", "")
    by = _by()
    try:
        store.move(current_site().database, code, State(wanted), by)
    except (Error, ValueError) as error:
        return _refused(code, error)
    flash(words()(_MOVED).format(code=code))
    return redirect(url_for("joining.show", code=code))


@blueprint.post("/joining/<code>/check")
@access.needs(Role.OPERATOR)
def check(code: str) -> Response | tuple[str, int]:
    """Have a worker check what the library offers, by the survey or by what was typed."""
    database, by = current_site().database, _by()
    try:
        said = {name: request.form.get(name, "").strip() for name in (ADDRESS, PREFIX, ENCODING)}
        seen = By(by.author, seen=by.seen)
        have_stream(database, code, said, seen, current_room().check)
        techcheck.ask_for(database, code, By(by.author, by.note))
    except Error as error:
        return _refused(code, error)
    flash(words()(_ASKED).format(code=code))
    return redirect(url_for("joining.show", code=code))


@blueprint.post("/joining/<code>/invite")
@access.needs(Role.OPERATOR)
def invite(code: str) -> str | Response | tuple[str, int]:
    """Make the link for the library and show it this once; or have it lead nowhere."""
    database, who = current_site().database, access.me().name
    try:
        if "end" in request.form:
            inviting.uninvite(database, code, who)
            flash(words()(_UNINVITED).format(code=code))
            return redirect(url_for("joining.show", code=code))
        token = inviting.invite(database, code, who)
    except Error as error:
        return _refused(code, error)
    # Not kept for a next page: a link that opens something has no place in a cookie.
    base = current_site().identity.base_url.rstrip("/")
    return _page(code, link=f"{base}/joining/{token}")


@blueprint.post("/joining/<code>/sign")
@access.needs(Role.OPERATOR)
def sign(code: str) -> Response | tuple[str, int]:
    """Agree on behalf of the hub to what the newest check found."""
    known = whole(request.form.get("check", "")) or 0
    try:
        connected = signing.sign(current_site().database, code, Side.HUB, known, _by())
    except Error as error:
        return _refused(code, error)
    said = words()(_CONNECTED if connected else _SIGNED)
    flash(said.format(code=code))
    return redirect(url_for("joining.show", code=code))


def _by() -> By:
    seen = whole(request.form.get("seen", ""))
    return By(access.me().name, request.form.get("note", "").strip(), seen)


def _refused(code: str, error: Exception) -> tuple[str, int]:
    said = message(error, words()) if isinstance(error, Error) else str(error)
    return _page(code, refused=said), HTTPStatus.BAD_REQUEST


def _page(code: str, *, refused: str = "", link: str = "") -> str:
    database, say = current_site().database, words()
    found = store.get(database, code)
    done = checks.all(database, code)
    newest = done[0] if done else None
    return render_template(
        "staff/joining/show.html",
        found=found,
        events=store.events(database, code),
        asked=survey.questions(current_room().line.joining.survey),
        spoken=language(),
        newest=newest,
        findings=list(report.findings(newest.report, say)) if newest else [],
        facts=report.facts(newest.report, say) if newest else [],
        signs=signing.signs(database, code),
        moves=MOVES[found.state],
        refused=refused,
        link=link,
        words={"states": STATES, "awaited": AWAITED, "actions": ACTIONS, "sides": SIDES},
        verdicts=VERDICTS,
    )
