"""``/staff/dumps``: the dumps there are, and having a worker make one."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue.querysets import defining
from catalogue.users import Role
from crosswalks.errors import Error
from provider.dumps.errors import NoFullDump
from provider.dumps.making import check
from provider.dumps.model import Kind, Series
from provider.dumps.shelf import dumps_of
from scheduler.dumper import Asked
from scheduler.dumps import ask_for, last_failure, under_way
from web.delivered import size
from web.dumpwords import FORMS, KINDS, all_shown
from web.language import mark, message
from web.site import current_site
from web.speech import language, words
from web.staff import access
from web.staff.consumers.form import VIEWS
from web.staff.room import current_room

blueprint = Blueprint("dumps", __name__, url_prefix="/staff/dumps", template_folder="../templates")

_ASKED = mark("A worker makes the dump {name}; it is listed here once it is complete.")
_THERE = mark("The dump {name} is being made already.")
_WHICH = {"due": None, "full": True, "delta": False}


@blueprint.get("")
def listing() -> str:
    """Show all dumps, what is being made, and what can be."""
    return _list()


@blueprint.post("/make")
@access.needs(Role.OPERATOR)
def make() -> Response | tuple[str, int]:
    """Have a worker make a dump; who presses twice has one made."""
    form = request.form
    try:
        series = Series.of(
            form.get("view", ""), form.get("format", ""), form.get("set", "").strip()
        )
        full = _WHICH.get(form.get("kind", ""))
        _check(series, full=full)
    except Error as error:
        return _list(refused=message(error, words())), HTTPStatus.BAD_REQUEST
    is_new = ask_for(current_site().database, Asked(series=series.name, full=full))
    flash(words()(_ASKED if is_new else _THERE).format(name=series.name))
    return redirect(url_for("dumps.listing"))


@blueprint.get("/wait")
@access.asked_by_a_page
def wait() -> Response:
    """Tell an open page whether dumps are being made; once all are, have it shown anew."""
    making = under_way(current_site().database)
    answer = make_response(render_template("staff/dumps/wait.html", making=making))
    if not making:
        answer.headers["HX-Refresh"] = "true"
    return answer


def _check(series: Series, *, full: bool | None) -> None:
    """Refuse at once what a worker would refuse later. Raises DumpRefused."""
    site = current_site()
    check(site.database, site.identity.base_url, series)
    found = dumps_of(site.doors.dumps, series) if site.doors.dumps else []
    if full is False and not any(each.kind is Kind.FULL for each in found):
        raise NoFullDump(name=series.name)


def _list(refused: str = "") -> str:
    site = current_site()
    return render_template(
        "staff/dumps/list.html",
        found=all_shown(site.doors.dumps),
        making=under_way(site.database),
        failed=_failure(),
        scheduled=_scheduled(),
        views=defining.views(site.database),
        view_words=VIEWS,
        forms=FORMS,
        kinds=KINDS,
        chosen=request.form,
        refused=refused,
        base=site.identity.base_url.rstrip("/"),
        size=lambda count: size(count, language()),
    )


def _scheduled() -> tuple[str, ...]:
    """Return what the clock has made, where it has any made."""
    line = current_room().line
    if line.dumper is None or not line.timetable.chores.get("dump"):
        return ()
    return tuple(line.dumper.scheduled)


def _failure() -> str:
    """Return why the last dump that a worker was asked for was not made; empty if it was."""
    found = last_failure(current_site().database)
    if found is None:
        return ""
    return f"{found['series']}: {words()(found['template']).format(**found['details'])}"
