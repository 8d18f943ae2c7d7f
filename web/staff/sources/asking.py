"""Harvests that differ from the usual: what each would do, in words; and copies of sources."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue import sources, watch
from catalogue.errors import NoSuchSource
from catalogue.users import Role
from crosswalks.errors import Error
from scheduler import wishing
from scheduler.wishing import Wish
from web.language import mark, message
from web.site import current_site
from web.speech import words
from web.staff import access
from web.staff.sources import display, form
from web.staff.sources.views import blueprint, filled_form
from web.staff.sources.words import CAME, CHOICES

_RESTS = mark("{name} is left alone just now, so nothing was queued. Resume it first.")


@blueprint.get("/sources/<name>/harvest")
@access.needs(Role.OPERATOR)
def wishes(name: str) -> str:
    """Show in words what each way of harvesting a source would do, and how long the last took."""
    return _page(name, {"start": "", "until": ""}, "")


@blueprint.post("/sources/<name>/harvest")
@access.needs(Role.OPERATOR)
def wish(name: str) -> Response | tuple[str, int]:
    """Queue a harvest as it is wished, once however often it is asked for."""
    database, given = current_site().database, request.form.get("wish", "")
    if given not in set(Wish):
        abort(HTTPStatus.BAD_REQUEST)
    source = sources.get(database, name)
    if source.rests or source.successor:
        flash(words()(_RESTS).format(name=name))
        return redirect(url_for("sources.show", name=name))
    dates = {each: request.form.get(each, "").strip() for each in ("start", "until")}
    try:
        came = wishing.ask(database, name, Wish(given), **dates)
    except NoSuchSource:
        raise
    except Error as error:
        return _page(name, dates, message(error, words())), HTTPStatus.BAD_REQUEST
    flash(words()(CAME[came]).format(name=name))
    return redirect(url_for("sources.show", name=name))


@blueprint.get("/sources/<name>/copy")
@access.needs(Role.OPERATOR)
def copy(name: str) -> str:
    """Show the form of a new source with the settings of another; its name is to be chosen."""
    source = sources.get(current_site().database, name)
    filled = replace(form.of(source, words()), name="", copied=name)
    return render_template("staff/sources/form.html", **filled_form(filled))


def _page(name: str, dates: dict[str, str], refused: str) -> str:
    database = current_site().database
    watched = watch.source(database, name)
    ways = wishing.possible(watched.source)
    return render_template(
        "staff/sources/wishes.html",
        source=watched.source,
        row=display.row(watched),
        wishes=[(each, CHOICES[each]) for each in ways],
        by_dates=Wish.BACKFILL in ways,
        last=wishing.last(database, name),
        dates=dates,
        refused=refused,
    )
