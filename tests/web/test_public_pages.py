from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from lxml import html

from catalogue.database import Database
from crosswalks.model import Field, Record, Schema
from support.searching import search
from web.public import display


def page(client: FlaskClient, address: str, status: int = 200) -> html.HtmlElement:
    answer = client.get(address)

    assert answer.status_code == status
    return html.document_fromstring(answer.get_data())


def text(document: html.HtmlElement) -> str:
    return " ".join(document.text_content().split())


def address_of(database: Database, words: str) -> str:
    return f"/record/{search(database, words).hits[0].public_id}"


def test_the_first_page_has_one_labelled_box_and_a_hint(client: FlaskClient) -> None:
    document = page(client, "/")

    assert document.xpath("//label[@for = //input/@id]/text()") == [
        "Nhan đề, tác giả, chủ đề hoặc ISBN"
    ]
    assert "Có thể gõ không dấu" in text(document)


@pytest.mark.parametrize("words", ["truyen kieu", "Truyện Kiều", "nguyen du", "9786046977711"])
def test_a_book_is_found_with_and_without_marks(client: FlaskClient, words: str) -> None:
    found = text(page(client, f"/?q={words}"))

    assert "Kết quả: 1" in found
    assert "Truyện Kiều" in found
    assert "Nguyễn Du, 2015" in found
    assert "Thư viện Quốc gia Việt Nam" in found
    assert "Thư viện Tạ Quang Bửu" in found


def test_results_come_in_pages_that_link_to_each_other(client: FlaskClient) -> None:
    first = page(client, "/?q=sach+so")
    second = page(client, first.xpath("string(//a[@rel='next']/@href)"))

    assert "Trang 1/2" in text(first)
    assert len(first.xpath("//ol/li")) == 20
    assert second.xpath("string(//ol/@start)") == "21"
    assert len(second.xpath("//ol/li")) == 5
    assert second.xpath("string(//a[@rel='prev']/@href)") == "/?q=sach+so"


def test_nothing_found_is_said_with_what_to_try(client: FlaskClient) -> None:
    assert "Không tìm thấy kết quả" in text(page(client, "/?q=zzzzzz"))


@pytest.mark.parametrize(
    "query",
    ["q=%00", "q=%FF%FE", "q=%22%20OR%20%22", "q=*&page=99999999999", "q=a&page=-1", "q=a&page=x"],
)
def test_strange_searches_are_answered(client: FlaskClient, query: str) -> None:
    assert client.get(f"/?{query}").status_code == 200
    assert client.get(f"/?q={'a ' * 3000}").status_code == 200


def test_a_record_is_shown_with_labels_holdings_and_marc(
    client: FlaskClient, filled: Database
) -> None:
    document = page(client, address_of(filled, "truyen kieu"))
    shown = text(document)

    assert document.xpath("string(//h1)") == "Truyện Kiều"
    assert "Tác giả Nguyễn Du" in shown
    assert "Thư viện có tài liệu này" in shown
    assert {"Thư viện Tạ Quang Bửu", "Thư viện Quốc gia Việt Nam"} <= set(
        document.xpath("//tbody/tr/th/text()")
    )
    assert "895.9221 NG-D" in shown
    assert "$a Truyện Kiều" in shown
    assert document.xpath("//dd/a/@href") == ["https://example.vn/kieu"]


def test_a_record_links_to_its_forms(client: FlaskClient, filled: Database) -> None:
    document = page(client, address_of(filled, "truyen kieu"))
    links = document.xpath("//ul[@class='forms']//a/@href")

    assert len(links) == 9
    for link in links[:-2]:
        assert client.get(link).status_code == 200
    for link in links[-2:]:
        assert b"<GetRecord>" in client.get(link).get_data()


def test_markup_in_a_record_is_text(client: FlaskClient, filled: Database) -> None:
    document = page(client, address_of(filled, "alert"))

    assert (
        document.xpath(
            "//script[not(@type='application/ld+json')] | //a[starts-with(@href, 'javascript:')]"
        )
        == []
    )
    assert "javascript:alert(1)" in text(document)
    assert "<script>alert(1)</script>" in document.xpath("string(//h1)")


def test_an_unknown_record_is_a_page_that_says_so(client: FlaskClient) -> None:
    for address in ("/record/nosuch", "/record/%00", "/nowhere"):
        assert "Không tìm thấy trang" in text(page(client, address, 404))


def test_a_withdrawn_record_is_gone_and_a_merged_one_leads_on(
    client: FlaskClient, filled: Database
) -> None:
    answer = client.get("/oai?verb=ListIdentifiers&metadataPrefix=oai_dc&set=library:HUST")
    body = answer.get_data(as_text=True)
    gone = re.findall(r'status="deleted"><identifier>[^<]*:(\w+)<', body)
    answers = [client.get(f"/record/{public_id}") for public_id in gone]

    assert sorted(answer.status_code for answer in answers) == [302, 410]
    for answer in answers:
        if answer.status_code == 302:
            assert answer.location == address_of(filled, "truyen kieu")
        else:
            assert "Biểu ghi này đã được rút" in answer.get_data(as_text=True)


def test_isbd_marks_at_the_end_of_a_line_are_left_out() -> None:
    record = Record(
        schema=Schema.MARC21,
        fields=(Field("245", "10", (("a", "Truyện Kiều :"), ("b", "thơ /"), ("c", "Nguyễn Du."))),),
    )

    assert display.title(record) == "Truyện Kiều : thơ"
    assert display.lines(record)[:2] == [
        ("Title", ("Truyện Kiều : thơ",)),
        ("Statement of responsibility", ("Nguyễn Du.",)),
    ]
