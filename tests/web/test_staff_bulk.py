"""Bulk corrections on screen: looked at, carried out once, taken off, refused with all kept."""

from __future__ import annotations

from threading import Event

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from catalogue.database import Database
from catalogue.overlays import bulk, making
from catalogue.overlays.bulk import Phase
from catalogue.querysets import defining
from catalogue.querysets.model import Language, QuerySet
from catalogue.users import Role
from scheduler.bulk import work_next
from support.pages import Book, add_source, books, deliver, place_all
from support.staff import document, inside, line, post, text

NEW = "/staff/corrections/bulk/new"
TYPED = {
    "language": "words",
    "query": "van hoc",
    "rules": '264 .. <- 264 $* | replace "^Văn học$" "NXB Văn học"',
    "reason": "theo bảng tên nhà xuất bản",
}


@pytest.fixture
def union(database: Database) -> Database:
    add_source(database)
    deliver(database, "s1", *books([("a", Book()), ("b", Book(title="Giông tố"))]))
    place_all(database)
    return database


def work(union: Database) -> None:
    while work_next(line(union), Event()):
        pass


def press(client: FlaskClient, page: str, button: str) -> TestResponse:
    """Send the form of a page whose address ends so, twice as people do."""
    forms = document(client.get(page)).xpath(f"//main//form[contains(@action, '/{button}')]")
    [form] = forms
    values = dict(form.form_values()) | {"sure": "yes"}
    post(client, form.action, **values)
    return post(client, form.action, **values)


def test_many_records_are_corrected_once_they_were_looked_at_and_taken_off(union) -> None:
    client = inside(union, Role.CATALOGUER)
    page = post(client, NEW, **TYPED).location
    waits = client.get(f"{page.partition('?')[0]}/wait")
    work(union)
    over = client.get(f"{page.partition('?')[0]}/wait")
    looked = client.get(page)
    twice = press(client, page, "apply")
    work(union)
    made = making.all(union)
    listed = text(client.get("/staff/corrections/bulk"))
    press(client, page, "undo")
    work(union)

    assert "HX-Refresh" not in waits.headers
    assert over.headers["HX-Refresh"] == "true"
    assert len(document(looked).xpath("//dl[contains(@class, 'samples')]//ins")) == 2
    assert document(looked).xpath(f"//*[@data-kept='{NEW}']")
    assert twice.status_code == 302
    assert len(made) == 2
    assert "theo bảng tên nhà xuất bản" in listed
    assert bulk.get(union, 1).phase is Phase.UNDONE
    assert "taken off" in text(client.get(page))
    assert making.all(union) == []


def test_a_set_is_corrected_and_another_is_begun_like_it(union) -> None:
    of = QuerySet(name="dong", title="Giông", language=Language.CQL, query="dc.title = giong")
    defining.add(union, of)
    client = inside(union, Role.CATALOGUER)
    post(client, NEW, **TYPED | {"query": "", "set": "dong"})
    work(union)
    again = document(client.get(f"{NEW}?like=1"))

    assert bulk.get(union, 1).figures.found == 1
    assert again.xpath("string(//textarea[@name='query'])").strip() == "dc.title = giong"
    assert again.xpath("string(//option[@selected]/@value)") == "cql"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"rules": "264 <-"}, "Line 1, column"),
        ({"query": ""}, "nothing to look for"),
        ({"reason": " "}, "say why"),
    ],
)
def test_what_is_wrong_is_said_and_all_that_was_typed_stays(union, changed, said) -> None:
    client = inside(union, Role.CATALOGUER)
    answer = post(client, NEW, **TYPED | changed)
    shown = document(answer)

    assert answer.status_code == 400
    assert said in text(answer)
    assert shown.xpath("string(//textarea[@name='rules'])").strip() == (TYPED | changed)["rules"]
    assert bulk.all(union) == []


def test_who_types_is_told_what_is_wrong_so_far(union) -> None:
    client = inside(union, Role.CATALOGUER)
    check = "/staff/corrections/bulk/check"

    assert "Line 1" in text(post(client, check, **TYPED | {"rules": "264 <-"}))
    assert "Nothing is wrong" in text(post(client, check, **TYPED))


def test_what_cannot_be_corrected_is_listed_record_by_record(union) -> None:
    client = inside(union, Role.CATALOGUER)
    page = post(client, NEW, **TYPED | {"rules": '852 .. <- 852 $* | replace "L" "M"'}).location
    work(union)
    shown = document(client.get(page))

    assert shown.xpath("//form[contains(@action, '/apply')]") == []
    assert "Field 852" in shown.text_content()
    assert len(shown.xpath("//tbody/tr")) == 2


def test_who_may_only_read_corrects_nothing_in_bulk(union) -> None:
    client = inside(union, Role.VIEWER)

    assert client.get("/staff/corrections/bulk").status_code == 200
    assert client.get(NEW).status_code == 403
    assert post(client, NEW, **TYPED).status_code == 403
    assert client.get("/staff/corrections/bulk/7").status_code == 404


def test_pages_of_bulk_corrections_ask_as_often_for_many_as_for_one(union) -> None:
    client = inside(union, Role.CATALOGUER)
    asked: list[str] = []
    event.listen(union.read, "before_cursor_execute", lambda *told: asked.append(told[2]))
    counts = []
    for titles in (("c",), ("d", "e", "f", "g")):
        deliver(union, "s1", *books([(each, Book(title=each * 9)) for each in titles]))
        place_all(union)
        for each in titles:
            post(client, NEW, **TYPED | {"rules": "852 .. <- 852 $!a", "reason": each})
        work(union)
        for address in ("bulk", f"bulk/{len(bulk.all(union))}", "record/000000001"):
            asked.clear()
            assert client.get(f"/staff/corrections/{address}").status_code == 200
            counts.append(len(asked))

    assert counts[:3] == counts[3:]
    assert max(counts) <= 15
