from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks.encodings import Evidence, decide, meanings, repair
from crosswalks.text import fold, nfc, word_key

VIETNAMESE = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậếềểễệóòỏõọýỳỷỹỵ ÐðƣƠ-.,", max_size=40)


def table(shared: Path, name: str) -> list[list[str]]:
    lines = (shared / "data" / name).read_text("utf-8").split("\n")[1:]
    return [line.split("\t") for line in lines if line]


def keys(value: str) -> set[str]:
    """Return the keys of what a value may mean, each as it came and as it would be repaired."""
    data = bytes.fromhex(value[4:]) if value.startswith("hex:") else value.encode()
    meant = set()
    for text in meanings(data):
        evidence = Evidence()
        evidence.add([text])
        decided = decide(evidence, fields=1).encoding
        meant |= {text, repair(text, decided).text if decided else text}
    return {word_key(text) for text in meant}


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_text_has_the_same_keys_alone_as_beside_a_letter_with_marks(text):
    together = (word_key(f"{text} đ"), fold(f"{text} đ"))

    assert together == (f"{word_key(text)} đ".strip(), f"{fold(text)} d".strip())


@given(st.text())
def test_folding_does_not_depend_on_the_normal_form(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(VIETNAMESE)
def test_the_word_key_does_not_depend_on_the_normal_form(text):
    assert word_key(unicodedata.normalize("NFD", text)) == word_key(nfc(text))


ONSETS = st.sampled_from(["h", "th", "l", "kh", "ng", "x", "qu", "t", "đ", "ch", "ngh"])
TONES = st.sampled_from("\u0300\u0301\u0303\u0309\u0323")


@given(ONSETS, st.sampled_from(["oa", "oe", "uy"]), TONES)
def test_the_word_key_does_not_depend_on_where_the_tone_is_written(onset, rime, tone):
    old, new = onset + rime[0] + tone + rime[1], onset + rime + tone

    assert word_key(old) == word_key(new) == word_key(nfc(new).upper())
    assert word_key(old) != word_key(onset + rime)


@given(VIETNAMESE)
def test_the_word_key_does_not_depend_on_case(text):
    assert word_key(text.upper()) == word_key(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đại Việt sử ký toàn thư", "dai viet su ky toan thu"),
        ("  Ðông-Dương: Nxb.  Trẻ ", "dong duong nxb tre"),
        ("Thƣ viện học", "thu vien hoc"),
        ("Œuvres complètes, Łódź, Straße, Ærø", "oeuvres completes lodz strasse aero"),
        ("Война и мир (1869)", "воина и мир 1869"),
        ("紅樓夢", "紅樓夢"),
        ("hy\u00adphen\ufeff", "hyphen"),
        ("***", ""),
    ],
)
def test_folding_leaves_lower_case_words_without_marks(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hoà Bình", "HÒA BÌNH"),
        ("Địa lý", "Địa lí"),
        ("Quý tộc", "Quí tộc"),
        ("Ðặng Thùy Trâm", "Đặng Thuỳ Trâm"),
        ("Thƣ viện", "Thư viện\ufeff"),
    ],
)
def test_spellings_of_one_word_share_their_key(one, other):
    assert word_key(one) == word_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ma", "má"),
        ("Tuy Hòa", "Tui Hòa"),
        ("bàn tay", "bàn tai"),
        ("Lập trình C", "Lập trình C++"),
    ],
)
def test_different_words_have_different_keys(one, other):
    assert word_key(one) != word_key(other)


def test_the_reference_strings_have_the_reference_keys(shared):
    rows = table(shared, "vn-strings.tsv")

    assert [word_key(row[1]) for row in rows] == [row[7] for row in rows]


def test_every_view_of_a_reference_string_has_its_key(shared):
    views = [(row[1], view) for row in table(shared, "vn-strings.tsv") for view in row[2:4] if view]

    assert [view for text, view in views if word_key(view) != word_key(text)] == []


def test_the_reference_syllables_are_told_apart(shared):
    rows = table(shared, "vn-syllables.tsv")
    wrong = [
        (one, other)
        for one, other, relation, *_ in rows
        if (word_key(one) == word_key(other)) is relation.startswith("different")
    ]

    assert wrong == []


def test_bytes_and_misread_values_are_found_at_the_level_of_the_reference(shared):
    rows = table(shared, "vn-match-pairs.tsv")
    found = [row[2] for row in rows if not keys(row[0]).isdisjoint(keys(row[1]))]

    assert found.count("different") == 0
    assert found.count("same") >= 71


def test_no_reference_pair_that_differs_shares_its_key(shared):
    rows = [row for row in table(shared, "vn-match-pairs.tsv") if "hex:" not in row[0] + row[1]]

    assert [
        row[:2] for row in rows if row[2] == "different" and word_key(row[0]) == word_key(row[1])
    ] == []
