"""What the search page answers to strange addresses, failures, and many records."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from sqlalchemy import event, update
from werkzeug.datastructures import MultiDict

from catalogue.database import Database
from catalogue.model import HubIdentity
from catalogue.search import FacetName
from catalogue.search.material import MATERIALS
from catalogue.sql import table
from catalogue.tables import SearchedViewRow
from support.filled import add_library, book, deliver, settle
from support.staff import with_known_templates
from web.app import create_app
from web.public import asking, facets
from web.public.asking import FIELDS, LAST_PAGE, ORDERS, Asked, Narrowing
from web.public.results import NAMED

MOST = 20
"""Questions that the page may ask of the database."""
NOT_READY = {
    "vi": "Mục lục đang được chuẩn bị để tra cứu. Xin thử lại sau vài phút.",
    "en": "The catalogue is being made ready for searching. Please try again in a few minutes.",
}
NO_YEAR = {"vi": "Năm được viết bằng bốn chữ số.", "en": "A year is written with four digits."}
NO_WORDS = {
    "vi": "Nội dung vừa gõ không có chữ cái hay chữ số nào.",
    "en": "There is no letter and no digit in that.",
}

words = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)
narrowings = st.builds(Narrowing, st.sampled_from(FacetName), words)


def served(database: Database) -> FlaskClient:
    return with_known_templates(create_app(database, HubIdentity(), b"k" * 32)).test_client()


def main_of(client: FlaskClient, address: str, status: int = 200) -> html.HtmlElement:
    answer = client.get(address)

    assert answer.status_code == status
    return html.document_fromstring(answer.get_data()).find(".//main")


def text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


@given(
    st.builds(
        Asked,
        words=words,
        field=st.sampled_from(sorted(FIELDS)),
        narrowed=st.lists(narrowings, max_size=5, unique=True).map(tuple),
        order=st.sampled_from(sorted(ORDERS)),
        each=st.booleans(),
        more=st.none() | st.sampled_from(FacetName),
        page=st.integers(1, LAST_PAGE),
    )
)
def test_an_address_says_all_that_is_asked(asked: Asked) -> None:
    told = [
        (name, each)
        for name, value in asked.parameters().items()
        for each in (value if isinstance(value, list) else [str(value)])
    ]

    assert asking.read(MultiDict(told)) == asked


@pytest.mark.parametrize(
    "query",
    [
        "f=material",
        "f=material:",
        "f=:book",
        "f=colour:red",
        "f=material:nonsense",
        "f=year:MMX",
        "f=year:99999999999999999999",
        "f=year:-1",
        "f=language:%00",
        "f=library:%27%20OR%201=1",
        "f=subject:%FF%FE",
        "f=author:" + "x" * 3000,
        "&".join(f"f=author:{number}" for number in range(2000)),
        "f=material:book&f=material:thesis",
        "sort=-year",
        "sort=%00",
        "field=%00",
        "field=any",
        "field=control",
        "more=%00",
        "more=material",
        "each=yes",
        "page=100",
        "page=0x10",
        "field=isbn",
        "field=issn",
    ],
)
def test_a_strange_address_is_answered(client: FlaskClient, query: str) -> None:
    assert client.get(f"/?q=sach&{query}").status_code == 200


@pytest.mark.parametrize("field", [*FIELDS])
@pytest.mark.parametrize(
    "words", ["*", "%22", "%22%22*", "a*%22b", "%00", "¼", "٣", "1-", "’", "-"]
)
def test_strange_words_are_answered_in_every_field(
    client: FlaskClient, field: str, words: str
) -> None:
    assert client.get(f"/?q={words}&field={field}").status_code == 200


def test_markup_in_an_address_is_text(client: FlaskClient) -> None:
    shown = main_of(client, "/?q=kieu&f=subject:<script>alert(1)</script>&f=author:'%22><b>")

    assert shown.xpath(".//script | .//b") == []
    assert "<script>alert(1)</script>" in text(shown)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("query", "told"),
    [("q=abc&field=year", NO_YEAR), ("q=199&field=year", NO_YEAR), ("q=!!!", NO_WORDS)],
)
def test_what_cannot_be_looked_for_is_said_in_a_sentence(
    client: FlaskClient, query: str, told: dict[str, str], language: str
) -> None:
    shown = main_of(client, f"/?{query}&lang={language}")
    box = shown.xpath("//input[@id='q']")[0]

    assert text(shown.xpath(".//*[@role='alert']")[0]).startswith(told[language])
    assert (box.get("aria-describedby"), box.get("aria-invalid")) == ("problem", "true")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_index_that_is_not_ready_is_said_in_a_sentence(
    database: Database, language: str
) -> None:
    not_ready = update(table(SearchedViewRow)).values(ready=False)
    database.writing(lambda connection: connection.execute(not_ready))
    client = served(database)

    assert text(main_of(client, f"/?q=sach&lang={language}", 503)).endswith(NOT_READY[language])
    assert client.get("/?q=sach").headers["Retry-After"] == "60"


def test_nothing_found_among_what_is_narrowed_offers_to_take_it_off(client: FlaskClient) -> None:
    shown = main_of(client, "/?q=sach&f=library:NOWHERE")

    assert "Xin bỏ bớt bộ lọc" in text(shown)
    assert shown.xpath(".//div[@class='chosen']//a/@href") == ["/?q=sach"]


def test_a_page_behind_the_last_one_leads_back(client: FlaskClient) -> None:
    shown = main_of(client, "/?q=sach+so&page=3&sort=title")

    assert "Không có trang 3." in text(shown)
    assert "Kết quả: 25" in text(shown)
    assert "/?q=sach+so&sort=title" in shown.xpath(".//a/@href")


def test_turning_pages_keeps_all_that_is_asked(client: FlaskClient) -> None:
    address = "/?q=sach&f=material:book&f=library:NLV&sort=title"
    first = main_of(client, address)
    onward = first.xpath("string(.//a[@rel='next']/@href)")

    assert onward == f"{address}&page=2"
    assert main_of(client, onward).xpath("string(.//a[@rel='prev']/@href)") == address


def test_the_other_language_is_the_same_page_narrowed_alike(client: FlaskClient) -> None:
    document = html.document_fromstring(
        client.get("/?q=sach&f=material:book&f=library:NLV&lang=vi").get_data()
    )
    other = document.xpath("string(//a[@hreflang='en']/@href)")

    assert parse_qsl(urlsplit(other).query) == [
        ("q", "sach"),
        ("f", "material:book"),
        ("f", "library:NLV"),
        ("lang", "en"),
    ]


def test_robots_are_asked_not_to_follow_every_narrowing(client: FlaskClient) -> None:
    shown = main_of(client, "/?q=sach&f=library:NLV&f=material:book")
    links = shown.xpath(".//a[contains(@href, 'f=')]")

    assert {link.get("rel") for link in links} <= {"nofollow", "next"}


def test_every_kind_of_publication_has_a_name() -> None:
    assert list(facets.MATERIALS) == list(MATERIALS)


def test_a_hit_that_many_libraries_hold_names_the_first_and_counts_the_others(
    database: Database,
) -> None:
    for number in range(NAMED + 3):
        add_library(database, f"L{number}", f"Thư viện {number}")
        deliver(database, f"L{number}", {"a": book("Chuyện chung", isbn="9786042093026")})
    settle(database)
    shown = main_of(served(database), "/?q=chuyen+chung")

    assert text(shown.xpath(".//ol//p[@class='held']")[0]) == (
        "Thư viện có tài liệu: Thư viện 0; Thư viện 1; Thư viện 2; Thư viện 3 và 3 thư viện khác"
    )


@pytest.mark.parametrize("more", ["", "&sort=title", "&each=1", "&more=author", "&f=material:book"])
def test_the_page_asks_as_often_for_many_hits_as_for_one(database: Database, more: str) -> None:
    client = served(database)
    asked: list[str] = []
    event.listen(database.read, "before_cursor_execute", lambda *told: asked.append(told[2]))
    counts = []
    for size in (1, 60):
        name = f"L{size}"
        add_library(database, name, name)
        shelf = {
            f"{size}-{number}": book(
                f"Chuyện {size}", author=f"Tác giả {number}", subject=f"{number}"
            )
            for number in range(size)
        }
        deliver(database, name, shelf)
        settle(database)
        asked.clear()
        found = main_of(client, f"/?q=chuyen{more}")
        counts.append(len(asked))

    assert len(found.xpath(".//ol/li")) == 20
    assert counts[0] >= counts[1]
    assert counts[0] <= MOST
