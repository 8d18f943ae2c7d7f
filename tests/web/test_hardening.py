"""What every answer carries, and what is refused: too much, too large, too often."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from catalogue.database import Database
from catalogue.model import HubIdentity
from support.staff import hub, text
from web.app import create_app
from web.counting import Doors
from web.security import LARGEST_BODY

WANTED = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
PLACES = [
    "/",
    "/nowhere",
    "/staff/login",
    "/staff/sources",
    "/member/login",
    "/staff/setup/guessed",
    "/oai?verb=Identify",
    "/oai?verb=Nothing",
    "/sru",
    "/api/v1/records?q=",
    "/healthz",
    "/static/style.css",
]


@pytest.fixture(scope="module")
def secure(filled: Database) -> FlaskClient:
    return hub(filled, base_url="https://hub.example.vn")


@pytest.mark.parametrize("place", PLACES)
def test_every_answer_carries_the_headers_that_keep_it_to_itself(secure: FlaskClient, place: str):
    with secure.get(place) as answer:
        headers = dict(answer.headers)

    assert {name: headers.get(name) for name in WANTED} == WANTED
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("place", ["/", "/staff/login", "/oai?verb=Identify"])
def test_a_hub_without_https_does_not_demand_it(filled: Database, place: str):
    answer = hub(filled, base_url="http://127.0.0.1:8080").get(place)

    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize("place", ["/staff/login", "/member/login", "/staff/forgotten"])
def test_a_form_that_is_too_large_is_not_read(secure: FlaskClient, place: str):
    answer = secure.post(place, data={"name": "x" * (LARGEST_BODY + 1)})

    assert answer.status_code == 413


def test_who_searches_too_often_is_told_to_wait_and_others_are_not(filled: Database):
    app = create_app(filled, HubIdentity(), b"k" * 32, doors=Doors(searches=3))
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    answers = [client.get("/?q=sach") for _ in range(4)]
    other = client.get("/?q=sach", environ_base={"REMOTE_ADDR": "192.0.2.9"})
    empty = client.get("/")

    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert 0 < int(answers[3].headers["Retry-After"]) <= 60
    assert "Please try again in" in text(answers[3])
    assert (other.status_code, empty.status_code) == (200, 200)
