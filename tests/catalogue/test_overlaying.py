"""Overlays laid over a record, and fields as lines: pure, by rule and by property."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.overlays.applying import ONCE, Laid, lay
from catalogue.overlays.errors import BadFieldLine
from catalogue.overlays.model import Change, Kind, State
from catalogue.overlays.notation import read, write
from crosswalks.model import Control, Field, Record, Schema

TITLE = Field("245", "10", (("a", "Chuyện Kiều"),))
RIGHT = Field("245", "10", (("a", "Truyện Kiều"),))
OTHER = Field("245", "10", (("a", "Kim Vân Kiều"),))
SUBJECT = Field("650", " 4", (("a", "Thơ"),))
SECOND = Field("650", " 4", (("a", "Văn học"),))
RECORD = Record(
    schema=Schema.MARC21,
    leader="00000nam a2200000 a 4500",
    fields=(Control("001", "1"), TITLE, SUBJECT),
)

words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=12
).filter(lambda text: text.strip() == text)
subfields = st.lists(st.tuples(st.sampled_from("abcx0129"), words), min_size=1, max_size=3)
data_fields = st.builds(
    Field,
    st.sampled_from(["245", "650", "700", "020"]),
    st.text("0149 ", min_size=2, max_size=2),
    subfields.map(tuple),
)
some_fields = st.one_of(st.sampled_from([TITLE, RIGHT, OTHER, SUBJECT, SECOND]), data_fields)
records = st.lists(some_fields, max_size=6).map(
    lambda fields: replace(RECORD, fields=tuple(sorted(fields, key=lambda each: each.tag)))
)
changes = st.one_of(
    st.builds(lambda over: Change(kind=Kind.ADD, over=over), some_fields),
    st.builds(lambda beneath: Change(kind=Kind.SUPPRESS, beneath=beneath), some_fields),
    st.builds(
        lambda beneath, over: Change(kind=Kind.REPLACE, beneath=beneath, over=over),
        some_fields,
        some_fields,
    ),
)


def put(record: Record, *changed: Change, strict: bool = False):
    laid = lay(record, [Laid(at, each, strict) for at, each in enumerate(changed)])
    return laid.record.fields, list(laid.states.values())


def test_a_field_is_added_where_its_tag_stands_and_once() -> None:
    add = Change(kind=Kind.ADD, over=SECOND)

    assert put(RECORD, add) == ((*RECORD.fields, SECOND), [State.APPLIED])
    assert put(RECORD, add, add)[0] == (*RECORD.fields, SECOND)


def test_a_field_is_replaced_left_out_and_brought_back() -> None:
    right = Change(kind=Kind.REPLACE, beneath=TITLE, over=RIGHT)
    out = Change(kind=Kind.SUPPRESS, beneath=SUBJECT)

    assert put(RECORD, right, out) == (
        (Control("001", "1"), RIGHT),
        [State.APPLIED, State.APPLIED],
    )
    assert put(RECORD)[0] == RECORD.fields


def test_a_correction_stays_over_the_one_title_that_changed_and_says_so() -> None:
    right = Change(kind=Kind.REPLACE, beneath=TITLE, over=RIGHT)
    changed = replace(RECORD, fields=(Control("001", "1"), OTHER, SUBJECT))

    assert put(changed, right) == ((Control("001", "1"), RIGHT, SUBJECT), [State.CHANGED])
    assert put(changed, right, strict=True) == (changed.fields, [State.WAITING])


def test_nothing_is_put_over_a_field_that_nobody_has_seen() -> None:
    subject = Change(kind=Kind.REPLACE, beneath=SECOND, over=Field("650", " 4", (("a", "X"),)))
    out = Change(kind=Kind.SUPPRESS, beneath=SECOND)

    assert put(RECORD, subject, out) == (RECORD.fields, [State.WAITING, State.WAITING])


def test_the_later_of_two_stands_and_the_earlier_says_that_it_does_not() -> None:
    first = Change(kind=Kind.REPLACE, beneath=TITLE, over=RIGHT)
    second = Change(kind=Kind.REPLACE, beneath=RIGHT, over=OTHER)

    assert put(RECORD, first, second)[1] == [State.OVERRULED, State.APPLIED]


def test_what_its_library_corrected_itself_is_as_it_should_be() -> None:
    right = Change(kind=Kind.REPLACE, beneath=SUBJECT, over=SECOND)
    mended = replace(RECORD, fields=(TITLE, SECOND))

    assert put(mended, right) == (mended.fields, [State.APPLIED])


@given(records, st.lists(changes, max_size=5))
def test_each_overlay_says_truly_how_it_stands(record: Record, made: list[Change]) -> None:
    fields, states = put(record, *made)

    for change, state in zip(made, states, strict=True):
        over = change.over
        if state in (State.APPLIED, State.CHANGED) and over is not None:
            assert over in fields
        if state is State.OVERRULED:
            assert over not in fields
    if all(state is State.WAITING for state in states):
        assert fields == record.fields
    # What no overlay is about is left as it is, in its order.
    named = {each for change in made for each in (change.beneath, change.over)}
    tags = {change.tag for change in made} & ONCE
    assert [each for each in fields if each not in named and each[0] not in tags] == [
        each for each in record.fields if each not in named and each[0] not in tags
    ]


@given(data_fields)
def test_a_field_written_as_a_line_is_read_as_the_same(field: Field) -> None:
    wanted = Field(
        field.tag,
        field.indicators,
        tuple((code, unicodedata.normalize("NFC", value)) for code, value in field.subfields),
    )

    assert read(write(field)) == wanted


def test_what_is_typed_is_brought_together_and_blanks_are_told() -> None:
    typed = unicodedata.normalize("NFD", "650 #7 $a Văn học $2 bkt")

    assert read(typed) == Field("650", " 7", (("a", "Văn học"), ("2", "bkt")))
    assert read("500 $a Giá: 5{dollar}") == Field("500", "  ", (("a", "Giá: 5$"),))
    assert read("008 240101s2024    vm") == Control("008", "240101s2024    vm")


@pytest.mark.parametrize(
    "line",
    [
        *("", "24 10 $a x", "245 1", "245 10", "245 10 x", "245 1? $a x", "245 10 $a"),
        *("245 10 $A x", "245 10 $a x\0", "245 10 $a " + "x" * 10_000),
    ],
)
def test_what_is_no_field_is_refused_with_a_reason(line: str) -> None:
    with pytest.raises(BadFieldLine):
        read(line)
