"""The whole web application: every address the hub answers, from one place."""

from __future__ import annotations

from flask import Flask

from catalogue.database import Database
from catalogue.model import HubIdentity
from web import (
    api,
    dumps,
    failures,
    feed,
    manual,
    member,
    metrics,
    oai,
    public,
    records,
    resourcesync,
    security,
    site,
    sitemap,
    speech,
    sru,
    staff,
)
from web.counting import Doors, Meter, Tally
from web.door import Door, Manner
from web.joining import views as joining
from web.public import about, endpoints
from web.public import live as public_live
from web.staff.room import StaffRoom

_MANNERS = (
    *(api.MANNER, sru.MANNER, oai.MANNER),
    Manner(name="dumps", answering=dumps.answer),
    Manner(name="resourcesync", answering=resourcesync.answer, addresses=resourcesync.ADDRESSES),
    Manner(name="record", answering=records.answer, addresses=records.ADDRESSES),
    Manner(name="feed", answering=feed.answer, addresses=feed.ADDRESSES),
    Manner(name="sitemap", answering=sitemap.answer, addresses=sitemap.ADDRESSES),
)
_NAMED = {
    "api": "/api",
    "sru": "/sru",
    "oai": "/oai",
    "resourcesync": "/.well-known/resourcesync",
    "feed": "/changes.atom",
    "sitemap": "/sitemap.xml",
}
"""Addresses that pages link to."""


def create_app(
    database: Database,
    identity: HubIdentity,
    token_key: bytes,
    *,
    doors: Doors | None = None,
    room: StaffRoom | None = None,
) -> Flask:
    """Return the application of one hub.

    ``token_key`` signs resumption tokens. Without a ``room`` there are no staff pages.
    """
    app = Flask(__name__)
    here = site.Site(
        database=database,
        identity=identity,
        token_key=token_key,
        doors=doors or Doors(),
        meter=Meter(),
        tally=Tally(database),
    )
    site.install(app, here)
    security.install(app, identity.base_url)
    for part in (speech, failures):
        part.install(app)
    app.register_blueprint(public.blueprint)
    for room_of_all in (about, endpoints, public_live):
        app.register_blueprint(room_of_all.blueprint)
    manual.install(app)
    app.add_url_rule("/healthz", view_func=healthz)
    metrics.install(app, database, here.doors)
    if room is not None:
        staff.install(app, room)
        member.install(app)
        app.register_blueprint(joining.blueprint)
    for manner in _MANNERS:
        door = Door(app.wsgi_app, here, manner)
        app.wsgi_app = door  # type: ignore[method-assign, assignment]
    app.wsgi_app = metrics.measured(app.wsgi_app)  # type: ignore[method-assign, assignment]
    for name, address in _NAMED.items():
        app.add_url_rule(address, endpoint=name, build_only=True)
    return app


def healthz() -> tuple[str, dict[str, str]]:
    """Say that the process answers requests; the database is not asked."""
    return "ok\n", {"Content-Type": "text/plain; charset=utf-8"}
