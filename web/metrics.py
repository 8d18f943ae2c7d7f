"""``/metrics`` for Prometheus, and ``/readyz`` for what stands in front of the hub.

Figures are for those who run the hub: who asks must be on a network that ``[serve] metrics`` names,
and not behind a proxy that nobody told the hub of.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from ipaddress import ip_address, ip_network
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, request
from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from catalogue.database import Database, current_schema, newest_schema
from catalogue.errors import CatalogueError
from provider import timing
from web.counting import Doors
from web.figures import Figures

_PLAIN = "text/plain; charset=utf-8"
_PATHS = frozenset(("oai", "sru", "api", "dumps", "staff", "member", "record", "static"))


def install(app: Flask, database: Database, doors: Doors) -> None:
    """Add both addresses."""
    kept = Figures(database, doors.disks)

    def metrics() -> Response:
        if not _may_see(doors):
            return _said("Not for you: see [serve] metrics.", HTTPStatus.FORBIDDEN)
        registry = CollectorRegistry()
        registry.register(kept)
        ProcessCollector(registry=registry)
        if doors.timings is None:
            registry.register(timing.histogram())
        else:
            MultiProcessCollector(  # type: ignore[no-untyped-call]
                registry, path=str(doors.timings)
            )
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)

    def readyz() -> Response:
        wrong = _wrong(database)
        if wrong:
            return _said(wrong, HTTPStatus.SERVICE_UNAVAILABLE)
        return _said("ready", HTTPStatus.OK)

    app.add_url_rule("/metrics", view_func=metrics)
    app.add_url_rule("/readyz", view_func=readyz)


def measured(beyond: WSGIApplication) -> WSGIApplication:
    """Return an application that counts how long each answer takes until it begins."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        with timing.timed(_protocol(environ)):
            return beyond(environ, start)

    return answer


def _said(text: str, status: HTTPStatus) -> Response:
    return Response(f"{text}\n", status, content_type=_PLAIN)


def _protocol(environ: WSGIEnvironment) -> str:
    first, _, rest = environ.get("PATH_INFO", "").lstrip("/").partition("/")
    searches = not first and "q=" in environ.get("QUERY_STRING", "")
    if searches or (first == "api" and rest == "v1/records"):
        return "search"
    return first if first in _PATHS else "pages"


def _may_see(doors: Doors) -> bool:
    if "X-Forwarded-For" in request.headers and not doors.proxies:
        return False
    address = ip_address(request.remote_addr or "::")
    return any(address in ip_network(each) for each in doors.metrics)


def _wrong(database: Database) -> str:
    """Return why requests cannot be answered; nothing where they can."""
    try:
        found = current_schema(database.primary)
        with database.reading():
            pass
    except CatalogueError as error:
        return str(error)
    wanted = newest_schema()
    return "" if found == wanted else f"The database is at schema {found}, {wanted} is needed."
