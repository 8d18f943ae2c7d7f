"""Several fields looked for together, with the marks that were typed, and what to try next."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import event
from werkzeug.datastructures import MultiDict

from catalogue.database import Database
from catalogue.model import HubIdentity
from web.app import create_app
from web.public import asking
from web.public.fielded import Box

MOST = 20
"""Questions that the page may ask of the database."""


def page(client: FlaskClient, address: str, status: int = 200) -> html.HtmlElement:
    answer = client.get(address, headers={"Accept-Language": "en"})

    assert answer.status_code == status
    return html.document_fromstring(answer.get_data())


def text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def titles(client: FlaskClient, address: str) -> list[str]:
    return [text(each) for each in page(client, address).xpath("//ol/li//a[@class='title']")]


def link(document: html.HtmlElement, words: str) -> str:
    [found] = [each.get("href") for each in document.xpath("//main//a") if text(each) == words]
    return str(found)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("title=chuyen&author=to+hoai&sort=title", ["Chuyện nỏ thần"]),
        ("author=anh&sort=title", ["Chuyện áo dài", "Chuyện bản đồ"]),
        ("author=anh&to=2010", ["Chuyện áo dài"]),
        ("author=anh&from=2010&to=2019", ["Chuyện bản đồ"]),
        ("author=anh&from=2019&to=2010", ["Chuyện bản đồ"]),
        ("author=anh&title=ban+do&subject=trang+phuc", []),
        ("subject=trang+phuc&publisher=van+hoc", ["Chuyện áo dài"]),
        ("number=978-604-209-302-6", ["Chuyện nỏ thần"]),
        ("number=604+209+302&title=chuyen", []),
        ("q=chuyen&field=title&f=language:eng&f=material:book&f=library:NLV", ["Chuyện Story"]),
        ("title=chuyen&f=&f=library:HUST&from=2020", ["Chuyện về Tô Hoài"]),
        ("f=library:HUST&f=material:thesis", ["Chuyện đo lường"]),
        ("title=%22no+than%22&each=1&from=2000&to=2010", ["Chuyện nỏ thần"]),
    ],
)
def test_all_that_is_filled_in_must_be_true(
    reader: FlaskClient, query: str, found: list[str]
) -> None:
    assert titles(reader, f"/?{query}") == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=chuyện+áo", ["Chuyện áo dài"]),
        ("q=chuyen+ao", []),
        ("q=chuyện+ao", []),
        ("title=áo&author=đặng", ["Chuyện áo dài"]),
        ("title=áo&author=dang", []),
        ("title=đo", ["Chuyện đo lường"]),
        ("title=do", []),
        ("number=9786042093026&title=nỏ", ["Chuyện nỏ thần"]),
        ("q=2010&field=year&title=ăn", ["Chuyện ăn uống"]),
    ],
)
def test_marks_that_were_typed_must_be_there_where_that_is_asked(
    reader: FlaskClient, query: str, found: list[str]
) -> None:
    assert titles(reader, f"/?{query}&marks=1") == found


def test_whoever_typed_marks_is_offered_just_these_and_gets_back(reader: FlaskClient) -> None:
    loose = page(reader, "/?q=chuyện+án")
    strict = page(reader, link(page(reader, "/?q=chuyện"), "Only with just these marks"))

    assert loose.xpath("//h2")[0].text_content().strip() == "Results: 3"
    assert "Only what is written with just these marks was searched." in text(strict)
    assert link(strict, "With any marks") == "/?q=chuy%E1%BB%87n"
    assert "Only with just these marks" not in text(page(reader, "/?q=chuyen"))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=chuy*&marks=1", "With the marks that you type, whole words are searched."),
        ("title=chuyen&from=x", "A year is written with four digits."),
        ("to=19", "A year is written with four digits."),
        ("title=%3F%3F", "There is no letter and no digit in that."),
    ],
)
def test_what_cannot_be_looked_for_is_said(reader: FlaskClient, query: str, said: str) -> None:
    [alert] = page(reader, f"/?{query}").xpath("//*[@role='alert']")

    assert text(alert).startswith(said)


@pytest.mark.parametrize(
    ("query", "missing", "rest"),
    [
        ("q=chuyen+zzzz+than", ["zzzz"], "/?q=chuyen+than"),
        ("q=zzzz+yyyy", ["zzzz", "yyyy"], ""),
        ("q=chuyen&author=zzzz&from=2000", ["Author: zzzz"], "/?q=chuyen&from=2000"),
        ("q=zzzz&field=title&author=hoai", ["zzzz"], "/?field=title&author=hoai"),
        ("title=story&author=hoai", [], ""),
        ("q=zzzz", [], ""),
        ("number=978&title=chuyen", ["ISBN, ISSN or other number: 978"], "/?title=chuyen"),
        (f"q={'+'.join('abcdefghijkl')}", [], ""),
    ],
)
def test_who_finds_nothing_is_told_what_is_found_nowhere(
    reader: FlaskClient, query: str, missing: list[str], rest: str
) -> None:
    document = page(reader, f"/?{query}")

    assert [text(each) for each in document.xpath("//ul[@class='advice']//strong")] == missing
    links = document.xpath("//ul[@class='advice']/li[1]/a[. = 'Search without it']/@href")
    assert links == ([rest] if rest else [])


def test_each_step_that_is_offered_leads_on(reader: FlaskClient) -> None:
    document = page(reader, "/?q=áo&field=author&f=material:map&marks=1")
    steps = {text(each): each.get("href") for each in document.xpath("//ul[@class='advice']//a")}

    assert list(steps) == [
        *("Take all off", "Search in all fields", "Search with any marks"),
        *("Browse authors and subjects", "Advanced search"),
    ]
    for address in steps.values():
        assert reader.get(address).status_code == 200
    assert dict(parse_qsl(urlsplit(steps["Search in all fields"]).query)) == {
        "q": "áo",
        "f": "material:map",
        "marks": "1",
    }


def test_fields_stand_above_the_results_and_each_can_be_taken_off(reader: FlaskClient) -> None:
    document = page(reader, "/?q=chuyen&author=anh&from=2000&f=material:map")
    [asked, narrowed] = document.xpath("//div[@class='chosen']")

    assert [text(each) for each in asked.xpath(".//a")] == [
        *("Take off: Author: anh ×", "Take off: From year: 2000 ×", "Change"),
    ]
    assert [each.get("href") for each in asked.xpath(".//a")] == [
        "/?q=chuyen&from=2000&f=material:map",
        "/?q=chuyen&author=anh&f=material:map",
        "/advanced?q=chuyen&author=anh&from=2000&f=material:map",
    ]
    assert len(narrowed.xpath(".//a")) == 1
    assert document.xpath("//title")[0].text.startswith("chuyen, anh, 2000 – Search")


def test_the_form_is_filled_with_what_was_asked_and_asks_for_it_again(reader: FlaskClient) -> None:
    query = (
        "q=chuyen&field=title&title=a&author=b&subject=c&publisher=d&number=1&from=1990&to=1999"
        "&f=material:book&f=language:eng&f=library:HUST&f=subject:x&sort=newest&each=1&marks=1"
    )
    form = page(reader, f"/advanced?{query}").xpath("//form")[0]
    sent = asking.read(MultiDict(form.form_values()))

    assert sent == asking.read(MultiDict(parse_qsl(query)))
    assert sent.boxes[-1] == Box("to", "1999")


def test_a_value_that_is_not_offered_stays_chosen(reader: FlaskClient) -> None:
    form = page(reader, "/advanced?f=language:grc&f=library:NOWHERE").xpath("//form")[0]

    assert ("f", "language:grc") in form.form_values()
    assert ("f", "library:NOWHERE") in form.form_values()
    assert "Ancient Greek" in text(form)


def test_libraries_are_offered_in_vietnamese_order(reader: FlaskClient) -> None:
    names = page(reader, "/advanced").xpath("//select[@id='library']/option/text()")

    assert names == ["Any", "Thư viện Quốc gia Việt Nam", "Thư viện Tạ Quang Bửu"]


def test_one_search_has_one_address(shelf: Database) -> None:
    identity = HubIdentity(base_url="https://hub.example.vn/")
    client = create_app(shelf, identity, b"k" * 32).test_client()
    [canonical] = page(client, "/?author=anh&q=&x=1&title=&f=&lang=en&f=material:map").xpath(
        "//link[@rel='canonical']/@href"
    )

    assert canonical == "https://hub.example.vn/?author=anh&f=material:map"


def test_a_search_in_vain_asks_the_database_a_bounded_number_of_times(
    shelf: Database, reader: FlaskClient
) -> None:
    asked: list[str] = []

    def note(*told: str) -> None:
        asked.append(told[2])

    event.listen(shelf.read, "before_cursor_execute", note)
    try:
        page(reader, "/?q=a+b+c+zzzz&title=d&author=e&subject=f&publisher=g")
    finally:
        event.remove(shelf.read, "before_cursor_execute", note)

    assert 0 < len(asked) <= MOST
