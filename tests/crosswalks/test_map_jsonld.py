from __future__ import annotations

import json

import pytest
from hypothesis import given

from crosswalks import formats
from crosswalks.formats import jsonld
from crosswalks.model import Element, Record, Schema
from support.given_out import ARTICLE, BOOK, THESIS, everything, given_out, sample
from support.marc import marc, records


def told(record: Record) -> dict[str, object]:
    found: dict[str, object] = json.loads(given_out(jsonld, record))
    return found


def test_a_vietnamese_book_has_its_people_in_their_roles_and_its_title_in_both_scripts():
    found = told(BOOK)

    assert (found["@context"], found["@type"]) == ("https://schema.org", "Book")
    assert (found["name"], found["alternateName"]) == ("Mắt biếc : truyện dài", "𡨸喃 : 眼碧")
    assert found["author"] == {"@type": "Person", "name": "Nguyễn Nhật Ánh", "birthDate": "1955"}
    assert found["translator"] == {"@type": "Person", "name": "Smith, John"}
    assert found["illustrator"] == {"@type": "Person", "name": "Đỗ Hoàng Tường"}
    assert found["editor"] == {"@type": "Organization", "name": "Hội Nhà văn, Chi hội Trẻ"}


def test_numbers_languages_and_addresses_are_written_as_the_web_reads_them():
    found = told(BOOK)

    assert found["numberOfPages"] == 316
    assert found["inLanguage"] == "vi"
    assert (found["sameAs"], found["isbn"]) == ("https://doi.org/10.1000/xyz123", "9786040000019")
    assert found["url"] == "https://example.vn/sách%20một.pdf"
    assert found["publisher"] == {"@type": "Organization", "name": "Trẻ", "location": "Hà Nội"}


def test_a_thesis_says_for_which_degree_and_who_advised():
    found = told(THESIS)

    assert found["@type"] == ["Thesis", "Book"]
    assert found["inSupportOf"] == "Thạc sĩ"
    assert found["contributor"] == {
        "@type": "Role",
        "roleName": "thesis advisor",
        "contributor": {"@type": "Person", "name": "Lê Văn Sáu"},
    }


def test_a_note_that_only_stands_in_the_field_of_theses_makes_none():
    assert told(marc("245 00 $aX", "502 __ $aA history of the county"))["@type"] == "Book"


def test_an_article_is_in_an_issue_of_a_volume_of_a_periodical():
    found = told(ARTICLE)

    assert (found["@type"], found["pageStart"], found["pageEnd"]) == ("Article", "235", "248")
    assert found["isPartOf"] == {
        "@type": "PublicationIssue",
        "issueNumber": "3",
        "isPartOf": [
            {"@type": "PublicationVolume", "volumeNumber": "12"},
            {"@type": "Periodical", "name": "Tạp chí Văn học", "issn": "0866-7349"},
        ],
    }


@pytest.mark.parametrize(
    ("extent", "pages"),
    [
        ("316 tr.", 316),
        ("xii, 345 p.", 345),
        ("iii, 22 pages, 3 folded leaves of plates", 22),
        ("3 p. l., 232 p., 1 l.", None),
        ("145, [3] p.", None),
        ("2 p., 232 p.", None),
        ("2 v.", None),
    ],
)
def test_pages_are_counted_only_where_one_number_is_all_of_them(extent, pages):
    assert told(marc("245 00 $aX", f"300 __ $a{extent}")).get("numberOfPages") == pages


def test_a_serial_has_a_beginning_and_an_end_instead_of_a_date():
    found = told(
        marc("008 200101d19902005vm |||p|", "245 00 $aX", leader="00000nas a2200000 a 4500")
    )

    assert (found["@type"], found["startDate"], found["endDate"]) == ("Periodical", "1990", "2005")
    assert "datePublished" not in found


def test_a_file_is_one_graph_whose_records_can_also_stand_alone():
    objects = [jsonld.write(Record(schema=Schema.JSONLD, fields=(Element("name", (), "X"),)))] * 2
    whole = json.loads(b"".join(formats.file_of(jsonld, objects)))

    assert whole["@context"] == "https://schema.org"
    assert whole["@graph"] == [json.loads(objects[0])] * 2
    assert json.loads(b"".join(formats.file_of(jsonld, [])))["@graph"] == []


@given(records)
def test_any_record_gives_one_line_of_json(record):
    text = given_out(jsonld, record)

    assert "\n" not in text
    assert json.loads(text)["@type"]


def test_every_real_record_gives_json_with_a_name(shared):
    found = [told(record) for record in sample(shared, 150)]

    assert len(found) > 450
    assert [each for each in found if "name" not in each and "identifier" not in each] == []


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_all_real_records_give_json(shared):
    assert all(told(record)["@type"] for record in everything(shared))
