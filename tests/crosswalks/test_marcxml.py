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
from crosswalks.formats import file_of, iso2709, marcxml
from crosswalks.formats.marcxml_common import read_common
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


def by_tree(document: bytes) -> Record:
    """Read as what is out of the common is read: lxml builds a tree."""
    [element] = marcxml.descendants(marcxml.parse(document, "marcxml"), "record")
    return marcxml.read_element(element)


@given(any_records)
def test_what_we_write_is_common_and_reads_as_its_tree_does(record):
    document = marcxml.write(record)

    assert read_common(document) == by_tree(document)


@given(MARC_RECORDS, st.data())
def test_nothing_reads_otherwise_by_its_bytes_than_by_its_tree(record, draw):
    text = marcxml.write(record).decode()
    for _ in range(draw.draw(st.integers(1, 3))):
        at = draw.draw(st.integers(0, len(text)))
        text = text[:at] + draw.draw(_STRANGE) + text[at + draw.draw(st.integers(0, 2)) :]
    found = read_common(text.encode())

    assert found is None or found == by_tree(text.encode())


_STRANGE = st.one_of(
    st.sampled_from("<>&;/'\"= \t\n\r\x00\x85\xa0\ufffe"),
    st.sampled_from(["&#13;", "&#0;", "&#x1f;", "&lt;", "&eacute;", "&#x1D360;", "]]>", "<!---->"]),
    st.sampled_from(["<a/>", "<![CDATA[x]]>", "<?x y?>", ' xmlns="x"', " x:y='z'", 'ind1="1"']),
    st.sampled_from(["</datafield>", "</subfield>", '<subfield code="a">', "</record>", ""]),
)


@pytest.mark.parametrize(
    "document",
    [
        RECORD.format("", ' xmlns="http://www.loc.gov/MARC21/slim"'),
        RECORD.format("marc:", ' xmlns:marc="http://www.loc.gov/MARC21/slim" id="x"'),
        RECORD.format("", "").replace("><", ">\n  <"),
        RECORD.format("", "").replace('ind1="1" ind2="0"', "ind2='0'  ind1='1'"),
        RECORD.format("", "").replace("Số", "S&#7889;"),
    ],
)
def test_common_ways_to_write_a_record_need_no_tree(document):
    assert read_common(document.encode()) == by_tree(document.encode())


@pytest.mark.parametrize(
    "document",
    [
        RECORD.format("marc:", ""),
        RECORD.format("", "").replace("</datafield>", "</marc:datafield>"),
        RECORD.format("", "").replace('code="a"', 'code="ab"'),
        RECORD.format("", "").replace('ind1="1"', 'ind1="1" ind1="1"'),
        RECORD.format("", "") + "<record/>",
    ],
)
def test_what_is_not_sound_is_left_to_the_tree(document):
    assert read_common(document.encode()) is None


def test_a_whole_collection_is_cut_and_read():
    document = marcxml.write(Record(schema=marc().schema, leader=marc().leader, fields=FIELDS))
    file = b"".join(file_of(marcxml, [document] * 3))

    assert [marcxml.read(data).fields for _, data in marcxml.split(io.BytesIO(file))] == [
        FIELDS
    ] * 3


def test_characters_beyond_the_basic_plane_survive():
    record = marc("001 7", "880 10 $6245-01$a𠀀𢆥傳翹")

    assert marcxml.read(marcxml.write(record)).fields == record.fields


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
