"""A hub with staff pages for tests: made on a database, entered as anybody."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from lxml import html
from werkzeug.test import TestResponse

from catalogue import users
from catalogue.blobs import DatabaseRawStore
from catalogue.database import Database
from catalogue.model import HubIdentity, Source
from catalogue.raw import RawStore
from catalogue.users import Role
from harvester.model import HttpSettings
from scheduler.model import Line
from support.compiled import share_addresses
from support.harvesting import LOOPBACK
from web.app import create_app
from web.staff.room import StaffRoom

share_addresses()
PASSWORD = "mot mat khau dai"


class _Known(BytecodeCache):
    def __init__(self) -> None:
        self.templates: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.templates:
            bucket.bytecode_from_string(self.templates[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.templates[bucket.key] = bucket.bytecode_to_string()


_known = _Known()
_usual: WeakKeyDictionary[Database, Flask] = WeakKeyDictionary()


def with_known_templates(app: Flask) -> Flask:
    """Return an application that compiles no template which another one did."""
    app.jinja_env.bytecode_cache = _known
    return app


def line(
    database: Database,
    http: HttpSettings = LOOPBACK,
    store: RawStore | None = None,
    incoming: Path | None = None,
) -> Line:
    """Return what staff pages go out to members with."""
    return Line(
        db=database,
        raw_store=store or DatabaseRawStore(database),
        identity=HubIdentity(),
        http=http,
        incoming=incoming,
    )


def room(database: Database, **changes: Any) -> StaffRoom:
    """Return a room in which every source is good enough."""
    usual: dict[str, Any] = {"line": line(database), "session_key": b"s" * 32, "check": _as_it_is}
    usual["baskets"] = Path("/nowhere/baskets")
    return StaffRoom(**usual | changes)


def _as_it_is(source: Source) -> Source:
    return source


def hub(database: Database, base_url: str = HubIdentity().base_url, **changes: Any) -> FlaskClient:
    """Return a client of a hub with staff pages, not signed in; it speaks English."""
    identity = HubIdentity(base_url=base_url)
    app = create_app(database, identity, b"k" * 32, room=room(database, **changes))
    client: FlaskClient = with_known_templates(app).test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def visitor(database: Database) -> FlaskClient:
    """Return a client of the one usual hub on a database, not signed in: a second costs nothing."""
    if database not in _usual:
        _usual[database] = hub(database).application
    client: FlaskClient = _usual[database].test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def sign_in(client: FlaskClient, name: str, password: str = PASSWORD, to: str = "") -> TestResponse:
    """Send the form of the login page, filled."""
    form = document(client.get("/staff/login", query_string={"next": to} if to else {}))
    return client.post("/staff/login", data=boxes(form) | {"name": name, "password": password})


def sign_in_at(client: FlaskClient, door: str, name: str, password: str = PASSWORD) -> TestResponse:
    """Send the form of the login page of a door, ``staff`` or ``member``, filled."""
    form = document(client.get(f"/{door}/login"))
    return client.post(f"/{door}/login", data=boxes(form) | {"name": name, "password": password})


def inside(database: Database, role: Role = Role.OPERATOR, **changes: Any) -> FlaskClient:
    """Return the client of somebody with a role who has signed in."""
    users.add(database, role.value, PASSWORD, role)
    client = hub(database, **changes)
    assert sign_in(client, role.value).status_code == 302
    return client


def document(answer: TestResponse) -> html.HtmlElement:
    """Return a page as a tree."""
    return html.document_fromstring(answer.get_data())


def text(answer: TestResponse) -> str:
    """Return what a page says, in one line."""
    return " ".join(document(answer).text_content().split())


def boxes(page: html.HtmlElement, at: int = -1) -> dict[str, str]:
    """Return what the boxes of a page's form hold as it came, the last form if none is named."""
    return dict(page.forms[at].form_values())


def post(client: FlaskClient, address: str, **data: str) -> TestResponse:
    """Press a button of a page: post with the token that the session's forms carry."""
    page = document(client.get("/staff/account"))
    token = page.xpath("string(//input/@value)")
    # Buffered: read to its end and closed, as a server does with what is sent bit by bit.
    return client.post(address, data={"csrf_token": token, **data}, buffered=True)
