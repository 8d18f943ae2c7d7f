"""Dumps on the staff pages: listed with size and count, asked for, and told of when they fail."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from flask.testing import FlaskClient

from catalogue import users
from catalogue.database import Database
from catalogue.model import HubIdentity
from catalogue.users import Role
from hub.dumping import Dumping
from provider.dumps.model import Dumps
from scheduler.dumper import Asked
from scheduler.dumps import make_next, under_way
from scheduler.timetable import Timetable
from support.dumped import Taker
from support.filled import add_library, book, deliver, settle
from support.staff import PASSWORD, document, line, post, room, sign_in, text, with_known_templates
from web.app import create_app
from web.counting import Doors

PAGE = "/staff/dumps"


@pytest.fixture
def union(database: Database) -> Database:
    add_library(database, "A", "Thư viện A")
    deliver(database, "A", {str(number): book(f"Sách {number}") for number in range(4)})
    settle(database)
    return database


def entered(
    database: Database, folder: Path, role: Role = Role.OPERATOR, dump: str = ""
) -> FlaskClient:
    """Return the client of somebody at a hub that keeps its dumps in a folder."""
    users.add(database, role.value, PASSWORD, role)
    dumping = Dumping(dumps_at(database, folder), ("public marcxml",))
    here = replace(
        line(database), dumper=dumping, timetable=Timetable(chores={"dump": dump} if dump else {})
    )
    app = create_app(
        database,
        HubIdentity(),
        b"k" * 32,
        doors=Doors(dumps=folder),
        room=room(database, line=here),
    )
    client: FlaskClient = with_known_templates(app).test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert sign_in(client, role.value).status_code == 302
    return client


def dumps_at(database: Database, folder: Path) -> Dumps:
    return Taker(database, folder).dumps


def test_the_dumps_there_are_are_listed_with_size_and_count(
    union: Database, tmp_path: Path
) -> None:
    taker = Taker(union, tmp_path)
    taker.make()
    deliver(union, "A", {"0": None})
    settle(union)
    taker.make()
    page = document(entered(union, tmp_path, Role.VIEWER).get(PAGE))
    rows = [
        [" ".join(cell.text_content().split()) for cell in row] for row in page.xpath("//tbody/tr")
    ]

    assert [row[2:5] for row in rows] == [["0", "1", "2"], ["4", "0", "2"]]
    assert rows[0][1].startswith("changes")
    assert page.xpath("//form[@action='/staff/dumps/make']") == []


def test_a_dump_is_asked_for_and_listed_once_a_worker_has_made_it(
    union: Database, tmp_path: Path
) -> None:
    client = entered(union, tmp_path)
    assert "There is no dump yet" in text(client.get(PAGE))
    answers = [post(client, f"{PAGE}/make", view="public", format="iso2709") for _ in range(2)]

    assert [each.status_code for each in answers] == [302, 302]
    waiting = text(client.get(PAGE))
    assert "A worker is making, or will make: public iso2709" in waiting
    assert "The dump public iso2709 is being made already." in waiting
    here = replace(line(union), dumper=Dumping(dumps_at(union, tmp_path), ()))
    assert make_next(here, Event(), Event())
    heading = document(client.get(PAGE)).xpath("string(//main/h2)")
    assert heading.endswith("all records · ISO 2709")
    assert client.get(f"{PAGE}/wait").headers["HX-Refresh"] == "true"


def test_what_cannot_be_made_is_refused_at_once_and_what_was_typed_stays(
    union: Database, tmp_path: Path
) -> None:
    client = entered(union, tmp_path)
    asked = {"view": "public", "format": "jsonl", "set": "library:NONE", "kind": "full"}
    refused = post(client, f"{PAGE}/make", **asked)
    page = document(refused)

    assert refused.status_code == 400
    assert "has no set library:NONE" in page.xpath("string(//*[@id='refused'])")
    assert page.xpath("string(//input[@name='set']/@value)") == "library:NONE"
    assert page.xpath("string(//select[@name='format']/option[@selected]/@value)") == "jsonl"
    for wrong in ({"kind": "delta", "set": ""}, {"format": "pdf"}, {"view": "nowhere", "set": ""}):
        assert post(client, f"{PAGE}/make", **(asked | wrong)).status_code == 400
    assert under_way(union) == []


def test_why_the_last_one_failed_and_what_the_clock_makes_is_told(
    union: Database, tmp_path: Path
) -> None:
    place = tmp_path / "dumps"
    client = entered(union, place, dump="daily 01:15")
    assert "The clock makes these: public marcxml" in text(client.get(PAGE))
    place.write_text("no folder")
    post(client, f"{PAGE}/make", view="public", format="marcxml")
    here = replace(line(union), dumper=Dumping(dumps_at(union, place), ()))
    make_next(here, Event(), Event())

    shown = text(client.get(PAGE))
    assert "The last dump could not be made." in shown
    assert "public marcxml: The dump of public marcxml cannot be written" in shown


def test_one_that_broke_off_is_told_of(union: Database, tmp_path: Path) -> None:
    taker = Taker(union, tmp_path)
    taker.make()
    settle(union)
    resting = Event()
    resting.set()
    Dumping(replace(taker.dumps), ()).make(
        Asked(series=taker.series.name, full=True), Event(), resting
    )

    assert "A dump of it broke off" in text(entered(union, tmp_path).get(PAGE))
