from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from crosswalks.errors import FormatError
from crosswalks.files import read_file
from crosswalks.formats import file_of, mods, modsrules
from crosswalks.model import Element, Record, Schema
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
from support.oai_schema import schema

MODS = "loc/mods-3-7.xsd"
SOUND = st.one_of(
    leaves(
        ["note", "abstract", "identifier"],
        (("type", "x"), ("lang", "vie")),
        (("displayLabel", "&"),),
    ),
    st.builds(lambda text: group("titleInfo", text, type="uniform"), leaves(["title", "subTitle"])),
    st.builds(
        lambda part, role: group("name", part, group("role", role), type="personal"),
        leaves(["namePart"], (("type", "date"),)),
        leaves(["roleTerm"], (("authority", "marcrelator"), ("type", "code"))),
    ),
    st.builds(
        lambda note: group("relatedItem", note, type="host", xlink__href="http://x/1"),
        leaves(["note", "genre"]),
    ),
)
NAMES = [*sorted(modsrules.names()), "{urn:x}other", "dc:title", "nonsense"]
ATTRIBUTES = st.lists(
    st.tuples(
        st.sampled_from(
            ["type", "authority", "ID", "xlink:href", "usage", "xml:lang", "lang", "level"]
        ),
        st.sampled_from(
            ["personal", "code", "a", "1", "http://x", "not a uri %", "", "primary", "iso639-2b"]
        ),
    ),
    max_size=3,
).map(tuple)
ANY = st.recursive(
    st.builds(
        Element,
        st.sampled_from(NAMES),
        ATTRIBUTES,
        st.sampled_from(["", "x", "1", "monographic", " %[ #"]),
        st.just(()),
    ),
    lambda below: st.builds(
        Element,
        st.sampled_from(NAMES),
        ATTRIBUTES,
        st.sampled_from(["", "loose"]),
        st.lists(below, max_size=4).map(tuple),
    ),
    max_leaves=20,
)
BOOK = (
    '<{0}mods xmlns{1}="{2}" version="3.4">'
    '<{0}titleInfo usage="primary">\n  <{0}title>Số đỏ</{0}title>'
    "\n</{0}titleInfo><{0}language><{0}languageTerm type='code'>vie</{0}languageTerm></{0}language>"
    "</{0}mods>"
)
FIELDS = (
    group("titleInfo", leaf("title", "Số đỏ"), usage="primary"),
    group("language", leaf("languageTerm", "vie", type="code")),
)


def written(*fields: Element) -> tuple[object, ...]:
    return mods.read(mods.write(record(Schema.MODS, *fields))).fields


@given(records(Schema.MODS, SOUND))
def test_what_is_written_reads_back_the_same(made):
    assert mods.read(mods.write(made)) == made


@pytest.mark.parametrize(("prefix", "colon"), [("", ""), ("m:", ":m")])
def test_any_prefix_and_version_is_read(prefix, colon):
    data = BOOK.format(prefix, colon, mods.NAMESPACE).encode()

    assert mods.sniff(data)
    assert mods.read(data) == record(Schema.MODS, *FIELDS)


@pytest.mark.parametrize("namespace", ["http://www.loc.gov/mods/", "urn:x", ""])
def test_a_wrong_namespace_is_overlooked_leniently(namespace):
    made, problems = mods.read_leniently(BOOK.format("", "", namespace).encode())

    assert made.fields == FIELDS
    assert [problem.code for problem in problems] == ["wrong-namespace"]


def test_elements_of_mods_are_valid_where_anything_may_stand(shared):
    wrong = group("accessCondition", leaf("abstract", "x", authority="personal"))

    data = mods.write(record(Schema.MODS, *FIELDS, wrong))

    schema(shared, MODS).assertValid(etree.fromstring(data))
    assert b"<abstract>x</abstract>" in data


def test_whatever_a_record_holds_valid_mods_is_written(shared):
    xsd = schema(shared, MODS)

    @given(st.lists(ANY, min_size=1, max_size=5))
    def check_one(fields):
        try:
            data = mods.write(record(Schema.MODS, *fields))
        except FormatError:
            assert not modsrules.fitted(tuple(fields))
        else:
            xsd.assertValid(etree.fromstring(data))

    check_one()


def test_text_where_only_elements_may_stand_is_not_lost_where_text_may():
    misplaced = group(
        "subject", group("geographic", leaf("placeTerm", "Huế"), leaf("x", "Việt Nam"))
    )

    assert written(misplaced) == (group("subject", leaf("geographic", "Huế Việt Nam")),)


def test_what_mods_has_no_room_for_is_left_out():
    assert written(
        leaf("note", "x", type="a", wrong="b"),
        group("originInfo", leaf("issuance", "sometimes")),
        leaf("nonsense", "y"),
        group("extension", leaf("dc:title", "z")),
    ) == (leaf("note", "x", type="a"), group("extension", leaf("dc:title", "z")))


def test_elements_stand_in_the_order_that_the_schema_wants():
    made = written(group("location", leaf("url", "http://x"), leaf("physicalLocation", "Kho 1")))

    assert made == (group("location", leaf("physicalLocation", "Kho 1"), leaf("url", "http://x")),)


@given(records(Schema.MODS, SOUND), CHANGES, st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_format_error(made, changes, noise):
    try_to_read(mods, mutated(mods.write(made), changes))
    try_to_read(mods, noise)


def test_real_records_are_all_read_and_make_a_valid_collection(shared):
    found = [
        item for data in real_files(shared, mods) for item in read_file(io.BytesIO(data), mods)
    ]
    made: list[Record] = [item.record for item in found if item.record]
    collection = b"".join(file_of(mods, map(mods.write, made)))

    assert len(made) == len(found) >= 30
    schema(shared, MODS).assertValid(etree.fromstring(collection))
