"""``/staff/sources`` lists the sources, ``/staff/sources/<name>`` shows one and what to do with it.

What goes out to a member's server is asked for by a posted form and answered as it comes, line by
line, so that it works without a script and nothing has to be remembered between requests.
"""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue import (
    credentials,
    crosswalks,
    libraries,
    queue,
    source_seen,
    sources,
    stopping,
    watch,
)
from catalogue.errors import NoSuchSource, WrongUse
from catalogue.model import Source
from catalogue.observed import Stage
from catalogue.previews import store as previews
from catalogue.store.run import KIND, job_key
from catalogue.users import Role
from crosswalks.errors import Error
from crosswalks.text import fold
from scheduler import encodings
from scheduler.health import Health
from web import previewed
from web.language import mark, message
from web.schedules import in_words
from web.site import current_site
from web.speech import words
from web.staff import access
from web.staff.room import current_room
from web.staff.runs import display as of_run
from web.staff.sources import boxes, display, form

blueprint = Blueprint("sources", __name__, url_prefix="/staff", template_folder="../templates")

PER_PAGE = 100
_PACE, _SLOWEST = 3, 60
"""Seconds after which a busy line of the list asks again: slower the more of them ask."""
_AT_PACE = 10
"""Lines that ask as fast as that; with more, all together ask no oftener."""
_QUEUED = mark("The harvest of {name} is queued; a worker takes it up.")
_WAITS = mark("A harvest of {name} is waiting already; it was not queued twice.")
_STOPPING = mark("The harvest of {name} ends after the page under way; what has come is kept.")
_STOPPED = mark("No harvest of {name} is under way any more.")
_PAUSED = mark("{name} is paused: it is left alone until somebody resumes it.")
_RESUMED = mark("{name} is harvested by its schedule again.")
_SAVED = mark("The settings of {name} are saved.")
_SENT = mark("only an administrator says which credentials are sent to which server")


