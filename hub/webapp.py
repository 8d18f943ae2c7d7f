"""The web application of this hub, with what it must know handed in."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from catalogue import crosswalks
from catalogue.database import Database
from catalogue.tickets.rules import Rules
from catalogue.users import Role
from hub import secret
from hub.alerting import mail_settings, teller_of
from hub.harvesting import line_of
from hub.installed import installed
from hub.instance import Hub
from hub.single_sign_on import single_sign_on
from hub.sourcecheck import check, check_named
from scheduler.model import Line
from web.app import create_app
from web.counting import Disks, Doors
from web.hall import Hall
from web.liverules import LiveRules
from web.staff.room import Accounts, StaffRoom

_PART = 3
"""Live searches of the public keep one part in so many of the threads, and no more."""


def web_app(
    hub: Hub, db: Database, served_at: str, z3950: str = "", timings: Path | None = None
) -> Flask:
    """Return the web application; it names itself ``served_at`` unless a base URL is set.

    ``z3950`` is where Z39.50 is served beside it, as ``host:port``; empty: nowhere. ``timings`` is
    where all processes keep what they measure.
    """
    key = secret.key(hub.settings.folder)
    served = hub.settings.serve
    line = line_of(hub, db)
    room = StaffRoom(
        line=line,
        session_key=secret.for_purpose(key, "sessions"),
        check=lambda source: check_named(
            check(source, crosswalks.shelf(db).names()), hub.settings.files.folders, db
        ),
        teller=teller_of(hub, db),
        baskets=hub.settings.baskets,
        accounts=_accounts(hub),
        single_sign_on=single_sign_on(hub),
        installed=installed(hub),
        z3950=z3950,
    )
    tokens = secret.for_purpose(key, "oai-pmh tokens")
    app = create_app(
        db,
        hub.identity(served_at),
        tokens,
        doors=Doors(
            per_minute=served.requests_per_minute,
            searches=served.searches_per_minute,
            dumps=hub.settings.dumps_folder,
            reports=Rules(
                per_minute=hub.settings.tickets.reports_per_minute,
                address_days=hub.settings.tickets.address_days,
                mails=mail_settings(hub) is not None,
            ),
            hall=_hall(hub, line, z3950),
            metrics=served.metrics,
            proxies=served.proxies,
            timings=timings,
            disks=_disks(hub),
        ),
        room=room,
    )
    if served.proxies:
        # Only so many of the addresses in the header are those of our own proxies (RFC 7239 s8.1).
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=served.proxies, x_proto=served.proxies
        )
    return app


def _hall(hub: Hub, line: Line, z3950: str) -> Hall:
    public, live = hub.settings.public, hub.settings.live
    most = max(1, hub.settings.serve.threads // _PART)
    return Hall(
        operator=public.operator,
        about={"vi": public.about_vi, "en": public.about_en},
        z3950=z3950,
        line=line,
        live=LiveRules(
            per_minute=live.per_minute,
            at_once=min(live.at_once, most),
            per_server=live.per_server,
            seconds=live.seconds,
        ),
    )


def _disks(hub: Hub) -> Disks:
    settings = hub.settings
    folders = {
        "instance": settings.folder.resolve(),
        "raw": settings.raw_folder.resolve(),
        "dumps": settings.dumps_folder,
        "backup": settings.backup_folder,
    }
    return Disks(folders=folders, backups=settings.backup_folder)


def _accounts(hub: Hub) -> Accounts:
    wanted = hub.settings.accounts
    return Accounts(
        idle=hub.settings.serve.idle_minutes * 60,
        session=wanted.session_hours * 3600,
        factor_for=frozenset(map(Role, wanted.second_factor)),
        reset=wanted.reset_minutes * 60,
        invitation=wanted.invitation_days * 24 * 3600,
    )
