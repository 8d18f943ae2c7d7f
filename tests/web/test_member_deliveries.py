"""A member library sends a file for one of its own sources: checked first, then counted."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from catalogue import queue, users
from catalogue.database import Database
from catalogue.intake import own, rows
from catalogue.intake.model import Kind, State
from catalogue.store.run import KIND
from catalogue.users import Role
from support.deliveries import Counter, books
from support.engines import Engine
from support.staff import PASSWORD, boxes, document, hub, sign_in_at, text
from web.member import deliveries

Desk = tuple[Counter, FlaskClient, FlaskClient]
HERE = "/member/deliveries"


@pytest.fixture(scope="module")
def desk(sqlite_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Give a hub with a source of files for each of two libraries, and a person of each."""
    with sqlite_engine.fresh() as url, ExitStack() as ending:
        database = Database.open(url)
        ending.callback(database.close)
        counter = Counter(database, tmp_path_factory.mktemp("hub"), ending)
        for name, library in (("ours", "L1"), ("theirs", "L2")):
            counter.add(name, library=library)
            users.add(database, name, PASSWORD, Role.MEMBER, library=library)
        ours, theirs = (hub(database, line=counter.line) for _ in "12")
        sign_in_at(ours, "member", "ours")
        sign_in_at(theirs, "member", "theirs")
        yield counter, ours, theirs


def send(client: FlaskClient, body: bytes, source: str = "ours", **data: Any) -> TestResponse:
    token = boxes(document(client.get(HERE)))["csrf_token"]
    file = (io.BytesIO(body), "sách.mrc")
    given = {"csrf_token": token, "source": source, "kind": "changes", "file": file}
    return client.post(HERE, data=given | data, buffered=True)


def press(client: FlaskClient, address: str) -> TestResponse:
    token = boxes(document(client.get("/member/account")), 0)["csrf_token"]
    return client.post(address, data={"csrf_token": token})


def number_of(sent: TestResponse) -> int:
    return int(sent.location.rpartition("/")[2])


def test_a_file_is_checked_read_about_sent_and_listed(desk: Desk):
    counter, ours, _ = desk
    sent = send(ours, books(range(5)))
    number = number_of(sent)
    assert "Nothing of it counts yet" in text(ours.get(sent.location))
    assert "waits to be checked" in text(ours.get(f"{sent.location}/progress"))
    counter.check(number)
    assert ours.get(f"{sent.location}/progress").headers["HX-Refresh"] == "true"
    page = document(ours.get(sent.location))
    assert page.xpath("string(//td[@data-count='added'])") == "5"

    for said in ("counts now", "counts now"):
        pressed = press(ours, f"{sent.location}/apply")
        assert said in text(ours.get(pressed.location))
    assert len(queue.due(counter.database, KIND)) == 1
    counter.harvest("ours")
    assert rows.get(counter.database, number).state is State.APPLIED
    assert "was sent before" in text(ours.get(press(ours, f"{sent.location}/apply").location))
    assert f"Delivery {number}" in text(ours.get(HERE))


def test_the_same_bytes_are_told_and_not_taken_twice(desk: Desk):
    counter, ours, _ = desk
    body = books(range(10, 13))
    first, again = send(ours, body), send(ours, body)
    assert again.location == first.location
    assert "waits already" in text(ours.get(again.location))
    counter.check(number_of(first))
    press(ours, f"{first.location}/apply")
    counter.harvest("ours")
    before = counter.files()
    refused = send(ours, body)

    assert refused.status_code == 400
    assert f"as delivery {number_of(first)}" in text(refused)
    assert counter.files() == before


def test_another_library_s_deliveries_are_nowhere(desk: Desk):
    counter, ours, theirs = desk
    number = counter.checked(books(range(20, 22)), Kind.CHANGES, "theirs").id

    assert f"Delivery {number}" not in text(ours.get(HERE))
    assert ours.get(f"{HERE}/{number}").status_code == 404
    assert ours.get(f"{HERE}/{number}/progress").status_code == 404
    for act in ("apply", "discard", "check"):
        assert press(ours, f"{HERE}/{number}/{act}").status_code == 404
    assert send(ours, books([1]), source="theirs").status_code == 404
    assert rows.get(counter.database, number).state is State.CHECKED
    assert theirs.get(f"{HERE}/{number}").status_code == 200


def test_what_speaks_against_a_file_is_for_staff_to_decide(desk: Desk):
    counter, _, theirs = desk
    counter.deliver(books(range(100, 120)), Kind.WHOLE, "theirs")
    number = counter.checked(books(range(100, 104)), Kind.WHOLE, "theirs").id
    page = theirs.get(f"{HERE}/{number}")
    refused = press(theirs, f"{HERE}/{number}/apply")

    assert document(page).xpath("//form[contains(@action, '/apply')]") == []
    assert "The staff of the union catalogue decide" in text(page)
    assert refused.status_code == 409
    assert rows.get(counter.database, number).state is State.CHECKED
    thrown = press(theirs, f"{HERE}/{number}/discard")
    assert "is thrown away" in text(theirs.get(thrown.location))


def test_a_file_that_breaks_off_or_is_none_leaves_nothing(desk: Desk):
    counter, ours, _ = desk
    before, known = counter.files(), len(rows.all(counter.database))
    empty = send(ours, b"")
    none = send(ours, b"x", file=(io.BytesIO(b""), ""))
    token = boxes(document(ours.get(HERE)))["csrf_token"]
    head = (
        f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        '--x\r\nContent-Disposition: form-data; name="source"\r\n\r\nours\r\n'
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.mrc"\r\n\r\n'
    )
    half = ours.post(
        HERE, data=head.encode() + books(range(3)), content_type="multipart/form-data; boundary=x"
    )

    assert [each.status_code for each in (empty, none, half)] == [400 + 9, 400, 400]
    assert counter.files() == before
    assert len(rows.all(counter.database)) == known


def test_only_so_many_may_wait(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    counter, ours, _ = desk
    waiting = own.waiting(counter.database, "ours")
    monkeypatch.setattr(deliveries, "MOST_WAITING", waiting + 1)
    first = send(ours, books([70]))
    refused = send(ours, books([71]))

    assert refused.status_code == 409
    assert "wait for a decision already" in text(refused)
    press(ours, f"{first.location}/discard")
    assert send(ours, books([71])).status_code == 302
    assert press(ours, f"{first.location}/check").status_code == 400


def test_the_list_is_paged_and_asks_as_often_for_many_as_for_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    counter, ours, _ = desk
    monkeypatch.setattr(deliveries, "PER_PAGE", 2)
    asked: list[str] = []
    database = counter.database
    event.listen(database.read, "before_cursor_execute", lambda *told: asked.append(told[2]))
    counts = []
    for start in (300, 303):
        for number in range(start, start + 3):
            counter.receive(books([number]), source="ours")
        asked.clear()
        page = document(ours.get(HERE))
        counts.append(len(asked))
    older = page.xpath("string(//a[@rel='next']/@href)")

    assert counts[0] == counts[1] <= 20
    assert len(page.xpath("//tbody/tr")) == 2
    assert len(document(ours.get(older)).xpath("//tbody/tr")) == 2
