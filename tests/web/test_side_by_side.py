"""Records side by side: nothing is lost, and what differs is marked as words."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from crosswalks.model import Field
from support.pages import Book, marc
from web.sidebyside import Row, pieces, rows

TEXTS = st.text(st.sampled_from("Hòa Hoa số đỏ 12\t"), max_size=12)
FIELDS = st.lists(
    st.builds(
        lambda tag, text: Field(tag, " 1", (("a", text),)),
        st.sampled_from(["245", "650", "700"]),
        TEXTS,
    ),
    max_size=6,
)


def text(cell) -> str:
    return "".join(piece.text for piece in cell)


def marked(cell) -> list[str]:
    return [piece.text for piece in cell if piece.differs]


def one(tag: str, *records) -> Row:
    [row] = [each for each in rows(records) if each.tag == tag]
    return row


def with_fields(fields) -> object:
    return replace(marc(Book()), fields=tuple(fields))


@given(TEXTS, TEXTS)
def test_no_text_is_lost_and_equal_ones_have_no_mark(reference: str, other: str) -> None:
    found = pieces(reference, other)

    assert text(found) == other
    assert (marked(found) == []) >= (reference == other)


@given(st.lists(FIELDS, min_size=1, max_size=4))
def test_each_field_stands_once_in_its_column(columns) -> None:
    found = rows([with_fields(fields) for fields in columns])

    for place, fields in enumerate(columns):
        told = sorted((row.tag, text(row.cells[place])) for row in found if row.cells[place])
        leader = [("LDR", "00000nam#a2200000#i#4500")]
        fields_told = [(f.tag, f"#1 $a {f.subfields[0][1]}") for f in fields]
        assert told == sorted(leader + fields_told)
    assert all(len(row.cells) == len(columns) for row in found)


def test_a_word_with_another_tone_mark_is_marked_whole() -> None:
    row = one("245", marc(Book(title="Nguyễn Văn Hòa")), marc(Book(title="Nguyễn Văn Hoa")))

    assert row.differs
    assert marked(row.cells[0]) == []
    assert marked(row.cells[1]) == ["Hoa"]
    assert unicodedata.is_normalized("NFC", text(row.cells[1]))


def test_a_full_stop_more_marks_nothing_but_itself() -> None:
    row = one("245", marc(Book(title="Chiếc lược ngà")), marc(Book(title="Chiếc lược ngà. Tập 1")))

    assert marked(row.cells[1]) == [". Tập 1"]


def test_what_only_one_has_stands_alone() -> None:
    row = one("020", marc(Book()), marc(Book(isbn="9786040000001")))

    assert row.cells[0] == ()
    assert marked(row.cells[1]) == [text(row.cells[1])]


def test_equal_subjects_stand_in_one_row_whatever_their_order() -> None:
    first = with_fields(Field("650", " 4", (("a", word),)) for word in ("Văn học", "Truyện"))
    other = with_fields(Field("650", " 4", (("a", word),)) for word in ("Truyện", "Lịch sử"))

    found = [tuple(map(text, row.cells)) for row in rows([first, other]) if row.tag == "650"]
    assert found == [
        ("#4 $a Văn học", ""),
        ("#4 $a Truyện", "#4 $a Truyện"),
        ("", "#4 $a Lịch sử"),
    ]


def test_numbers_of_each_system_are_shown_and_not_marked() -> None:
    row = one("001", marc(Book(number="1")), marc(Book(number="2")))

    assert (row.differs, [text(cell) for cell in row.cells]) == (False, ["1", "2"])
    assert marked(row.cells[1]) == []


def test_a_very_long_field_is_marked_as_a_whole() -> None:
    long = " ".join(str(number) for number in range(1000))
    first, other = (
        with_fields([Field("500", "  ", (("a", value),))]) for value in (long, long + " x")
    )

    assert marked(one("500", first, other).cells[1]) == [f"## $a {long} x"]
