"""``/staff/consumers``: who takes the catalogue with a key, what it may, and what it took.

A key opens more than the public sees, so giving and changing one is for administrators, as it is
with those who may sign in. A key is shown once, on the answer itself: it has no place in a cookie.
"""

from __future__ import annotations

import time
from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue import libraries
from catalogue.consumers import store, usage
from catalogue.consumers.errors import ConsumerTaken
from catalogue.consumers.model import Consumer
from catalogue.model import Sharing
from catalogue.users import Role
from crosswalks.errors import Error
from web.language import mark, message
from web.site import current_site
from web.speech import words
from web.staff import access
from web.staff.consumers import form

blueprint = Blueprint(
    "consumers", __name__, url_prefix="/staff/consumers", template_folder="../templates"
)

DOORS = {
    "api": "REST",
    "oai": "OAI-PMH",
    "sru": "SRU",
    "dumps": mark("Dumps"),
    "resourcesync": "ResourceSync",
    "record": mark("Single records"),
    "feed": "Atom",
    "sitemap": mark("Sitemaps"),
}
"""What the doors at which is counted are called."""
SHOWN = 100
"""Lines of usage on a page, the latest."""
_JUST_NOW = 60
"""Seconds within which a form that comes again was pressed twice."""
_CHANGED = mark("Consumer {name} is changed; that holds from its next request on.")
_REMOVED = mark("The key of {name} is void. What it took stays in the figures.")


@blueprint.get("")
def listing() -> str:
    """Show those who have a key, with the day on which each was last here."""
    database = current_site().database
    return render_template(
        "staff/consumers/list.html",
        consumers=store.all(database),
        latest=usage.latest(database),
        views=form.VIEWS,
    )


@blueprint.get("/usage")
def taken() -> str:
    """Show what was taken, by all, those without a key too."""
    database = current_site().database
    return render_template(
        "staff/consumers/usage.html",
        days=usage.days(database, most=SHOWN),
        harvests=usage.harvests(database, most=SHOWN),
        known={each.name for each in store.all(database)},
        doors=DOORS,
        shown=SHOWN,
    )


@blueprint.get("/consumer/<name>")
def show(name: str) -> str:
    """Show a consumer: what it may, and what it took."""
    database = current_site().database
    found = store.get(database, name)
    return render_template(
        "staff/consumers/show.html",
        consumer=found,
        library=libraries.get(database, found.library).name if found.library else "",
        days=usage.days(database, name, SHOWN),
        harvests=usage.harvests(database, name, SHOWN),
        views=form.VIEWS,
        doors=DOORS,
        shown=SHOWN,
    )


@blueprint.get("/add")
@access.needs(Role.ADMIN)
def new() -> str:
    """Ask for what a consumer shall be."""
    return _form(Consumer(name=""))


@blueprint.post("/add")
@access.needs(Role.ADMIN)
def add() -> str | tuple[str, int]:
    """Give a service a key, and show it."""
    wanted = Consumer(name=request.form.get("name", "").strip())
    try:
        wanted = form.read(request.form, wanted.name)
        return _key(wanted, _added(wanted))
    except Error as error:
        return _form(wanted, refused=message(error, words())), HTTPStatus.BAD_REQUEST


@blueprint.get("/consumer/<name>/change")
@access.needs(Role.ADMIN)
def edit(name: str) -> str:
    """Show what a consumer may, to be changed."""
    found = store.get(current_site().database, name)
    return _form(found, seen=found.fingerprint)


@blueprint.post("/consumer/<name>/change")
@access.needs(Role.ADMIN)
def change(name: str) -> Response | tuple[str, int]:
    """Let a consumer see and take what the form says."""
    database, seen = current_site().database, request.form.get("seen", "") or "-"
    wanted = store.get(database, name)
    try:
        before, wanted = wanted, form.read(request.form, name)
        if before.fingerprint != wanted.fingerprint:
            store.change(database, wanted, seen)
    except Error as error:
        page = _form(wanted, refused=message(error, words()), seen=seen)
        return page, HTTPStatus.BAD_REQUEST
    flash(words()(_CHANGED).format(name=name))
    return redirect(url_for("consumers.show", name=name))


@blueprint.post("/consumer/<name>/key")
@access.needs(Role.ADMIN)
def renew(name: str) -> str | Response:
    """Give a consumer another key, if the person ticked that the one before ends."""
    database = current_site().database
    found = store.get(database, name)
    if "sure" not in request.form:
        return redirect(url_for("consumers.show", name=name))
    return _key(found, store.renew_key(database, name))


@blueprint.get("/consumer/<name>/remove")
@access.needs(Role.ADMIN)
def ask(name: str) -> str:
    """Show what taking a key back does."""
    database = current_site().database
    return render_template(
        "staff/consumers/remove.html",
        consumer=store.get(database, name),
        latest=usage.latest(database).get(name, ""),
    )


@blueprint.post("/consumer/<name>/remove")
@access.needs(Role.ADMIN)
def remove(name: str) -> Response:
    """Make a key void."""
    store.remove(current_site().database, name)
    flash(words()(_REMOVED).format(name=name))
    return redirect(url_for("consumers.listing"))


def _added(wanted: Consumer) -> str:
    """Add a consumer; one that was added just now gets another key: the one shown is not seen."""
    database = current_site().database
    try:
        return store.add(database, wanted)
    except ConsumerTaken:
        known = {each.name: each for each in store.all(database)}.get(wanted.name)
        is_same = known is not None and known.fingerprint == wanted.fingerprint
        if known is None or not is_same or time.time() - known.created > _JUST_NOW:
            raise
        return store.renew_key(database, wanted.name)


def _key(consumer: Consumer, key: str) -> str:
    return render_template(
        "staff/consumers/key.html",
        consumer=consumer,
        key=key,
        base_url=current_site().identity.base_url.rstrip("/"),
        is_wider=consumer.view is not Sharing.PUBLIC,
        views=form.VIEWS,
    )


def _form(consumer: Consumer, *, refused: str = "", seen: str = "") -> str:
    if refused:
        # What cannot be kept is shown as it was typed.
        consumer = replace(consumer, title=request.form.get("title", consumer.title))
    return render_template(
        "staff/consumers/form.html",
        consumer=consumer,
        sets=request.form.get("sets", " ".join(consumer.sets)),
        known=store.sets(current_site().database),
        per_minute=request.form.get("per_minute", consumer.per_minute or ""),
        ticked=request.form.getlist("prefixes") if refused else consumer.prefixes,
        view=request.form.get("view", consumer.view.value),
        views=form.VIEWS,
        library=request.form.get("library", consumer.library),
        libraries=libraries.all(current_site().database),
        formats=store.FORMATS,
        most=store.MOST_A_MINUTE,
        refused=refused,
        seen=seen,
    )
