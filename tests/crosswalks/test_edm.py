from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks.errors import FormatError
from crosswalks.files import read_file
from crosswalks.formats import edm
from crosswalks.model import Element, Schema
from support.elements import (
    CHANGES,
    group,
    leaf,
    leaves,
    mutated,
    real_files,
    record,
    records,
    try_to_read,
)

PROPERTIES = leaves(
    ["dc:title", "dcterms:issued", "edm:type", "{urn:x}note"],
    (("xml:lang", "vi"),),
    (("rdf:resource", "http://x/?a&b"),),
    (("{urn:y}z", "1\n2"),),
)
RESOURCES = st.builds(
    lambda name, found: group(name, *found, rdf__about="#1"),
    st.sampled_from(["edm:ProvidedCHO", "ore:Aggregation", "edm:WebResource", "skos:Concept"]),
    st.lists(PROPERTIES, max_size=4),
)
RDF = (
    b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    b'xmlns:e="http://www.europeana.eu/schemas/edm/" xmlns="http://purl.org/dc/elements/1.1/">\n'
    b'<e:ProvidedCHO r:about="#1">\n<title xml:lang="vi">Tranh</title></e:ProvidedCHO></r:RDF>'
)
ESE = (
    b'<e:record xmlns:e="http://www.europeana.eu/schemas/ese/" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Tranh</dc:title>'
    b"<e:type>IMAGE</e:type></e:record>"
)


@given(
    st.one_of(
        records(Schema.EDM, RESOURCES), records(Schema.EDM, leaves(["dc:title", "europeana:type"]))
    )
)
def test_what_is_written_reads_back_the_same(made):
    assert edm.read(edm.write(made)) == made


def test_resources_keep_their_properties():
    made = edm.read(RDF)

    assert made.fields == (
        group("edm:ProvidedCHO", leaf("dc:title", "Tranh", xml__lang="vi"), rdf__about="#1"),
    )


def test_flat_records_stay_flat():
    made = edm.read(ESE)

    assert made.fields == (leaf("dc:title", "Tranh"), leaf("europeana:type", "IMAGE"))
    assert edm.read(edm.write(made)) == made


@pytest.mark.parametrize("data", [RDF, ESE])
def test_both_are_known_by_their_namespaces(data):
    assert edm.sniff(data)
    assert not edm.sniff(b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>")


@pytest.mark.parametrize("name", ["no:prefix", "a b", "", "dc:", "dc:a>b", "{urn:x}1"])
def test_what_no_element_can_be_called_is_refused(name):
    with pytest.raises(FormatError):
        edm.write(record(Schema.EDM, Element(name, (), "x")))


@given(records(Schema.EDM, RESOURCES), CHANGES, st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_format_error(made, changes, noise):
    try_to_read(edm, mutated(edm.write(made), changes))
    try_to_read(edm, noise)


def test_all_real_records_are_read_strictly_and_written_without_loss(shared):
    found = [item for data in real_files(shared, edm) for item in read_file(io.BytesIO(data), edm)]
    whole = [item.record for item in found if item.record and not item.problems]

    assert len(whole) == len(found) >= 1500
    assert [made for made in whole if edm.read(edm.write(made)) != made] == []
