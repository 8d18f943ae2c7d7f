"""A member library looks at what the union would make of its records, and says what it thinks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from catalogue import source_records, sources, users
from catalogue.database import Database
from catalogue.joining import checks
from catalogue.joining import store as applications
from catalogue.joining.model import Application, State
from catalogue.joining.model import By as Joining
from catalogue.membership.standing import By
from catalogue.observed import Stage
from catalogue.previews import store
from catalogue.users import Role
from scheduler import previewing
from support.deliveries import Counter, book, books
from support.staff import PASSWORD, boxes, document, hub, sign_in, sign_in_at, text
from web.member import preview

Hub = tuple[Counter, FlaskClient, FlaskClient]
NEW, STAGE = "/member/preview/new", "/staff/sources/new/stage"
MOST = 20
"""Questions that a page may ask."""


@pytest.fixture
def made(database: Database, tmp_path: Path) -> Iterator[Hub]:
    """Give a hub with a source that is tried out, its library's person and one of the staff."""
    with ExitStack() as ending:
        counter = Counter(database, tmp_path, ending)
        counter.add("old", library="L1")
        counter.deliver(books(range(3)), source="old")
        counter.add("new", library="L2")
        store.set_stage(database, "new", Stage.TEST, By(person="lan"), "live.0")
        counter.deliver(books(range(1, 8)) + book("x")[:60] + b"\x1d", source="new")
        users.add(database, "thu-vien", PASSWORD, Role.MEMBER, library="L2")
        users.add(database, "khac", PASSWORD, Role.MEMBER, library="L1")
        users.add(database, "lan", PASSWORD, Role.OPERATOR)
        member, staff = (hub(database, line=counter.line) for _ in "12")
        sign_in_at(member, "member", "thu-vien")
        sign_in(staff, "lan")
        yield counter, member, staff


def work(counter: Counter) -> None:
    store.ask(counter.database, "new")
    assert previewing.work_out_next(counter.line, Event())


def test_a_library_looks_and_agrees_and_staff_publish(made: Hub):
    counter, member, staff = made
    assert NEW in document(member.get("/member/preview")).xpath("//a/@href")
    asked = member.post(NEW, data=boxes(document(member.get(NEW))))
    assert "being made" in text(member.get(asked.location))
    assert "HX-Refresh" not in member.get(f"{NEW}/wait").headers
    work(counter)
    assert member.get(f"{NEW}/wait").headers["HX-Refresh"] == "true"
    page = document(member.get(NEW))
    told = {each.get("data-count"): each.text for each in page.xpath("//dd[@data-count]")}
    assert (told["mapped"], told["joins"], told["new"]) == ("7", "2", "5")
    assert told["quarantined"] == "1"

    form = boxes(page)
    for said in ("Noted, with your name", "noted already"):
        sent = member.post(f"{NEW}/sign", data=form | {"agree": "1"})
        assert said in text(member.get(sent.location))
    assert "agreed, thu-vien" in text(staff.get("/staff/sources/new"))
    said = text(staff.get(STAGE))
    assert "thu-vien" in said
    assert "The library has agreed" in said
    form = boxes(document(staff.get(STAGE)), 1)
    assert "is published" in text(staff.get(staff.post(STAGE, data=form).location))
    assert "was so already" in text(staff.get(staff.post(STAGE, data=form).location))
    assert sources.get(counter.database, "new").stage is Stage.LIVE
    assert "This source is published" in text(member.get(NEW))


