from __future__ import annotations

from itertools import pairwise

import pytest
from flask.testing import FlaskClient
from lxml import html

from catalogue.database import Database
from support.searching import search

PAGES = [
    "/",
    "/?q=sach",
    "/?q=sach&f=material:book&f=library:NLV&page=2",
    "/?q=sach&page=9",
    "/?q=sach&field=year",
    "/?q=zzzz",
    "/?q=kieu&lang=en",
    "/?title=kieu&author=nguyen+du&marks=1",
    "/?q=kieu+zzzz&field=title&author=nguyen",
    "/advanced?title=kieu&f=library:NLV&f=subject:x",
    "/record/{kieu}",
    "/record/{kieu}/holdings",
    "/record/{kieu}/sources",
    "/work/{kieu}",
    "/nowhere",
    "/api",
]


@pytest.fixture(params=PAGES)
def document(
    request: pytest.FixtureRequest, client: FlaskClient, filled: Database
) -> html.HtmlElement:
    kieu = search(filled, "truyen kieu").hits[0].public_id
    answer = client.get(request.param.format(kieu=kieu))
    return html.document_fromstring(answer.get_data())


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(document: html.HtmlElement) -> None:
    run = "//script[not(@type='application/ld+json')]"
    assert document.xpath(f"{run} | //style | //@style | //@*[starts-with(name(), 'on')]") == []
    loaded = document.xpath("//link[@rel='stylesheet' or @rel='icon']/@href | //img/@src")

    assert all(address.startswith("/static/") for address in loaded)


def test_a_page_can_be_read_by_ear(document: html.HtmlElement) -> None:
    headings = [int(heading.tag[1]) for heading in document.xpath("//h1 | //h2 | //h3")]
    named = document.xpath("//label/@for")

    assert headings[0] == 1
    assert headings.count(1) == 1
    # No level is left out on the way down.
    assert all(after - before <= 1 for before, after in pairwise(headings))
    assert document.xpath("string(//html/@lang)") in {"vi", "en"}
    assert document.xpath("string(//title)").strip()
    boxes = document.xpath("//input[not(@type='hidden')] | //select")
    assert all(box.get("id") in named for box in boxes)
    assert len(set(document.xpath("//@id"))) == len(document.xpath("//@id"))
    for told in document.xpath("//@aria-describedby | //@aria-labelledby"):
        assert document.xpath("count(//*[@id = $told])", told=told) == 1
    assert document.xpath("count(//main)") == 1
    assert document.xpath("//nav[not(@aria-label)]") == []
    assert document.xpath("//a[not(normalize-space())]") == []
    assert document.xpath("//a[@class='skip']/@href") == ["#content"]


@pytest.mark.parametrize("address", ["/", "/oai?verb=Identify", "/api/v1", "/healthz", "/nowhere"])
def test_every_answer_carries_the_safety_headers(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_what_the_pages_load_is_there(client: FlaskClient) -> None:
    for name in ("style.css", "icon.svg"):
        with client.get(f"/static/{name}") as answer:
            assert answer.status_code == 200
