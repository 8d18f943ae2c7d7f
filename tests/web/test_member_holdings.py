"""A library's own lists on its own pages: checked first, taken in once, nobody else's."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalogue import users
from catalogue.audit import store as audit
from catalogue.audit.store import Wanted
from catalogue.database import Database
from catalogue.holdings import deliveries, listing
from catalogue.holdings.model import Row
from catalogue.users import Role
from scheduler.housekeeping import prune_due, queue_prune
from support.engines import SQLITE_USUALLY, Engine
from support.listed import add_library, give, settle, stored
from support.pages import Book, add_source, books
from support.pages import deliver as delivered
from support.staff import PASSWORD, boxes, document, line, sign_in_at, text, visitor

AT = "/member/holdings"
ISBN = "9786049763342"
FILE = (
    "ISBN;Nhan đề;Tác giả;Năm XB;Kho;Số ĐKCB\n"
    f"{ISBN};Số đỏ;Vũ Trọng Phụng;1936;Kho đọc;VV1\n"
    ";Không có gì như thế;;;;VV2\n"
)
OTHER = FILE + ";Thêm một cuốn;An;2001;;VV3\n"


@pytest.fixture
def database(engine: Engine) -> Iterator[Database]:
    """Give a union with one book, and two libraries without records that have a user each."""
    with engine.fresh() as url:
        opened = Database.open(url)
        add_source(opened, "s1", "L1")
        for code in ("SMALL", "TINY"):
            add_library(opened, code)
            users.add(opened, code.lower(), PASSWORD, Role.MEMBER, library=code)
        delivered(opened, "s1", *books([("a", Book(isbn=ISBN))]))
        settle(opened)
        yield opened
        opened.close()


ONE_ENGINE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def signed_in(database: Database, name: str = "small") -> FlaskClient:
    client = visitor(database)
    sign_in_at(client, "member", name)
    return client


def check(client: FlaskClient, content: str = FILE, **more: str) -> TestResponse:
    form = boxes(document(client.get(AT)), -1)
    file = (io.BytesIO(content.encode()), "sách.csv")
    return client.post(AT, data=form | {"file": file} | more, buffered=True)


def take(client: FlaskClient, page: str, **more: str) -> TestResponse:
    form = boxes(document(client.get(AT)), 0)
    return client.post(f"{page}/take", data=form | more)


def figures(page: TestResponse) -> list[int]:
    """Return rows, added, changed, unchanged, withdrawn and repeated."""
    return [int(each) for each in document(page).xpath("//dl[1]//dd/text()")[:6]]


@SQLITE_USUALLY
def test_a_list_is_checked_first_and_taken_in_once(database: Database):
    client = signed_in(database)
    [page, again] = [check(client).location for _ in range(2)]
    shown = client.get(page)
    before = stored(database)
    taken = [take(client, page) for _ in range(2)]
    settle(database)
    overview = text(client.get(AT))

    assert page == again
    assert "Nothing is changed yet" in text(shown)
    assert document(shown).xpath("//h2[1]/following-sibling::dl[1]//dd/text()") == ["1", "1"]
    assert before == []
    assert [each.location for each in taken] == [f"{AT}/list/main"] * 2
    assert [each.found.value for each in stored(database)] == ["matched", "none"]
    [one] = deliveries.history(database, "SMALL", 0, 9)
    assert (one.author, one.report["added"]) == ("small", 2)
    assert "waiting for you" not in overview
    assert "main 2 1 1 0" in overview
    assert {each.act for each in audit.entries(database, Wanted(), limit=9)} >= {
        "own.check_list",
        "own.take_list",
    }


@ONE_ENGINE
def test_the_same_file_is_told_of_and_changes_nothing(database: Database):
    client = signed_in(database)
    take(client, str(check(client).location))
    page = check(client).location

    assert "Just this file was taken in before" in text(client.get(page))
    assert figures(client.get(page)) == [2, 0, 0, 2, 0, 0]


@ONE_ENGINE
def test_a_list_that_became_another_since_the_check_is_checked_anew(database: Database):
    client = signed_in(database)
    take(client, str(check(client).location))
    page = str(check(client, OTHER).location)
    give(database, Row(title="Khác", local_number="X1"))
    refused = take(client, page)
    between = len(stored(database))
    unsure = take(client, page)
    taken = take(client, page, accepts="yes")

    assert (refused.status_code, between) == (409, 1)
    assert "checked anew" in text(refused)
    assert figures(refused) == [3, 3, 0, 0, 1, 0]
    assert "lacks 1 of the 1 rows" in text(unsure)
    assert taken.status_code == 302
    assert len(stored(database)) == 3


@ONE_ENGINE
def test_a_file_that_lacks_much_needs_a_tick(database: Database):
    give(database, *(Row(title=f"Sách {number}") for number in range(10)))
    client = signed_in(database)
    # Larger than any form without a file may be.
    page = str(check(client, FILE + f";{'x' * 70_000};;;;\n").location)
    shown = text(client.get(page))
    refused = take(client, page)

    assert "10 rows that it lacks are to go" in shown
    assert refused.status_code == 409
    assert "lacks 10 of the 10 rows" in text(refused)
    assert len(stored(database)) == 10


@ONE_ENGINE
def test_what_is_no_list_is_refused_and_what_was_typed_stays(database: Database):
    client = signed_in(database)
    answers = [
        check(client, "Một bức thư dài.\n", columns="x = title"),
        check(client, list="tên có dấu cách"),
        check(client, list="one-by-one"),
        client.post(AT, data=boxes(document(client.get(AT)))),
    ]

    assert [each.status_code for each in answers] == [400] * 4
    assert "x = title" in answers[0].text
    assert "cannot be named" in text(answers[2])
    assert "Choose the file" in text(answers[3])


@ONE_ENGINE
def test_a_file_that_waits_is_thrown_away(database: Database):
    client = signed_in(database)
    page = str(check(client).location)
    form = boxes(document(client.get(page)))
    gone = [client.post(f"{page}/discard", data=form).status_code for _ in range(2)]

    assert gone == [302, 302]
    assert client.get(page).status_code == 404
    assert take(client, AT).status_code == 404


@ONE_ENGINE
def test_rows_are_looked_at_taken_along_tried_again_and_taken_away(database: Database):
    client = signed_in(database)
    take(client, str(check(client).location))
    settle(database)
    page = client.get(f"{AT}/list/main")
    answer = client.get(f"{AT}/list/main/work.csv")
    [_, row] = csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")))
    form = boxes(document(page), 1)
    tried = client.post(f"{AT}/list/main/retry", data=form)
    waits = [each.waits for each in stored(database)]
    unsure = client.post(f"{AT}/list/main/remove", data=form)
    kept = len(stored(database))
    for _ in range(2):
        gone = client.post(f"{AT}/list/main/remove", data=form | {"sure": "yes"})

    assert "nothing like it in the union catalogue: 1" in text(page)
    assert row[13] == "VV2"
    assert (tried.status_code, waits) == (302, [False, True])
    assert (unsure.location, kept) == (f"{AT}/list/main", 2)
    assert gone.location == AT
    assert listing.lists(database) == []


@ONE_ENGINE
def test_another_librarys_lists_and_files_are_not_there(database: Database):
    mine = signed_in(database)
    waits = str(check(mine).location)
    give(database, Row(title="Của SMALL"), list="rieng")
    other = signed_in(database, "tiny")
    token = {"csrf_token": boxes(document(other.get(AT)))["csrf_token"], "sure": "yes"}
    pages = [other.get(each) for each in (waits, f"{AT}/list/rieng?library=SMALL")]
    pages += [other.get(f"{AT}/list/rieng/work.csv")]
    pages += [other.post(each, data=token) for each in (f"{waits}/take", f"{AT}/list/rieng/retry")]
    other.post(f"{waits}/discard", data=token)
    other.post(f"{AT}/list/rieng/remove", data=token | {"library": "SMALL"})
    other.get(AT)

    assert [each.status_code for each in pages] == [404] * 5
    assert "rieng" not in other.get(AT).text
    assert mine.get(waits).status_code == 200
    assert [each.name for each in listing.lists(database)] == ["rieng"]


@ONE_ENGINE
def test_what_staff_take_in_is_in_the_librarys_history_and_old_files_are_forgotten(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    client = signed_in(database)
    check(client)
    users.add(database, "lan", PASSWORD, Role.OPERATOR)
    staff = visitor(database)
    sign_in_at(staff, "staff", "lan")
    form = boxes(document(staff.get("/staff/holdings"))) | {"library": "SMALL", "list": "huyen"}
    staff.post("/staff/holdings", data=form | {"file": (io.BytesIO(FILE.encode()), "a.csv")})
    monkeypatch.setattr(deliveries, "WAITS_SECONDS", -9)
    queue_prune(database)
    prune_due(line(database))

    [one] = deliveries.history(database, "SMALL", 0, 9)
    assert (one.list, one.file, one.author, one.report["rows"]) == ("huyen", "a.csv", "lan", 2)
    assert deliveries.waiting(database, "SMALL") == []
    assert "a.csv" in text(client.get(f"{AT}/file/{one.id}"))
