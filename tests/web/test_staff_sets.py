"""Sets by a query on screen: looked at, defined, changed and removed, by who may."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalogue.consumers import store
from catalogue.consumers.model import Consumer
from catalogue.database import Database
from catalogue.querysets import defining, members
from catalogue.querysets.model import Language, QuerySet
from catalogue.users import Role
from support.engines import Engine
from support.filled import settle
from support.pages import Book, add_source, books, deliver, place_all
from support.staff import boxes, document, inside, post, text

NOVELS = QuerySet(name="tieu-thuyet", title="Tiểu thuyết", language=Language.CQL, query="tieu")
PAGE = "/staff/sets/set/tieu-thuyet"
FORM = {"name": "tho", "title": "Thơ", "language": "words", "query": "tho"}


def fill(database: Database) -> None:
    """Deliver twelve novels and a poem, and define a set of the novels."""
    add_source(database)
    novels = [(f"n{number}", Book(title=f"Tiểu thuyết {number}")) for number in range(12)]
    deliver(database, "s1", *books([*novels, ("p", Book(title="Thơ một thuở"))]))
    place_all(database)
    defining.add(database, NOVELS)
    while members.walk(database):
        pass


@pytest.fixture
def union(database: Database) -> Database:
    fill(database)
    return database


@pytest.fixture(scope="module")
def unchanged(sqlite_engine: Engine) -> Iterator[Database]:
    """Give the same to tests that change nothing."""
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        fill(database)
        yield database
        database.close()


@pytest.fixture(scope="module")
def operator(unchanged: Database) -> FlaskClient:
    return inside(unchanged)


def cells(page: TestResponse) -> list[list[str]]:
    rows = document(page).xpath("//tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]


def test_the_sets_are_listed_with_what_each_view_has_in_them(unchanged: Database) -> None:
    client = inside(unchanged, Role.VIEWER)
    [[name, query, *counts]] = cells(client.get("/staff/sets"))

    assert name == "Tiểu thuyết query:tieu-thuyet"
    assert query == "tieu CQL"
    assert counts == ["12", "complete"]
    vietnamese = client.get("/staff/sets?lang=vi")
    assert "Bộ OAI theo câu truy vấn" in text(vietnamese)
    assert "công khai" in text(vietnamese)


@pytest.mark.parametrize(
    ("language", "query"),
    [("words", "tieu thuyet"), ("cql", "dc.title=tieu"), ("pqf", "@attr 1=4 thuyet")],
)
def test_what_a_query_finds_is_shown_before_anything_is_kept(
    unchanged: Database, operator: FlaskClient, language: str, query: str
) -> None:
    shown = post(operator, "/staff/sets/add", name="x", language=language, query=query, look="yes")

    assert "public12 records" in "".join(text(shown).split("  ")).replace("Seen by: ", "")
    assert len(document(shown).xpath("//section[@id='looked']//ol/li/a[@href]")) == 10
    assert boxes(document(shown))["query"] == query
    assert [each.name for each in defining.all(unchanged)] == ["tieu-thuyet"]


@pytest.mark.parametrize(
    ("language", "query", "said"),
    [
        ("cql", "dc.title=", "The query ends"),
        ("pqf", "@attr 1=9999 a", "9999"),
        ("words", '""', "nothing to look for"),
        ("cql", "dc.title=*uyet", "A set cannot be made of this query"),
        ("nonsense", "", "nothing to look for"),
    ],
)
def test_what_is_wrong_with_a_query_is_said_and_what_was_typed_stays(
    unchanged: Database, operator: FlaskClient, language: str, query: str, said: str
) -> None:
    for button in ("look", "keep"):
        form = {"name": "x", "title": "Tên", "language": language, "query": query, button: "yes"}
        refused = post(operator, "/staff/sets/add", **form)

        assert refused.status_code == 400
        assert said in text(refused)
        assert boxes(document(refused))["title"] == "Tên"
    assert len(defining.all(unchanged)) == 1


def test_a_set_is_defined_once_however_often_the_button_is_pressed(union: Database) -> None:
    client = inside(union)
    answers = [post(client, "/staff/sets/add", **FORM, keep="yes") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert "being found" in text(client.get("/staff/sets"))
    assert defining.get(union, "tho").title == "Thơ"
    other = post(client, "/staff/sets/add", **FORM | {"query": "khac"}, keep="yes")
    assert "There is a set tho already" in text(other)


def test_an_open_page_is_shown_anew_once_all_is_found(union: Database) -> None:
    client = inside(union, Role.VIEWER)
    complete = client.get("/staff/sets")
    defining.change(union, replace(NOVELS, query="tho"))
    waiting, asked = client.get("/staff/sets"), client.get("/staff/sets/wait")
    while members.walk(union):
        pass

    assert document(complete).xpath("//@hx-get") == []
    assert document(waiting).xpath("//@hx-get") == ["/staff/sets/wait"]
    assert "HX-Refresh" not in asked.headers
    assert client.get("/staff/sets/wait").headers["HX-Refresh"] == "true"


def test_a_name_that_cannot_be_one_is_told(operator: FlaskClient) -> None:
    refused = post(operator, "/staff/sets/add", **FORM | {"name": "Thơ!"}, keep="yes")

    assert "Thơ! cannot be the name of a set" in text(refused)


def test_a_set_is_changed_as_it_was_seen(union: Database) -> None:
    client = inside(union)
    form = boxes(document(client.get(PAGE)))
    del form["csrf_token"]
    looked = post(client, PAGE, **form | {"query": "tho", "look": "yes"})
    changed = post(client, PAGE, **form | {"query": "tho"})
    stale = post(client, PAGE, **form | {"query": "khac"})

    assert "Thơ một thuở" in text(looked)
    assert changed.status_code == 302
    assert stale.status_code == 400
    assert "Somebody changed set tieu-thuyet" in text(stale)
    assert defining.get(union, "tieu-thuyet").query == "tho"


def test_what_removing_tells_harvesters_is_said_before(union: Database) -> None:
    store.add(union, Consumer(name="only", title="Chỉ lấy", sets=(NOVELS.spec,)))
    client = inside(union)
    asked = client.get(f"{PAGE}/remove")
    seen = boxes(document(asked))["seen"]
    without = post(client, f"{PAGE}/remove")
    post(client, f"{PAGE}/remove", seen=seen)
    while members.walk(union):
        pass
    settle(union)

    assert "12 records" in text(asked)
    assert "is deleted in this set" in text(asked)
    assert "Chỉ lấy" in text(asked)
    assert without.status_code == 400
    assert defining.all(union) == []
    # As the page said: it stays listed, and what was in it is told as deleted.
    assert NOVELS.spec in client.get("/oai?verb=ListSets").text
    told = client.get(f"/oai?verb=ListIdentifiers&metadataPrefix=oai_dc&set={NOVELS.spec}").text
    assert told.count('status="deleted"') == 12
    assert client.get(f"{PAGE}/remove").status_code == 404


def test_who_may_do_what(unchanged: Database) -> None:
    viewer = inside(unchanged, Role.CATALOGUER)

    assert "Define a set" not in text(viewer.get("/staff/sets"))
    assert viewer.get("/staff/sets/add").status_code == 403
    assert viewer.get(PAGE).status_code == 403
    assert post(viewer, "/staff/sets/add", **FORM, keep="yes").status_code == 403
    assert post(viewer, f"{PAGE}/remove", seen="x").status_code == 403


def test_no_set_yet_is_said_with_what_one_is_for(database: Database) -> None:
    page = text(inside(database).get("/staff/sets"))

    assert "No set is defined by a query yet." in page
    assert "Define a set" in page
