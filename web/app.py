"""The whole web application: every address the hub answers, from one place."""

from __future__ import annotations

from flask import Flask

from catalogue.database import Database
from catalogue.model import HubIdentity
from web import failures, oai, public, security, site, speech, sru, staff
from web.counting import Doors, Meter, Tally
from web.staff.room import StaffRoom


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
    for part in (security, speech, failures):
        part.install(app)
    app.register_blueprint(public.blueprint)
    app.register_blueprint(oai.blueprint)
    app.register_blueprint(sru.blueprint)
    app.add_url_rule("/healthz", view_func=healthz)
    if room is not None:
        staff.install(app, room)
    return app


def healthz() -> tuple[str, dict[str, str]]:
    """Say that the process answers requests; the database is not asked."""
    return "ok\n", {"Content-Type": "text/plain; charset=utf-8"}
