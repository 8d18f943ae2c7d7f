from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from lxml import etree

from crosswalks.crosswalk import from_pivot, to_pivot
from crosswalks.errors import FormatError
from crosswalks.formats import iso2709, marcxml, oai_dc
from crosswalks.model import Element, Schema
from support.formats import DC_RECORDS, gpo_states, hcmut, loc_books
from support.marc import records as any_records
from support.oai_schema import schema

OAI_DC = "oai2/oai_dc.xsd"
DOCUMENT = (
    '<x:dc xmlns:x="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:d="{0}">'
    '<d:title xml:lang="vi">Số &amp;\nđỏ</d:title><!-- c --><d:date/></x:dc>'
)
FIELDS = (Element("dc:title", (("xml:lang", "vi"),), "Số &\nđỏ"), Element("dc:date", (), ""))


def share_examples(shared: Path) -> list[etree._Element]:
    path = shared / "data/corpora/share-oai-dc-examples/files/share_examples.xml"
    return list(etree.parse(path).iter("{http://www.openarchives.org/OAI/2.0/oai_dc/}dc"))


@given(DC_RECORDS)
def test_what_is_written_reads_back_the_same(record):
    assert oai_dc.read(oai_dc.write(record)) == record


@pytest.mark.parametrize(
    "namespace", ["http://purl.org/dc/elements/1.1/", "http://purl.org/dc/elements/1.0/", "urn:x"]
)
def test_elements_are_known_by_any_prefix_and_namespace(namespace):
    data = DOCUMENT.format(namespace).encode()

    assert oai_dc.sniff(data)
    assert oai_dc.read(data).fields == FIELDS


def test_a_record_is_found_inside_what_wraps_it():
    data = f"<metadata>{DOCUMENT.format('http://purl.org/dc/elements/1.1/')}</metadata>"

    assert oai_dc.read(data.encode()).fields == FIELDS


@pytest.mark.parametrize(
    "document", ["<html><p>x</p></html>", "<dc", '<!DOCTYPE dc><dc:dc xmlns:dc="x"/>']
)
def test_what_is_not_dublin_core_is_refused(document):
    with pytest.raises(FormatError):
        oai_dc.read(document.encode())


def test_only_the_fifteen_elements_are_written(shared):
    record = oai_dc.read(
        b'<dc xmlns:t="http://purl.org/dc/terms/"><title>x</title><t:issued>1</t:issued></dc>'
    )

    assert [element.name for element in record.elements("dcterms:issued")] == ["dcterms:issued"]
    assert oai_dc.read(oai_dc.write(record)).fields == record.fields[:1]


def test_any_marc_record_at_all_gives_valid_oai_dc(shared):
    xsd = schema(shared, OAI_DC)

    @given(any_records)
    def check_one(record):
        xsd.assertValid(etree.fromstring(oai_dc.write(from_pivot(record, Schema.OAI_DC))))

    check_one()


@pytest.mark.parametrize("corpus", [loc_books, gpo_states, hcmut])
def test_real_marc_records_give_valid_oai_dc(shared, corpus):
    xsd = schema(shared, OAI_DC)
    written = [
        oai_dc.write(from_pivot(to_pivot(iso2709.read(data)), Schema.OAI_DC))
        for data in corpus(shared, 500)
    ]

    assert [data for data in written if not xsd.validate(etree.fromstring(data))] == []


def test_real_oai_dc_records_give_valid_marc_and_valid_oai_dc(shared):
    marc, dc = schema(shared, "loc/MARC21slim.xsd"), schema(shared, OAI_DC)
    examples = share_examples(shared)

    assert len(examples) > 100
    for element in examples:
        pivot = to_pivot(oai_dc.read_element(element))
        marc.assertValid(etree.fromstring(marcxml.write(pivot)))
        dc.assertValid(etree.fromstring(oai_dc.write(from_pivot(pivot, Schema.OAI_DC))))
