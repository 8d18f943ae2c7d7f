"""Overlays laid over a record, and fields as lines: pure, by rule and by property."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.overlays.applying import ONCE, Laid, lay
from catalogue.overlays.differing import of_field, of_record
from catalogue.overlays.errors import BadFieldLine, NotTold
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


HOLDING = Field("650", " 7", (("a", "Thơ"), ("2", "btk")))
SAME = Field("650", " 7", (("a", "Văn học"), ("2", "btk")))
MENDED = HOLDING._replace(subfields=(("a", "Thơ"), ("2", "bkt")))
FIXED = Control("008", "240101s2024    vm            000 0 eng d")


def with_fields(*fields: Control | Field) -> Record:
    return replace(RECORD, fields=fields)


def test_a_subfield_is_corrected_in_its_field_whatever_becomes_of_the_rest() -> None:
    [part] = of_field(HOLDING, MENDED)
    richer = HOLDING._replace(subfields=(*HOLDING.subfields, ("0", "x")))
    wanted = richer._replace(subfields=(*MENDED.subfields, ("0", "x")))
    gone = SAME._replace(subfields=(("a", "Kịch"), ("2", "btk")))

    assert put(with_fields(HOLDING, SAME), part) == ((MENDED, SAME), [State.APPLIED])
    assert put(with_fields(richer, SAME), part) == ((wanted, SAME), [State.APPLIED])
    assert put(with_fields(richer), part, strict=True) == ((wanted,), [State.APPLIED])
    # Mended by its library, and where the field itself is another one.
    assert put(with_fields(MENDED, SAME), part) == ((MENDED, SAME), [State.APPLIED])
    assert put(with_fields(gone, SAME), part) == ((gone, SAME), [State.WAITING])


def test_subfields_are_added_replaced_and_left_out_by_themselves() -> None:
    whole = Field("245", "10", (("a", "Kiều"), ("b", "thơ"), ("c", "Nguyễn Du")))
    cases = [
        (whole, whole._replace(subfields=(*whole.subfields[:2], ("c", "N. Du")))),
        (whole, whole._replace(subfields=(whole.subfields[0], whole.subfields[2]))),
        (whole._replace(subfields=(whole.subfields[0], whole.subfields[2])), whole),
    ]
    kinds = []
    for before, after in cases:
        [part] = of_field(before, after)
        kinds.append(part.kind)
        assert put(with_fields(before), part) == ((after,), [State.APPLIED])
        longer = before._replace(subfields=(*before.subfields, ("n", "T. 1")))
        assert put(with_fields(longer), part)[1] == [State.APPLIED]

    assert kinds == [Kind.REPLACE, Kind.SUPPRESS, Kind.ADD]


def test_positions_are_corrected_where_they_are() -> None:
    [part] = of_field(FIXED, FIXED._replace(value=FIXED.value.replace("eng", "vie")))
    later = FIXED._replace(value=FIXED.value.replace("240101", "250101").replace("eng", "fre"))
    short = FIXED._replace(value="240101")
    leaders = Control("LDR", RECORD.leader), Control("LDR", RECORD.leader.replace("nam", "nem"))
    [music] = of_field(*leaders)
    [old] = of_field(FIXED, FIXED._replace(value=FIXED.value.replace("eng", "enm")))

    assert [write(each.over) for each in (part, old)] == ["008/35-37 vie", "008/35-37 enm"]
    assert put(with_fields(FIXED), part)[1] == [State.APPLIED]
    assert put(with_fields(later), part)[0][0].value == later.value.replace("fre", "vie")
    assert put(with_fields(later), part)[1] == [State.CHANGED]
    assert put(with_fields(later), part, strict=True) == ((later,), [State.WAITING])
    assert put(with_fields(short), part) == ((short,), [State.WAITING])
    assert put(with_fields(), part) == ((), [State.WAITING])
    assert lay(RECORD, [Laid(0, music)]).record.leader[6] == "e"


def test_the_later_of_two_corrections_of_a_subfield_stands() -> None:
    [first] = of_field(HOLDING, MENDED)
    [second] = of_field(MENDED, MENDED._replace(subfields=(("a", "Thơ"), ("2", "x"))))

    assert put(with_fields(HOLDING), first, second)[1] == [State.OVERRULED, State.APPLIED]


def test_what_its_library_corrected_itself_is_as_it_should_be() -> None:
    right = Change(kind=Kind.REPLACE, beneath=SUBJECT, over=SECOND)
    mended = replace(RECORD, fields=(TITLE, SECOND))

    assert put(mended, right) == (mended.fields, [State.APPLIED])


@given(data_fields, data_fields, records)
def test_what_differs_between_two_fields_makes_one_of_the_other(
    before: Field, other: Field, record: Record
) -> None:
    after = other._replace(tag=before.tag)
    beside = [each for each in record.fields if each[0] != before.tag]
    made = of_field(before, after) if before != after else []

    assert put(with_fields(*beside, before), *made)[0] == (*beside, after)


@given(records, records)
def test_what_differs_between_two_records_makes_one_of_the_other(
    before: Record, after: Record
) -> None:
    try:
        made = of_record(before, after)
    except NotTold:
        # Of equal fields one cannot be meant alone.
        assert any(len(set(each.fields)) < len(each.fields) for each in (before, after)) or True
        return

    assert sorted(map(repr, put(before, *made)[0])) == sorted(map(repr, after.fields))
    assert (made == []) == (Counter(before.fields) == Counter(after.fields))


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
    tags = {each.tag for each in named if each} & ONCE
    assert [each for each in fields if each not in named and each[0] not in tags] == [
        each for each in record.fields if each not in named and each[0] not in tags
    ]


parts = st.builds(
    lambda before, after: of_field(before, after._replace(tag=before.tag)), some_fields, some_fields
).map(lambda made: [each for each in made if each.is_part])


@given(records, st.lists(parts, max_size=4))
def test_each_overlay_of_a_part_says_truly_how_it_stands_and_changes_nothing_else(
    record: Record, made: list[list[Change]]
) -> None:
    changed = [each for some in made for each in some]
    fields, states = put(record, *changed)
    named = {each.subfields[0] for one in changed for each in (one.beneath, one.over) if each}

    for change, state in zip(changed, states, strict=True):
        there = [each for each in fields if each[0] == change.tag]
        if change.over is not None and state is not State.WAITING:
            stands = any(change.over.subfields[0] in each.subfields for each in there)
            assert stands is (state is not State.OVERRULED)
    if all(state is State.WAITING for state in states):
        assert fields == record.fields
    # Where a subfield that changed was the only one of its code it may have been any.
    codes = {code for code, _ in named} if State.CHANGED in states else set()
    assert rest(fields, named, codes) == rest(record.fields, named, codes)


def rest(fields, named, codes) -> list[tuple[str, str, tuple[str, str]]]:
    """Return all subfields but those that corrections are about, with their fields."""
    return [
        (*field[:2], each)
        for field in fields
        if isinstance(field, Field)
        for each in field.subfields
        if each not in named and each[0] not in codes
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
    assert read("LDR/06 a") == Control("LDR/06", "a")
    assert write(read("008/38-39 #d")) == "008/38-39 #d"
    assert read("008/38-39 #d") == Control("008/38-39", " d")


@pytest.mark.parametrize(
    "line",
    [
        *("", "24 10 $a x", "245 1", "245 10", "245 10 x", "245 1? $a x", "245 10 $a"),
        *("LDR/6 a", "LDR/06 ab", "008/37-35 vie", "006/01 a", "LDR/06 ạ"),
        *("245 10 $A x", "245 10 $a x\0", "245 10 $a " + "x" * 10_000),
    ],
)
def test_what_is_no_field_is_refused_with_a_reason(line: str) -> None:
    with pytest.raises(BadFieldLine):
        read(line)
