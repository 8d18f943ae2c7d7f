from __future__ import annotations

import gzip
import io
from contextlib import suppress

import pymarc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from crosswalks.check import check
from crosswalks.errors import FormatError
from crosswalks.formats import iso2709, marcxml
from crosswalks.model import Control, Field, Record
from support.formats import MARC_RECORDS, gpo_states, hcmut, loc_books, marc_record
from support.marc import marc
from support.marc import records as any_records
from support.oai_schema import schema

RECORD = (
    "<{0}record{1}><{0}leader>00000nam a2200000 a 4500</{0}leader>"
    '<{0}controlfield tag="001"> 12 </{0}controlfield>'
    '<{0}datafield tag="245" ind1="1" ind2="0"><{0}subfield code="a">Số đỏ</{0}subfield>'
    "</{0}datafield></{0}record>"
)
FIELDS = (Control("001", " 12 "), Field("245", "10", (("a", "Số đỏ"),)))


@given(MARC_RECORDS)
def test_what_is_written_reads_back_the_same(record):
    assert marcxml.read(marcxml.write(record)) == record


@pytest.mark.parametrize(
    "document",
    [
        RECORD.format("", ' xmlns="http://www.loc.gov/MARC21/slim"'),
        RECORD.format("marc:", ' xmlns:marc="http://www.loc.gov/MARC21/slim"'),
        RECORD.format("", ""),
        RECORD.format("", ' xmlns="info:lc/xmlns/marcxchange-v1"'),
        f"<?xml version='1.0'?><!-- x --><collection>{RECORD.format('', '')}</collection>",
        RECORD.format("", "").replace("Số", "<!-- so -->S<?x y?>ố"),
    ],
)
def test_any_prefix_namespace_or_wrapping_is_read(document):
    assert marcxml.sniff(document.encode())
    assert marcxml.read(document.encode()).fields == FIELDS


@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE r [<!ENTITY e "x">]>' + RECORD.format("", ""),
        RECORD.format("", "").replace("Số", "&e;"),
        RECORD.format("", "")[:-9],
        RECORD.format("", "").replace(' code="a"', ""),
        RECORD.format("", "").replace(' tag="245"', ""),
        "<record/>",
        "<collection/>",
        f"<collection>{RECORD.format('', '') * 2}</collection>",
        "",
    ],
)
def test_what_is_not_exactly_one_sound_record_is_refused(document):
    with pytest.raises(FormatError):
        marcxml.read(document.encode())


@given(st.binary(max_size=200))
def test_random_bytes_raise_nothing_but_a_format_error(data):
    for reader in (marcxml.read, marcxml.read_leniently):
        with suppress(FormatError):
            reader(b"<record>" + data + b"</record>")


def test_characters_xml_cannot_hold_are_left_out_of_what_is_written():
    record = marc("245 10 $aS\x00ố\x0b \ud800đ\uffffỏ\r\n<&>\"'")

    assert marcxml.read(marcxml.write(record)).values("245", "a") == ["Số đỏ\r\n<&>\"'"]


def test_any_record_at_all_is_written_as_valid_marcxml(shared):
    xsd = schema(shared, "loc/MARC21slim.xsd")

    @given(any_records)
    def check_one(record):
        xsd.assertValid(etree.fromstring(marcxml.write(record)))

    check_one()


def test_a_local_control_field_and_a_strange_code_keep_their_text():
    record = Record(
        schema=marc().schema,
        leader="",
        fields=(Control("901", "Kho 2"), Field("245", "ÁB", (("é", "tude"),))),
    )

    written = marcxml.read(marcxml.write(record))

    assert written.fields == (
        Field("901", "  ", (("a", "Kho 2"),)),
        Field("245", "  ", (("?", "étude"),)),
    )


def test_fields_out_of_order_are_written_control_fields_first():
    record = marc_record([], [*FIELDS[1:]])
    record = Record(schema=record.schema, leader=record.leader, fields=(*record.fields, FIELDS[0]))

    assert marcxml.read(marcxml.write(record)).fields == FIELDS


@pytest.mark.parametrize("corpus", [loc_books, gpo_states, hcmut])
def test_real_records_are_written_valid_and_whole(shared, corpus):
    xsd = schema(shared, "loc/MARC21slim.xsd")
    records = [iso2709.read(data) for data in corpus(shared, 500)]
    written = [marcxml.write(record) for record in records]

    assert [data for data in written if not xsd.validate(etree.fromstring(data))] == []
    changed = [
        record
        for record, data in zip(records, written, strict=True)
        if marcxml.read(data).fields != record.fields
    ]
    assert [record for record in changed if not codes(record) & {"bad-subfield-code"}] == []


def test_a_real_collection_reads_as_pymarc_reads_it(shared):
    path = next((shared / "data/corpora/gpo-encodings").glob("NIST*nbs*.xml.gz"))
    data = gzip.decompress(path.read_bytes())
    theirs = pymarc.parse_xml_to_array(io.BytesIO(data))
    ours = [marcxml.read_element(element) for element in marcxml.parse(data, "marcxml")]

    assert len(ours) == len(theirs) > 0
    assert [str(one.leader) for one in theirs] == [one.leader for one in ours]
    assert [values(one) for one in ours] == [pymarc_values(one) for one in theirs]


def codes(record: Record) -> set[str]:
    return {problem.code for problem in check(record)}


def values(record: Record) -> list[tuple[str, ...]]:
    return [
        (field.tag, field.value)
        if isinstance(field, Control)
        else (field[0], *[part for pair in field[2] for part in pair])
        for field in record.fields
    ]


def pymarc_values(record: pymarc.Record) -> list[tuple[str, ...]]:
    return [
        (field.tag, field.data or "")
        if field.control_field
        else (field.tag, *[part for sub in field.subfields for part in (sub.code, sub.value)])
        for field in record.fields
    ]
