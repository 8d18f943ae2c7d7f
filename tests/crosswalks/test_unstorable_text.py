from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks import crosswalk
from crosswalks.check import check
from crosswalks.model import Control, Element, Field, Record, Schema
from crosswalks.text import is_storable, storable

LEADER = "00000nam a2200000 i 4500"
STRANGE = pytest.mark.parametrize("strange", ["\0", "\ud800"], ids=["nul", "surrogate"])


def record(*fields: Control | Field, leader: str = LEADER) -> Record:
    title = Field("245", "10", (("a", "Số đỏ"),))
    return Record(schema=Schema.MARC21, leader=leader, fields=(*fields, title))


@STRANGE
@pytest.mark.parametrize(
    "place",
    [
        lambda strange: record(leader=LEADER[:5] + strange + LEADER[6:]),
        lambda strange: record(Control("001", f"1{strange}")),
        lambda strange: record(Field("500", f" {strange}", (("a", "x"),))),
        lambda strange: record(Field("500", "  ", (("a", f"x{strange}y"),))),
        lambda strange: record(Field(f"50{strange}", "  ", ((strange, "x"),))),
    ],
    ids=["leader", "control", "indicator", "value", "tag-and-code"],
)
def test_what_cannot_be_stored_becomes_a_replacement_and_a_problem(strange, place):
    pivot = crosswalk.to_pivot(place(strange))

    assert "\ufffd" in repr(pivot)
    assert repr(strange)[1:-1] not in repr(pivot)
    assert {problem.code for problem in check(pivot)} & {"damaged-text", "bad-tag"}


@STRANGE
def test_elements_are_mended_in_all_their_parts(strange):
    inner = Element("dc:b", (), strange)
    element = Element("dc:a", (("x", strange),), strange, (inner,))

    mended = crosswalk.normalise(Record(schema=Schema.OAI_DC, fields=(element,)))

    assert mended.fields == (
        Element("dc:a", (("x", "\ufffd"),), "\ufffd", (Element("dc:b", (), "\ufffd"),)),
    )


def test_what_is_mended_is_in_normal_form_too():
    decomposed = record(Field("500", "  ", (("a", "So\u0302\0"),)))

    assert crosswalk.normalise(decomposed).values("500", "a") == ["Sô\ufffd"]


@given(st.text(st.characters(exclude_categories=()) | st.sampled_from("\0\ud800\udfff")))
def test_any_text_can_be_stored_once_it_is_mended(text):
    mended = storable(text)

    assert is_storable(mended)
    assert len(mended) == len(text)
    assert storable(mended) == mended
    assert (mended == text) is is_storable(text)
