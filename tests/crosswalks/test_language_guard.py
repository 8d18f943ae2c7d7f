"""Patterns that staff write end soon, or are refused before they ever run."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks import tables
from crosswalks.language.guard import Endless, Guarded, TooLong, guarded


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+$",
        r"(a|a)*b",
        r"(a|aa)+$",
        r"(.*)*x",
        r"(a?)*b",
        r"(x+x+)+y",
        r"^(([a-z])+.)+[A-Z]([a-z])+$",
        r"(?:a?){30}a{30}",
        r"a*a*a*a*b",
        r"a{1,1000}a{1,1000}a{1,1000}b",
        r"(?i:(A|a)+)+b",
        r"(\w+\s?)*$",
    ],
)
def test_what_may_never_end_is_refused(pattern):
    with pytest.raises(Endless):
        guarded(re.compile(pattern))


@pytest.mark.parametrize(
    "pattern",
    [
        r"\s*[;,]\s*",
        r"^(?i:isbn)?[:\s]*",
        r"^[0-9]{3}(?:\.[0-9]+)?",
        r"(?:, [a-z]+)*",
        r"\s*<[^>]*>\s*",
        r"^(.*), (.*)$",
        r"(\d+)\s*tr\b",
        r"^Nxb\.?\s+(.+?)\s*$",
        r"\((\d{4})\)",
        r"(?<=x)y(?!z)",
    ],
)
def test_what_people_write_is_taken(pattern):
    assert guarded(re.compile(pattern)).pattern == pattern


def test_no_kind_that_is_shipped_would_be_refused():
    patterns = [pattern for _, pattern in tables.rows("kinds.tsv")]

    assert [guarded(re.compile(each)).pattern for each in patterns] == patterns


def test_a_text_on_which_a_pattern_takes_long_is_refused():
    pattern = guarded(re.compile(r"x*y"))

    assert isinstance(pattern, Guarded)
    assert pattern.search("xxy") is not None
    assert pattern.sub("z", "axxy") == "az"
    assert pattern.split("1xy2") == ["1", "2"]
    with pytest.raises(TooLong):
        pattern.search("x" * 10_001)


PIECES = st.sampled_from(["a", "b", ".", "[ab]", "a?", "a*", "b+", "a{2,9}", r"\w", r"\d*"])
PATTERNS = st.recursive(
    PIECES,
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=3).map("".join),
        st.lists(parts, min_size=2, max_size=3).map(lambda each: f"(?:{'|'.join(each)})"),
        st.tuples(parts, st.sampled_from(["*", "+", "?", "{2}"])).map(
            lambda each: f"(?:{each[0]}){each[1]}"
        ),
    ),
    max_leaves=5,
)


@given(PATTERNS)
def test_what_is_taken_ends_on_texts_that_make_others_run_for_ever(pattern):
    try:
        found = guarded(re.compile(pattern + "!"))
    except Endless:
        return

    # A pattern whose time doubles with each letter would not come back from these.
    for text in ("a" * 60, "ab" * 30, "aab" * 20):
        assert found.search(text) is None
