from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks import formats
from crosswalks.formats import iso2709, marcxml, mrk, oai_dc
from crosswalks.model import Control, RawRecord, Severity
from crosswalks.reading import read
from crosswalks.stored import from_json, to_json
from support.formats import DC_RECORDS, MARC_RECORDS
from support.marc import marc
from support.marc import records as any_records

BOOK = marc("001 12", "245 10 $aSố đỏ$cVũ Trọng Phụng")
XML = marcxml.write(BOOK)
FORMAT_NAMES = ["", "marc21", "oai_dc", "iso2709", "http://www.loc.gov/MARC21/slim", "nosuch"]


def raw(body: bytes, name: str = "") -> RawRecord:
    return RawRecord(identifier="oai:x:1", format=name, body=body)


def codes(body: bytes, name: str = "") -> list[str]:
    return [problem.code for problem in read(raw(body, name))[1]]


@given(st.binary(max_size=300), st.sampled_from(FORMAT_NAMES))
def test_no_bytes_at_all_make_reading_raise(body, name):
    record, problems = read(raw(body, name))

    assert record is not None or [problem.severity for problem in problems] == [Severity.ERROR]


@given(
    st.one_of(MARC_RECORDS.map(marcxml.write), DC_RECORDS.map(oai_dc.write)),
    st.lists(st.tuples(st.integers(0), st.binary(max_size=3)), min_size=1, max_size=4),
)
def test_no_mutation_of_xml_makes_reading_raise(data, changes):
    for place, inserted in changes:
        at = place % len(data)
        data = data[:at] + inserted + data[at + 1 :]

    record, problems = read(raw(data))

    assert record is not None or problems


@pytest.mark.parametrize("write", [marcxml.write, iso2709.write])
def test_the_bytes_decide_where_the_name_is_missing_or_wrong(write):
    assert [read(raw(write(BOOK), name))[0] for name in ("", "oai_dc")] != [None, None]


def test_sound_bytes_are_read_without_a_problem():
    assert read(raw(XML, "marc21")) == (BOOK, ())


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (XML.replace("đỏ".encode(), b"\x0b" + "đỏ".encode()), "illegal-character"),
        (XML.replace("đỏ".encode(), "&#11;đỏ".encode()), "illegal-character"),
        (XML.replace("đỏ".encode(), "đỏ".encode() + b" & co"), "not-well-formed"),
        (XML[:-9], "not-well-formed"),
        (XML.replace("Trọng".encode(), b"Tr\xe7ng"), "bad-encoding"),
        (XML.replace(b' code="c"', b""), "bad-structure"),
    ],
)
def test_damaged_xml_is_read_with_the_damage_said(body, code):
    record, problems = read(raw(body))

    assert record is not None
    assert record.control("001") == "12"
    assert [(problem.code, problem.severity) for problem in problems] == [(code, Severity.WARNING)]


def test_two_records_in_one_are_read_as_the_first_with_a_warning():
    record, problems = read(raw(b"<collection>" + XML * 2 + b"</collection>"))

    assert record == BOOK
    assert [problem.code for problem in problems] == ["read-leniently"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty-record"),
        (b"hello", "unknown-format"),
        (b"<html><body>Sorry</body></html>", "unknown-format"),
        (b"<record xmlns='http://www.loc.gov/MARC21/slim'/>", "unreadable"),
        (b"<!DOCTYPE x [<!ENTITY e 'x'>]>" + XML, "unreadable"),
    ],
)
def test_what_cannot_be_read_is_an_error_with_a_stable_code(body, code):
    assert read(raw(body))[0] is None
    assert codes(body) == [code]


def test_a_deleted_record_without_a_body_is_no_problem():
    assert read(RawRecord(identifier="oai:x:1", deleted=True)) == (None, ())


def test_every_announced_name_leads_to_one_format():
    names = [name for form in formats.FORMATS for name in form.NAMES]

    assert len(set(names)) == len(names)
    assert formats.named(" http://www.loc.gov/MARC21/slim ") is not None


@given(st.one_of(any_records, MARC_RECORDS, DC_RECORDS))
def test_the_stored_text_gives_the_record_back(record):
    assert from_json(to_json(record)) == record


def test_the_stored_text_is_compact():
    assert to_json(BOOK) == (
        '["marc21","00000nam a2200000 a 4500",'
        '[["001","12"],["245","10",[["a","Số đỏ"],["c","Vũ Trọng Phụng"]]]]]'
    )


def test_marc_is_shown_to_people_a_line_a_field():
    record = marc("008 a b", "245 1_ $aGiá 5\n$bx", leader="00000nam")

    assert mrk.write(record).decode() == "=LDR  00000nam\n=008  a\\b\n=245  1\\$aGiá 5 $bx\n"
    assert isinstance(record.fields[0], Control)
