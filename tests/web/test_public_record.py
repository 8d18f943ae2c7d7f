"""The page of a record: where it is from, and what is too long to be shown at once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from lxml import etree, html
from sqlalchemy import event

from catalogue import libraries, records
from catalogue.database import Database
from catalogue.holdings.model import Row
from catalogue.model import HubIdentity, Sharing
from support import listed
from support.engines import Engine
from support.filled import add_library, book, deliver, settle
from support.staff import with_known_templates
from web.app import create_app

ISBN = "9786049763342"
PLACES, EDITIONS = 130, 60
MOST = 20
"""Questions that a page may ask of the database."""


@pytest.fixture(scope="module")
def union(sqlite_engine: Engine) -> Iterator[Database]:
    """A book in very many places, and a novel in very many editions."""
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        for code, name in (("A", "Thư viện Ánh"), ("B", "Thư viện Bình"), ("C", "Thư viện Kín")):
            add_library(database, code, name)
        libraries.change(database, "C", sharing=Sharing.MEMBERS)
        listed.add_library(database)
        wanted = book("Chiếc lược ngà", author="Nguyễn Quang Sáng", isbn=ISBN, year="1999")
        richer = book(
            *("Chiếc lược ngà",),
            author="Nguyễn Quang Sáng",
            isbn=ISBN,
            year="1999",
            subject="Truyện ngắn",
        )
        deliver(database, "A", {"a1": wanted, "alone": book("Một mình", isbn="9786042093026")})
        deliver(database, "B", {"b1": richer})
        deliver(database, "C", {"c1": wanted})
        novel = {
            f"e{number}": book("Đất nước đứng lên", author="Nguyên Ngọc", year=f"{1950 + number}")
            for number in range(EDITIONS)
        }
        deliver(database, "A", novel)
        settle(database)
        places = (Row(isbn=ISBN, location=f"Kho {number:03}") for number in range(PLACES))
        listed.give(database, *places)
        listed.settle(database)
        settle(database)
        yield database
        database.close()


@pytest.fixture
def client(union: Database) -> FlaskClient:
    made = with_known_templates(create_app(union, HubIdentity(), b"k" * 32)).test_client()
    made.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return made


def of(database: Database, source: str, identifier: str) -> str:
    return records.get(database, source, identifier).cluster


def page(client: FlaskClient, address: str) -> html.HtmlElement:
    answer = client.get(address)

    assert answer.status_code == 200
    return html.document_fromstring(answer.get_data())


def text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def rows(document: html.HtmlElement, of_table: str) -> list[list[str]]:
    table = document.xpath(f"//*[@aria-label='{of_table}']//tbody/tr")
    return [[text(cell) for cell in row] for row in table]


def test_a_record_tells_what_it_was_made_of_and_what_the_public_may_not_know_is_not_in_it(
    client: FlaskClient, union: Database
) -> None:
    document = page(client, f"/record/{of(union, 'a', 'a1')}")
    made_of = rows(document, "Records it was made of")
    fields = {row[0]: row[3] for row in rows(document, "MARC fields")}

    assert [row[:2] for row in made_of] == [["Thư viện Ánh", "a1"], ["Thư viện Bình", "b1"]]
    assert all(re.fullmatch(r"\d{1,2} [A-Z][a-z]{2} \d{4}", row[2]) for row in made_of)
    assert fields["650"] == "Thư viện Bình"
    assert fields["020"] == "Thư viện Bình; Thư viện Ánh"
    assert (fields["LDR"], fields["001"], fields["852"]) == ("", "Liên Thông", "SMALL")
    assert "Kín" not in text(document)


def test_many_places_are_shown_in_part_and_all_of_them_on_pages_of_their_own(
    client: FlaskClient, union: Database
) -> None:
    public_id = of(union, "a", "a1")
    document = page(client, f"/record/{public_id}")
    shown = rows(document, "Libraries that hold it")
    link = document.xpath("string(//a[starts-with(., 'All 132 holdings')]/@href)")
    first = page(client, link)
    second = page(client, first.xpath("string(//a[@rel='next']/@href)"))
    whole = rows(first, "Libraries that hold it") + rows(second, "Libraries that hold it")

    assert (len(shown), len(whole)) == (25, PLACES + 2)
    assert whole[:25] == shown
    names = ["SMALL", "Thư viện Ánh", "Thư viện Bình"]
    assert [row[0] for row in whole] == sorted((row[0] for row in whole), key=names.index)
    assert len({tuple(row) for row in whole}) == len(whole)
    assert second.xpath("//a[@rel='prev']/@href") == [f"/record/{public_id}/holdings?page=1"]
    assert rows(page(client, f"{link}?page=99"), "Libraries that hold it") == whole[100:]
    assert len(rows(page(client, f"/record/{public_id}/sources"), "Records it was made of")) == 2


def test_all_editions_of_a_work_are_listed_by_pages_under_one_address(
    client: FlaskClient, union: Database
) -> None:
    newest = of(union, "a", f"e{EDITIONS - 1}")
    document = page(client, f"/record/{newest}")
    link = document.xpath(f"string(//a[. = 'All {EDITIONS} editions of this work']/@href)")
    led = client.get(link)
    first = page(client, led.location)
    second = page(client, first.xpath("string(//a[@rel='next']/@href)"))
    years = [
        text(each)[-18:-14]
        for shown in (first, second)
        for each in shown.xpath("//ul[@class='editions']/li/span")
    ]

    assert len(document.xpath("//ul[@class='editions']/li")) == 10
    assert led.status_code == 302
    assert "All editions of this work: 60." in text(first)
    assert len(first.xpath("//ul[@class='editions']/li")) == 50
    assert text(first.xpath("//ul[@class='editions']/li")[0]) == (
        "Đất nước đứng lên Book. Nxb. Văn học, 2009. Vietnamese. Libraries: 1"
    )
    assert len(years) == EDITIONS
    assert second.xpath("//a[@rel='next']") == []
    assert second.xpath("string(//a[@rel='first']/@href)") == led.location


def test_a_work_that_was_asked_for_by_what_is_none_is_not_there_or_leads_on(
    client: FlaskClient, union: Database
) -> None:
    alone = of(union, "a", "alone")
    codes = {path: client.get(f"/work/{path}").status_code for path in ("nosuch", "%00", alone)}

    assert codes == {"nosuch": 404, "%00": 404, alone: 200}
    assert "All editions of this work: 1." in text(page(client, f"/work/{alone}?after=x"))
    assert "The list ends here." in text(page(client, f"/work/{alone}?after=0.9999999999999999"))
    assert page(client, f"/record/{alone}").xpath("//*[@id='editions']") == []


@pytest.mark.parametrize(
    "below", ["record/{}", "record/{}/holdings", "record/{}/sources", "work/{}"]
)
def test_a_page_asks_as_often_for_much_as_for_little(
    client: FlaskClient, union: Database, below: str
) -> None:
    asked: list[str] = []

    def note(*told: str) -> None:
        asked.append(told[2])

    event.listen(union.read, "before_cursor_execute", note)
    counts = []
    try:
        for identifier in ("alone", "a1"):
            address = f"/{below.format(of(union, 'a', identifier))}"
            asked.clear()
            page(client, address)
            counts.append(len(asked))
    finally:
        event.remove(union.read, "before_cursor_execute", note)

    assert counts[0] == counts[1]
    assert counts[0] <= MOST


def test_browsers_are_told_how_to_search_here(union: Database) -> None:
    identity = HubIdentity(
        name="Mục lục liên hợp của các thư viện Việt Nam trên toàn quốc và ở nước ngoài",
        base_url="https://hub.example.vn/a&b/",
    )
    client = create_app(union, identity, b"k" * 32).test_client()
    link = page(client, "/").xpath("//link[@rel='search']")[0]
    answer = client.get(link.get("href"), headers={"Accept-Language": "vi"})
    told = etree.fromstring(answer.data)
    parts = {etree.QName(each).localname: each for each in told}

    assert answer.content_type == f"{link.get('type')}; charset=utf-8"
    assert link.get("type") == "application/opensearchdescription+xml"
    assert told.tag == "{http://a9.com/-/spec/opensearch/1.1/}OpenSearchDescription"
    assert all(etree.QName(each).namespace == etree.QName(told).namespace for each in told)
    assert parts["ShortName"].text == "Mục lục liên hợp"
    assert len(parts["LongName"].text or "") <= 48
    assert (parts["Description"].text or "").startswith("Tài liệu của các thư viện")
    template = told.xpath("string(*[local-name() = 'Url'][@type = 'text/html']/@template)")
    address = template.replace("{searchTerms}", "chi%E1%BA%BFc+l%C6%B0%E1%BB%A3c")
    assert address.startswith("https://hub.example.vn/a&b/?q=chi")
    found = address.removeprefix("https://hub.example.vn/a&b").replace("{startPage?}", "")
    assert "Chiếc lược ngà" in text(page(client, found))