def test_what_is_stale_is_refused_and_what_was_typed_stays(made: Hub):
    counter, member, staff = made
    work(counter)
    form = boxes(document(member.get(NEW)))
    counter.deliver(books([40]), source="new")
    sent = member.post(f"{NEW}/sign", data=form | {"mend": "1", "note": "thiếu nhan đề"})
    assert sent.status_code == 409
    assert "have changed since this preview was made" in text(sent)

    work(counter)
    form = boxes(document(member.get(NEW)))
    assert member.post(f"{NEW}/sign", data=form | {"mend": "1"}).status_code == 400
    sent = member.post(f"{NEW}/sign", data=form | {"mend": "1", "note": "thiếu nhan đề"})
    assert "thiếu nhan đề" in text(member.get(sent.location))
    page = staff.get(STAGE)
    assert "thiếu nhan đề" in text(page)
    assert document(page).xpath("//input[@name='reason'][@required]")
    form = boxes(document(page), 1)
    refused = staff.post(STAGE, data=form)
    asked = staff.post(f"{STAGE}/preview", data={"csrf_token": form["csrf_token"]})
    assert refused.status_code == 400
    assert "has not agreed" in text(refused)
    assert asked.location == STAGE
    _joining(counter, member, staff)


def _joining(counter: Counter, member: FlaskClient, staff: FlaskClient) -> None:
    """See that the word of a library that joins is also its application's."""
    database, by = counter.database, Joining("an")
    applications.add(database, Application(code="L2", name="Mới"), "an")
    applications.move(database, "L2", State.SURVEY, by)
    checks.stream(database, "L2", sources.get(database, "new"), by)
    number = checks.begin(database, "L2", by)
    work(counter)
    waits = document(member.get(NEW))
    assert waits.xpath("//button[@name='agree']") == []
    checks.finish(database, number, "pass", {"findings": [], "facts": {}})
    sent = member.post(f"{NEW}/sign", data=boxes(document(member.get(NEW))) | {"agree": "1"})

    assert sent.location == NEW
    assert applications.get(database, "L2").state is State.AGREED
    assert document(staff.get(STAGE)).xpath("//a[@href='/staff/joining/L2']")


def test_records_stand_side_by_side_for_their_own_library_alone(
    made: Hub, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(preview, "PER_PAGE", 5)
    counter, member, staff = made
    lines = source_records.listing(counter.database, "new", limit=100)
    first = document(member.get(f"{NEW}/records"))
    links = first.xpath("//tbody//a/@href")
    more = first.xpath("string(//a[@rel='next']/@href)")
    known = next(each for each in lines if each.identifier == "b0001")
    lacking = next(each for each in lines if each.identifier == "b0005")

    assert len(links) == 5
    assert len(document(member.get(more)).xpath("//tbody//a")) == len(lines) - 5
    joins = member.get(f"{NEW}/records/{known.key}")
    assert len(document(joins).xpath("//pre")) == 3
    assert "would be one with a record of the union" in text(joins)
    assert "new to the union" in text(member.get(f"{NEW}/records/{lacking.key}"))
    other = hub(counter.database, line=counter.line)
    sign_in_at(other, "member", "khac")
    token = boxes(document(other.get("/member/account")), 0)["csrf_token"]
    assert NEW not in document(other.get("/member/preview")).xpath("//a/@href")
    for place in ("", "/wait", "/records", f"/records/{known.key}"):
        assert other.get(f"{NEW}{place}").status_code == 404
    for place in ("", "/sign"):
        sent = other.post(f"{NEW}{place}", data={"csrf_token": token, "mend": "1", "note": "x"})
        assert sent.status_code == 404
    assert other.get(f"/member/preview/old/records/{known.key}").status_code == 404
    _ask_as_often(counter, member, staff)


def _ask_as_often(counter: Counter, member: FlaskClient, staff: FlaskClient) -> None:
    """See that pages ask as often for many records as for few."""
    asked: list[str] = []
    event.listen(
        counter.database.read, "before_cursor_execute", lambda *told: asked.append(told[2])
    )
    counts = []
    for _ in range(2):
        work(counter)
        for client, address in ((member, NEW), (member, f"{NEW}/records"), (staff, STAGE)):
            asked.clear()
            assert client.get(address).status_code == 200
            counts.append(len(asked))
        counter.deliver(books(range(50, 60)), source="new")

    assert counts[:3] == counts[3:]
    assert max(counts) <= MOST
