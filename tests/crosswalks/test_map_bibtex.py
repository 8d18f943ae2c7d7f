from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks.formats import bibtex
from crosswalks.model import Element, Record, Schema
from support.given_out import ARTICLE, BOOK, THESIS, everything, given_out, sample
from support.marc import marc, records

_ENTRY = re.compile(r"@[a-z]+\{([a-z0-9-]+),\n((?:  [a-z]+ = \{.*\},\n)*)\}\n")


def entry(record: Record) -> tuple[str, dict[str, str]]:
    """Return an entry's type and key, and its fields; it must be well formed."""
    text = given_out(bibtex, record)
    assert _ENTRY.fullmatch(text)
    assert is_balanced(text)
    first, *lines, _ = text.splitlines()
    fields = (line.strip().removesuffix("},").partition(" = {")[::2] for line in lines)
    return first.strip("@,"), dict(fields)


def is_balanced(text: str) -> bool:
    depth = 0
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0


def made(*fields: Element) -> str:
    return bibtex.write(Record(schema=Schema.BIBTEX, fields=fields)).decode()


def test_names_in_direct_order_and_of_bodies_are_not_split():
    _, found = entry(BOOK)

    assert found["author"] == "{Nguyễn Nhật Ánh}"
    assert found["editor"] == "{Hội Nhà văn, Chi hội Trẻ}"
    assert found["translator"] == "Smith, John"


def test_several_authors_are_joined_and_a_name_with_and_in_it_is_not():
    record = marc("100 1_ $aLê, Văn A", "245 10 $aX", "700 1_ $aSmith and Sons, Ltd", "700 1_ $aB")

    assert entry(record)[1]["author"] == "Lê, Văn A and {Smith and Sons, Ltd} and {B}"


def test_signs_of_latex_are_written_so_that_it_prints_them():
    text = made(Element("title", (), r"50% & $5 {x} a_b \ c"))

    assert r"50\% \& \$5 {\textbraceleft}x{\textbraceright} a\_b {\textbackslash} c" in text
    assert is_balanced(text)


def test_addresses_stay_as_they_are():
    assert entry(BOOK)[1]["url"] == "https://example.vn/sách%20một.pdf"
    assert "{https://x.vn/a_b%7D}" in made(Element("url", (), "https://x.vn/a_b}"))


def test_the_key_is_of_plain_letters_and_the_records_own():
    key, _ = entry(BOOK)
    other, _ = entry(marc("001 2", "100 0_ $aNguyễn Nhật Ánh", "245 10 $aMắt biếc"))

    assert key == "book{nguyennhatanh-2019-matbiectruyendai-57a0d"
    assert other.startswith("book{nguyennhatanh-matbiec-")
    assert entry(BOOK)[0] == key
    assert entry(marc("001 3", "100 0_ $aNguyễn Nhật Ánh", "245 10 $aMắt biếc"))[0] != other


def test_a_title_without_latin_letters_still_has_a_key():
    assert re.fullmatch(r"book\{record-[0-9a-f]{5}", entry(marc("245 00 $a金雲翹"))[0])


def test_a_masters_thesis_has_a_school_and_a_doctoral_one_its_own_type():
    kind, found = entry(THESIS)
    doctoral, _ = entry(marc("245 00 $aX", "502 __ $aLuận án tiến sĩ"))

    assert kind.startswith("mastersthesis{")
    assert (found["school"], found["type"]) == ("Trường Đại học Nông Lâm", "Thạc sĩ")
    assert doctoral.startswith("phdthesis{")


@pytest.mark.parametrize(
    ("note", "school"),
    [
        ("Luận văn thạc sĩ -- Trường Đại học Nông Lâm, 2020", "Trường Đại học Nông Lâm"),
        ("Thesis (Ph. D.)--Harvard University, 1998.", "Harvard University"),
        ("Thèse--Université de Paris.", "Université de Paris"),
        ("Luận án tiến sĩ", "Champion"),
    ],
)
def test_the_school_is_in_the_note_on_the_thesis_or_else_the_publisher(note, school):
    record = marc("245 00 $aX", "260 __ $bChampion", f"502 __ $a{note}")

    assert entry(record)[1]["school"] == school


def test_an_article_has_its_place_in_the_periodical():
    kind, found = entry(ARTICLE)

    assert kind.startswith("article{")
    assert found["journal"] == "{Tạp chí Văn học}"
    assert (found["volume"], found["number"], found["pages"]) == ("12", "3", "235--248")


@given(st.lists(st.tuples(st.sampled_from(["author", "title", "note", "url"]), st.text())))
def test_whatever_is_in_it_the_braces_are_balanced(fields):
    assert is_balanced(made(*[Element(name, (), text) for name, text in fields]))


@given(records)
def test_any_record_gives_one_entry(record):
    assert entry(record)


def test_every_real_record_gives_one_entry(shared):
    assert len([entry(record) for record in sample(shared, 150)]) > 450


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_all_real_records_give_one_entry(shared):
    assert all(entry(record) for record in everything(shared))