@blueprint.get("/sources")
def listing() -> str:
    """Show all sources, or those that fare in one way."""
    found = _searched(watch.all_sources(current_site().database), request.args.get("q", ""))
    fares = display.healths(found)
    wanted = request.args.get("health", "")
    if wanted in list(Health):
        found = [each for each, health in zip(found, fares, strict=True) if health == wanted]
    pages = max(-(-len(found) // PER_PAGE), 1)
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    busy = sum(each.is_busy for each in shown)
    return render_template(
        "staff/sources/list.html",
        rows=[display.row(each) for each in shown],
        counts=display.count(fares),
        asked={"q": request.args.get("q", ""), "health": wanted},
        page=page,
        pages=pages,
        pace=min(_PACE + busy // _AT_PACE, _SLOWEST),
    )


def _searched(those: list[watch.Watched], asked: str) -> list[watch.Watched]:
    """Return the sources whose name, library or address holds what was typed, marks or not."""
    text = fold(asked)
    return (
        [
            each
            for each in those
            if text in fold(f"{each.source.name} {each.library} {each.source.url}")
        ]
        if text
        else those
    )


@blueprint.get("/sources/<name>/row")
@access.asked_by_a_page
def row(name: str) -> str:
    """Return one line of the list anew."""
    return _row(name)


@blueprint.get("/sources/<name>")
def show(name: str) -> str:
    """Show how one source fares, what can be done now, and what its last harvest did."""
    translate = words()
    database = current_site().database
    row = display.row(watch.source(database, name))
    last = row.watched.last
    is_test = row.source.stage is Stage.TEST
    return render_template(
        "staff/sources/show.html",
        row=row,
        said=previews.last_said(database, name) if is_test else None,
        verdicts=previewed.VERDICTS,
        last=of_run.shown(last, translate) if last else None,
        schedule_words=lambda text: in_words(text, translate),
    )


@blueprint.get("/sources/<name>/status")
@access.asked_by_a_page
def status(name: str) -> Response:
    """Return how a busy source fares; once it rests, have the page shown anew."""
    watched = watch.source(current_site().database, name)
    answer = Response(render_template("staff/sources/status.html", row=display.row(watched)))
    if not watched.is_busy:
        answer.headers["HX-Refresh"] = "true"
    return answer


@blueprint.post("/sources/<name>/run")
@access.needs(Role.OPERATOR)
def run(name: str) -> str | Response:
    """Queue a harvest, once however often it is asked for."""
    database = current_site().database
    source = sources.get(database, name)
    if source.paused:
        return _done(name, _PAUSED)
    queued = queue.ask(database, KIND, job_key(source.name))
    return _done(name, _QUEUED if queued else _WAITS)


@blueprint.post("/sources/<name>/stop")
@access.needs(Role.OPERATOR)
def stop(name: str) -> str | Response:
    """End a harvest after its page, and take one back that is queued."""
    found = stopping.stop(current_site().database, name)
    return _done(name, _STOPPING if found.lives else _STOPPED)


@blueprint.post("/sources/<name>/pause")
@access.needs(Role.OPERATOR)
def pause(name: str) -> str | Response:
    """Leave a source alone."""
    _pause(name, paused=True)
    return _done(name, _PAUSED)


@blueprint.post("/sources/<name>/resume")
@access.needs(Role.OPERATOR)
def resume(name: str) -> str | Response:
    """Let a source be harvested again."""
    _pause(name, paused=False)
    return _done(name, _RESUMED)


@blueprint.get("/sources/<name>/settings")
def settings(name: str) -> str:
    """Show the settings of a source, and to those who may change them in a form."""
    source = sources.get(current_site().database, name)
    return _settings(source, form.of(source, words()))


@blueprint.post("/sources/<name>/settings")
@access.needs(Role.OPERATOR)
def save(name: str) -> Response | tuple[str, int]:
    """Give a source other settings, or show what is wrong with them."""
    database, filled = current_site().database, form.read(request.form)
    before = sources.get(database, name)
    try:
        changed = current_room().check(filled.source(before))
        check_sent(changed, before)
        source_seen.change(database, changed, request.form.get("seen", ""))
    except NoSuchSource:
        raise
    except Error as error:
        return _settings(before, filled, message(error, words())), HTTPStatus.BAD_REQUEST
    flash(words()(_SAVED).format(name=name))
    return redirect(url_for("sources.settings", name=name))


def check_sent(after: Source, before: Source | None) -> None:
    """Raise WrongUse where an operator would have a password sent to another server."""
    used = after.connection.credentials
    new = before is None or used != before.connection.credentials
    moved = before is not None and _server(after.url) != _server(before.url)
    if not access.may(Role.ADMIN) and ((new and used) or (used and moved)):
        raise WrongUse(reason=_SENT)


def _server(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def _pause(name: str, *, paused: bool) -> None:
    database = current_site().database
    sources.change(database, replace(sources.get(database, name), paused=paused))


def filled_form(
    filled: form.Filled, refused: str = "", known: str = "", **offered: object
) -> dict[str, Any]:
    """Return what the template of the form needs.

    ``known`` is the name of a source that is there already, ``offered`` what its server told of.
    """
    database = current_site().database
    shelf = crosswalks.shelf(database)
    return {
        "filled": filled,
        "refused": refused,
        "known": known,
        "libraries": libraries.all(database),
        "crosswalks": shelf.into_pivot(),
        "encodings": encodings.NAMES,
        "blocks": boxes.blocks(filled.options, filled.protocol),
        "credentials": [one.name for one in credentials.all(database)],
        "schedule_words": lambda text: in_words(text, words()),
        "beats": form.BEATS,
        "days": form.DAYS,
        "offers": None,
        **offered,
    }


def _settings(source: Source, filled: form.Filled, refused: str = "") -> str:
    form_of = filled_form(filled, refused, source.name)
    [library] = [each for each in form_of["libraries"] if each.code == source.library]
    return render_template(
        "staff/sources/settings.html",
        source=source,
        library=library,
        next=display.next_of(source),
        special=display.special(source, words()),
        seen=request.form.get("seen") or source_seen.fingerprint_of(source),
        **form_of,
    )


def _row(name: str) -> str:
    watched = watch.source(current_site().database, name)
    pace = min(max(request.args.get("pace", _PACE, type=int), _PACE), _SLOWEST)
    return render_template("staff/sources/row.html", row=display.row(watched), pace=pace)


def _done(name: str, said: str) -> str | Response:
    """Answer a button: htmx by the source's line anew, a plain form by the page it was on."""
    if "HX-Request" in request.headers:
        return _row(name)
    flash(words()(said).format(name=name))
    if request.form.get("back") == "list":
        return redirect(url_for("sources.listing"))
    return redirect(url_for("sources.show", name=name))
