from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks.errors import FormatError
from crosswalks.formats import dim
from crosswalks.model import Schema
from support.elements import CHANGES, leaf, leaves, mutated, record, records, try_to_read

RECORDS = records(
    Schema.DIM,
    leaves(
        ["dc.title", "dc.date.issued", "local.kho.số", "dc.contributor.author"],
        (("lang", "vi"),),
        (("lang", "en"), ("authority", 'a"<b'), ("confidence", "600")),
    ),
)
DIM = (
    '<d:dim xmlns:d="http://www.dspace.org/xmlns/dspace/dim" dspaceType="ITEM">'
    '<d:field mdschema="dc" element="title" lang="vi">Luận <!-- x -->án</d:field>\n'
    '<d:field mdschema="dc" element="contributor" qualifier="author" authority="a1" '
    'confidence="600" place="0">Trần Văn A</d:field></d:dim>'
).encode()
XOAI = (
    '<metadata xmlns="http://www.lyncode.com/xoai"><element name="dc">'
    '<element name="title"><element name="vi"><field name="value">Luận án</field></element>'
    '</element><element name="contributor"><element name="author"><element name="none">'
    '<field name="value">Trần Văn A</field><field name="authority">a1</field>'
    '<field name="confidence">600</field></element></element></element></element>{}</metadata>'
)
FIELDS = (
    leaf("dc.title", "Luận án", lang="vi"),
    leaf("dc.contributor.author", "Trần Văn A", authority="a1", confidence="600"),
)


@given(RECORDS)
def test_what_is_written_reads_back_the_same(made):
    assert dim.read(dim.write(made)) == made


@pytest.mark.parametrize("data", [DIM, XOAI.format("").encode()])
def test_both_of_dspaces_forms_are_read_alike(data):
    assert dim.sniff(data)
    assert dim.read(data) == record(Schema.DIM, *FIELDS)


def test_what_is_not_metadata_keeps_its_own_names():
    bundles = (
        '<element name="bundles"><element name="bundle"><field name="name">ORIGINAL</field>'
        '<element name="bitstreams"><element name="bitstream"><field name="url">http://x/1.pdf'
        "</field></element></element></element></element>"
        '<element name="others"><field name="handle">123/4</field></element>'
    )

    assert dim.read(XOAI.format(bundles).encode()).fields[2:] == (
        leaf("bundles.original.name", "ORIGINAL"),
        leaf("bundles.original.url", "http://x/1.pdf"),
        leaf("others.handle", "123/4"),
    )


def test_the_xoai_of_an_answer_is_cut_out_of_the_metadata_around_it():
    answer = (
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><record><header/><metadata>'
        f"{XOAI.format('')}</metadata></record></OAI-PMH>"
    )

    pieces = [piece for _, piece in dim.split(io.BytesIO(answer.encode()))]

    assert [dim.read(piece).fields for piece in pieces] == [FIELDS]


def test_dspaces_mention_in_another_format_is_not_taken_for_its_own():
    assert not dim.sniff(b'<oai_dc:dc xmlns:doc="http://www.lyncode.com/xoai"><dc:title/>')


@pytest.mark.parametrize("lost", [b' mdschema="dc" element="title"', b'mdschema="dc" element='])
def test_a_field_without_a_name_is_refused_strictly_and_left_out_leniently(lost):
    data = DIM.replace(lost, b" x=" if lost.endswith(b"=") else b"", 1)
    made, problems = dim.read_leniently(data)

    assert made.fields == FIELDS[1:]
    assert [problem.code for problem in problems] == ["bad-structure"]
    with pytest.raises(FormatError):
        dim.read(data)


@given(RECORDS, CHANGES, st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_format_error(made, changes, noise):
    try_to_read(dim, mutated(dim.write(made), changes))
    try_to_read(dim, mutated(XOAI.format("").encode(), changes))
    try_to_read(dim, noise)
