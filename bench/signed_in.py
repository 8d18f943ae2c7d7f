"""Somebody who has signed in, of the staff or of a library, to ask for pages without a network."""

from __future__ import annotations

import time
from contextlib import suppress
from http import HTTPStatus

from flask.testing import FlaskClient
from lxml import html

from catalogue import users
from catalogue.database import Database
from catalogue.errors import NameTaken
from catalogue.users import Role
from hub.instance import Hub
from hub.webapp import web_app

_PASSWORD = "mot mat khau dai"  # noqa: S105 - opens a hub that is thrown away
_NAME = "lan"
_OF_LIBRARY = "thu-vien"


def signed_in(database: Database, url: str, folder: str, library: str = "") -> FlaskClient:
    """Return the client of an administrator, or of a library's person, made if need be.

    ``folder`` is the instance's.
    """
    name = _OF_LIBRARY if library else _NAME
    with suppress(NameTaken):
        role = Role.MEMBER if library else Role.ADMIN
        users.add(database, name, _PASSWORD, role, library=library)
    settings = {"LIENTHONG_INSTANCE": folder, "LIENTHONG_DATABASE_URL": url}
    client = web_app(Hub(settings, str), database, "http://127.0.0.1").test_client()
    door = "/member/login" if library else "/staff/login"
    form = html.document_fromstring(client.get(door).get_data()).forms[-1]
    told = dict(form.form_values()) | {"name": name, "password": _PASSWORD}
    answer = client.post(door, data=told)
    assert answer.status_code == HTTPStatus.FOUND
    return client


def asked(client: FlaskClient, address: str) -> float:
    """Ask for a page, and return how many milliseconds its last byte took."""
    began = time.perf_counter()
    answer = client.get(address, buffered=True)
    answer.get_data()
    assert answer.status_code == HTTPStatus.OK, address
    return (time.perf_counter() - began) * 1000
