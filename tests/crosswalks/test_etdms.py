from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks.formats import etdms
from crosswalks.model import Schema
from support.elements import CHANGES, group, leaf, leaves, mutated, record, records, try_to_read

DEGREE = group(
    "thesis:degree",
    leaf("thesis:name", "Tiến sĩ"),
    leaf("thesis:level", "2"),
    leaf("thesis:grantor", "Đại học Huế"),
)
RECORDS = records(
    Schema.ETDMS,
    st.one_of(
        leaves(
            [
                "dc:title",
                "dc:creator",
                "dc:contributor",
                "thesis:alternativeTitle",
                "dcterms:issued",
            ],
            (("xml:lang", "vi"),),
            (("role", "advisor"),),
        ),
        st.just(DEGREE),
    ),
)
THESIS = (
    '<{0}thesis {1}><{0}title xml:lang="vi">Luận án</{0}title><{0}contributor role="advisor">'
    "Lê B</{0}contributor><{0}degree>\n<{0}name>Tiến sĩ</{0}name><{0}level>2</{0}level>"
    "<{0}grantor>Đại học Huế</{0}grantor>\n</{0}degree></{0}thesis>"
)
FIELDS = (
    leaf("dc:title", "Luận án", xml__lang="vi"),
    leaf("dc:contributor", "Lê B", role="advisor"),
    DEGREE,
)


@given(RECORDS)
def test_what_is_written_reads_back_the_same(made):
    assert etdms.read(etdms.write(made)) == made


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("prefix", ["", "t:"])
def test_both_versions_are_read_under_any_prefix(version, prefix):
    colon = f":{prefix[:-1]}" if prefix else ""
    namespace = f'xmlns{colon}="http://www.ndltd.org/standards/metadata/etdms/{version}/"'
    data = THESIS.format(prefix, namespace).encode()

    assert etdms.sniff(data)
    assert etdms.read(data) == record(Schema.ETDMS, *FIELDS)


def test_a_thesis_without_a_namespace_is_read_with_a_problem():
    made, problems = etdms.read_leniently(THESIS.format("", "").encode())

    assert made.fields == FIELDS
    assert [problem.code for problem in problems] == ["wrong-namespace"]


def test_the_british_form_has_its_degree_gathered():
    data = (
        '<u:uketddc xmlns:u="http://naca.central.cranfield.ac.uk/ethos-oai/2.0/" '
        'xmlns:k="http://naca.central.cranfield.ac.uk/ethos-oai/terms/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A thesis</dc:title>'
        "<k:institution>Leeds</k:institution><k:advisor>B</k:advisor>"
        "<k:qualificationname>PhD</k:qualificationname></u:uketddc>"
    )

    assert etdms.read(data.encode()).fields == (
        leaf("dc:title", "A thesis"),
        group("thesis:degree", leaf("thesis:grantor", "Leeds"), leaf("thesis:name", "PhD")),
        leaf("uketdterms:advisor", "B"),
    )


@given(RECORDS, CHANGES, st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_format_error(made, changes, noise):
    try_to_read(etdms, mutated(etdms.write(made), changes))
    try_to_read(etdms, noise)
