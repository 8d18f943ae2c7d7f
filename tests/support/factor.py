"""A second factor as a person sets it up and uses it on the staff pages."""

from __future__ import annotations

import time
from base64 import b32decode

from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from catalogue.accounts import totp
from catalogue.database import Database
from catalogue.people_tables import UserRow
from support.staff import PASSWORD, boxes, document


def secret_of(page: TestResponse) -> bytes:
    """Return the secret that the page for setting up shows."""
    return b32decode("".join(document(page).xpath("string(//ol//code)").split()))


def code_of(secret: bytes) -> str:
    """Return the code of this moment."""
    return totp.code(secret, int(time.time()) // totp.STEP)


def set_up(client: FlaskClient, old: str = PASSWORD) -> tuple[bytes, TestResponse]:
    """Set up the second factor as a person does; the page that is shown has the kept codes."""
    page = client.get("/staff/account/factor")
    secret = secret_of(page)
    data = boxes(document(page)) | {"old": old, "code": code_of(secret)}
    return secret, client.post("/staff/account/factor", data=data)


def later(database: Database) -> None:
    """Let the codes that were taken be older than those of now."""
    database.writing(lambda connection: connection.execute(update(UserRow).values(factor_step=0)))


def give_code(client: FlaskClient, code: str) -> TestResponse:
    """Send the form that asks for the code after the password."""
    form = boxes(document(client.get("/staff/code")))
    return client.post("/staff/code", data=form | {"code": code})
