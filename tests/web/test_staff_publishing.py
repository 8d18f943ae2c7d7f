"""What is given out, on one page: addresses, formats, sets, consumers and what they took."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from catalogue import crosswalks
from catalogue.consumers import store, usage
from catalogue.consumers.model import Consumer, Served, Taken
from catalogue.crosswalks import Version
from catalogue.database import Database
from catalogue.model import Sharing
from catalogue.querysets import defining, members
from catalogue.querysets.model import Language, QuerySet
from catalogue.users import Role
from crosswalks.shelf import Written
from support.engines import Engine
from support.pages import Book, add_source, books, deliver, place_all
from support.staff import document, hub, inside, sign_in, text

PAGE = "/staff/publishing"
BASE = "https://hub.example.vn"
TEXT = "crosswalk marc21-oai_dc version 1\nfrom marc21 to oai_dc\ninclude shipped/marc21-oai_dc\n"


@pytest.fixture(scope="module")
def database(sqlite_engine: Engine) -> Iterator[Database]:
    """Two books, a set of one, another Dublin Core, and a consumer who took some lists."""
    with sqlite_engine.fresh() as url:
        opened = Database.open(url)
        add_source(opened)
        deliver(opened, "s1", *books([("a", Book()), ("b", Book(title="Tắt đèn"))]))
        place_all(opened)
        wanted = QuerySet(name="den", title="Đèn", language=Language.WORDS, query="den")
        defining.add(opened, wanted)
        while members.walk(opened):
            pass
        name = "marc21-oai_dc"
        crosswalks.put_draft(opened, Version(name=name, version=None, written=Written(text=TEXT)))
        crosswalks.publish(opened, name, "an")
        store.add(opened, Consumer(name="vufind", title="VuFind", view=Sharing.MEMBERS))
        _take(opened)
        yield opened
        opened.close()


def _take(database: Database) -> None:
    [consumer] = store.all(database)
    now = int(time.time())
    page = Taken("ListRecords", "marc21", "", 0, now, 100, 250)
    long_ago = now - 40 * 86_400
    for who, at, took in ((consumer.id, now, page), (consumer.id, long_ago, page), (0, now, None)):
        served = Served(consumer=who, at=at, door="oai", records=100, octets=5000, page=took)
        usage.keep(database, [served])


@pytest.fixture(scope="module")
def client(database: Database) -> FlaskClient:
    inside(database, Role.VIEWER)
    made = hub(database, f"{BASE}/", z3950="0.0.0.0:2100")
    sign_in(made, "viewer")
    return made


def rows(client: FlaskClient) -> list[str]:
    found = document(client.get(f"{PAGE}?lang=en")).xpath("//tbody/tr")
    return [" ".join(" ".join(cell.text_content() for cell in row).split()) for row in found]


def test_addresses_are_those_that_others_reach(client: FlaskClient):
    page = document(client.get(PAGE))

    assert page.xpath("//input[@readonly]/@value") == [
        f"{BASE}/oai",
        f"{BASE}/sru",
        f"{BASE}/api/v1",
        f"{BASE}/.well-known/resourcesync",
        f"{BASE}/changes.atom",
        f"{BASE}/dumps/",
        f"{BASE}/oai/view/members",
        "hub.example.vn:2100/union",
    ]
    assert page.xpath("//td/a[contains(@href, 'verb=Identify')]/@href") == [
        f"{BASE}/oai?verb=Identify"
    ]


def test_a_view_that_shows_more_needs_a_key(client: FlaskClient):
    found = rows(client)

    assert "OAI-PMH what everybody sees not needed Look at it: OAI-PMH" in found
    assert "OAI-PMH what is shared among members too needed –" in found


def test_formats_name_the_crosswalk_in_use(client: FlaskClient):
    found = rows(client)

    assert any(row.startswith("oai_dc marc21-oai_dc Version 1 all") for row in found)
    assert any(row.startswith("marc21 the merged record itself all") for row in found)
    assert any("etdms" in row and "material:thesis" in row for row in found)


def test_sets_are_shown_with_how_many_they_hold(client: FlaskClient):
    assert any(row.startswith("Đèn query:den 1") for row in rows(client))


def test_what_each_took_lately_is_added_up(client: FlaskClient):
    found = rows(client)

    assert any(row.startswith("VuFind what is shared among members too 1 100") for row in found)
    assert any("not to its end" in row for row in found)
    assert any(row.startswith("without a key what everybody sees 1 100") for row in found)


def test_where_z3950_is_not_served_the_page_says_so(database: Database):
    page = inside(database, Role.CATALOGUER).get(PAGE)

    assert "Z39.50 is not served beside these pages." in text(page)
    assert "union" not in "".join(document(page).xpath("//input/@value"))
