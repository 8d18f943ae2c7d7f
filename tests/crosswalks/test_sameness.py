from __future__ import annotations

import re
import unicodedata
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks.encodings import meanings
from crosswalks.sameness import FIELDS, same
from crosswalks.text import word_key

NEEDS_AN_AUTHORITY_FILE = ("pseudonym", "transliteration", "uniform")
FIELD = st.sampled_from(FIELDS)
PIECES = (
    "Nguyễn|Văn|An|,|(ch.b.)|T.|1|Tập|lần thứ|H.|Nxb.|tr.|2010|-|c|;|[et al.]|cm|xii|Mai|và|B.s.:"
)
VALUE = st.one_of(
    st.text(max_size=20),
    st.text("aăâbcdđeêghinoôơtuưyáàạêếốTHNxb.,;:()[]-–/&0123456789 ©", max_size=24),
    st.lists(st.sampled_from(PIECES.split("|")), max_size=6).map(" ".join),
)


def own_pairs() -> list[tuple[str, ...]]:
    lines = Path(__file__).with_name("same-pairs.tsv").read_text("utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if line[0] != "#"][1:]


def read_value(text: str) -> tuple[str, ...]:
    return meanings(bytes.fromhex(text[4:])) if text.startswith("hex:") else (text,)


def judged(field: str, one: str, other: str) -> bool:
    return any(same(field, a, b) for a in read_value(one) for b in read_value(other))


def shared_pairs(shared: Path) -> list[tuple[str, str, str, str, str]]:
    lines = (shared / "data" / "vn-match-pairs.tsv").read_text("utf-8").split("\n")[1:]
    rows = [line.split("\t") for line in lines if line]
    kinds = [re.match(r"\[(\w+):([^\]]+)", why) for *_, why in rows]
    return [
        (kind[1], kind[2], one, other, label)
        for kind, (one, other, label, _) in zip(kinds, rows, strict=True)
        if kind and kind[1] in FIELDS
    ]


@pytest.mark.parametrize(("field", "one", "other", "label"), own_pairs())
def test_values_are_judged_as_a_librarian_would(field, one, other, label):
    assert same(field, one, other) is (label == "same")


def test_the_order_of_the_two_makes_no_difference():
    assert [(f, a, b) for f, a, b, _ in own_pairs() if same(f, a, b) is not same(f, b, a)] == []


def test_no_labelled_pair_of_different_values_is_called_the_same(shared: Path):
    wrong = [
        (field, one, other)
        for field, _, one, other, label in shared_pairs(shared)
        if label == "different" and judged(field, one, other)
    ]

    assert wrong == []


def test_nearly_all_labelled_pairs_of_same_values_are_found(shared: Path):
    wanted = [
        (field, one, other)
        for field, kind, one, other, label in shared_pairs(shared)
        if label == "same" and kind not in NEEDS_AN_AUTHORITY_FILE
    ]
    found = [pair for pair in wanted if judged(*pair)]

    assert len(wanted) > 100
    assert len(found) >= 0.98 * len(wanted)


def test_what_an_authority_file_would_have_to_tell_is_not_guessed(shared: Path):
    guessed = [
        (one, other)
        for field, kind, one, other, _ in shared_pairs(shared)
        if kind in NEEDS_AN_AUTHORITY_FILE and judged(field, one, other)
    ]

    assert guessed == []


def test_real_titles_with_all_their_marks_are_only_like_themselves(shared: Path):
    lines = (shared / "data" / "vn-strings.tsv").read_text("utf-8").split("\n")[1:]
    titles = {row[1] for row in (line.split("\t") for line in lines if line) if row[0] == "title"}
    long = sorted(title for title in titles if len(title) > 12)
    alike = [
        (one, other)
        for one, other in combinations(long, 2)
        if same("title", one, other) and word_key(one) != word_key(other)
    ]

    assert all(re.search(r"T\.|Tập|lớp|Lê Nin|GDCD", " ".join(pair)) for pair in alike)


@given(FIELD, VALUE)
def test_a_value_with_words_is_the_same_as_itself(field, value):
    assert same(field, value, value) is bool(word_key(value))


@given(FIELD, VALUE, VALUE)
def test_sameness_goes_both_ways(field, one, other):
    assert same(field, one, other) is same(field, other, one)


@given(FIELD, VALUE, VALUE)
def test_the_normal_form_makes_no_difference(field, one, other):
    decomposed = unicodedata.normalize("NFD", one)

    assert same(field, decomposed, other) is same(field, unicodedata.normalize("NFC", one), other)


def test_an_unknown_field_is_refused():
    with pytest.raises(KeyError):
        same("colour", "a", "a")


@pytest.mark.parametrize(
    ("damaged", "meant"),
    [
        pytest.param("Th− viÖn, Tr−êng", "Thư viện, Trường", id="minus for the soft hyphen"),
        pytest.param("Th- viÖn, h-íng dÉn", "Thư viện, hướng dẫn", id="hyphen for it"),
        pytest.param("khơng gian cơng cộng", "không gian công cộng", id="converted from VNI"),
        pytest.param("Th&#432; vi&#7879;n", "Thư viện", id="character references"),
        pytest.param("Trờng học", "Trường học", id="letters lost"),
    ],
)
def test_a_damaged_title_is_held_against_what_it_may_have_been(damaged, meant):
    assert same("title", damaged, meant)
    assert not same("title", damaged, f"{meant} 2")
