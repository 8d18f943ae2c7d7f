from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from crosswalks.errors import FormatError
from crosswalks.files import read_file
from crosswalks.formats import qdc
from crosswalks.model import Element, Schema
from support.elements import (
    CHANGES,
    leaf,
    leaves,
    mutated,
    real_files,
    record,
    records,
    try_to_read,
)
from support.oai_schema import schema

RECORDS = records(
    Schema.QDC,
    leaves(
        ["dc:title", "dc:creator", "dcterms:issued", "dcterms:extent"],
        (("xml:lang", "vi"),),
        (("xsi:type", "dcterms:LCSH"),),
    ),
)
BOOK = (
    '<q:qualifieddc xmlns:q="{q}" xmlns:d="{d}" xmlns:t="http://purl.org/dc/terms/" '
    'xmlns:i="http://www.w3.org/2001/XMLSchema-instance">'
    '<d:title xml:lang="vi">Dế mèn</d:title><!-- c -->\n'
    '<t:issued i:type="t:W3CDTF">1941</t:issued></q:qualifieddc>'
)
DSPACE, DC = "http://dspace.org/qualifieddc/", "http://purl.org/dc/elements/1.1/"
FIELDS = (
    leaf("dc:title", "Dế mèn", xml__lang="vi"),
    leaf("dcterms:issued", "1941", xsi__type="dcterms:W3CDTF"),
)


@given(RECORDS)
def test_what_is_written_reads_back_the_same(made):
    assert qdc.read(qdc.write(made)) == made


@pytest.mark.parametrize("namespace", [DSPACE, "http://worldcat.org/xmlschemas/qdc-1.0/"])
def test_every_wrapping_and_prefix_is_read_alike(namespace):
    data = BOOK.format(q=namespace, d=DC).encode()

    assert qdc.sniff(data)
    assert qdc.read(data) == record(Schema.QDC, *FIELDS)


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (BOOK.format(q=DSPACE, d="urn:x"), ["wrong-namespace"]),
        (BOOK.format(q="urn:q", d="urn:x"), ["wrong-namespace"]),
        (
            BOOK.format(q=DSPACE, d=DC).replace("xmlns:d=", "xmlns:e="),
            ["undeclared-prefix", "wrong-namespace"],
        ),
    ],
)
def test_wrong_namespaces_are_refused_strictly_and_overlooked_leniently(data, codes):
    made, problems = qdc.read_leniently(data.encode())

    assert made.fields == FIELDS
    assert [problem.code for problem in problems][: len(codes)] == codes[: len(problems)]
    with pytest.raises(FormatError):
        qdc.read(data.encode())


def test_refinements_under_the_prefix_of_the_fifteen_are_written_where_they_belong():
    made = record(Schema.QDC, leaf("dc:alternative", "x"), leaf("edm:rights", "y"))

    assert qdc.read(qdc.write(made)).fields == (leaf("dcterms:alternative", "x"),)


@pytest.mark.parametrize(
    ("scheme", "value", "is_kept"),
    [
        ("dcterms:W3CDTF", "2001-02-28", True),
        ("dcterms:W3CDTF", "c2001", False),
        ("dcterms:DCMIType", "Text", True),
        ("dcterms:DCMIType", "text", False),
        ("dcterms:URI", "x", True),
        ("x:URI", "x", False),
    ],
)
def test_a_scheme_is_named_only_for_values_that_follow_it(scheme, value, is_kept):
    made = record(Schema.QDC, Element("dcterms:date", (("xsi:type", scheme),), value))

    assert (qdc.read(qdc.write(made)) == made) == is_kept


def test_its_simple_elements_are_valid(shared):
    xsd = schema(shared, "openaire/oaire-4.0/dcterms.xsd")
    names = [f"dc:{name}" for name in ("description", "publisher", "format", "source")]

    @given(records(Schema.QDC, leaves(names, (("xml:lang", "vi"),), (("lang", "x"),))))
    def check_one(made):
        for element in etree.fromstring(qdc.write(made)):
            xsd.assertValid(etree.fromstring(etree.tostring(element)))

    check_one()


@given(RECORDS, CHANGES, st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_format_error(made, changes, noise):
    try_to_read(qdc, mutated(qdc.write(made), changes))
    try_to_read(qdc, noise)


def test_all_real_records_are_read_and_what_is_written_is_stable(shared):
    found = [item for data in real_files(shared, qdc) for item in read_file(io.BytesIO(data), qdc)]
    written = [qdc.write(item.record) for item in found if item.record]

    assert len(written) == len(found) >= 160
    assert [data for data in written if qdc.write(qdc.read(data)) != data] == []
