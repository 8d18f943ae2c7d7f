"""Two texts side by side: lines that are alike beside each other, the same ones folded."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from web.textdiff import Row, rows

LINES = st.lists(st.sampled_from(["a b", "a c", "b", "", "x y z"]), max_size=12)


def sides(row: Row) -> tuple[str, str, str]:
    before, after = (
        "".join(piece.text for piece in each.pieces) if each else "" for each in row[1:3]
    )
    return row.kind, before, after


def test_equal_texts_have_no_rows():
    assert rows(["a"], ["a"]) == []


def test_a_changed_line_stands_beside_what_it_was():
    found = rows(["x", "245 $a <- dc:title"], ["x", "new line", "245 $a <- dc:titel"])

    assert [sides(row) for row in found] == [
        ("same", "x", "x"),
        ("added", "", "new line"),
        ("changed", "245 $a <- dc:title", "245 $a <- dc:titel"),
    ]
    assert [piece.text for piece in found[2].after.pieces if piece.differs] == ["titel"]


def test_lines_far_from_a_difference_are_folded():
    found = rows([*map(str, range(100)), "a"], [*map(str, range(100)), "b"])

    assert [row.kind for row in found] == ["folded", "same", "same", "same", "removed", "added"]
    assert found[0].hidden == 97


@settings(max_examples=40)
@given(LINES, LINES)
def test_both_texts_can_be_read_off_it(before: list[str], after: list[str]):
    found = [row for row in rows(before, after) if row.kind != "folded"]
    shown = [[row[side] for row in found if row[side]] for side in (1, 2)]

    for lines, text in zip(shown, (before, after), strict=True):
        assert [line.number for line in lines] == sorted({line.number for line in lines})
        for line in lines:
            assert "".join(piece.text for piece in line.pieces) == text[line.number - 1]
