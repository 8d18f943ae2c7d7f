from __future__ import annotations

import csv
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks.check import check, check_fully
from crosswalks.checks.damage import damages
from crosswalks.checks.syllables import is_syllable
from crosswalks.formats import iso2709
from crosswalks.model import Element, Record, Schema
from support.formats import gpo_states, hcmut, loc_books
from support.marc import marc

CODED = "008 240101s2019    vm a     b    001 0 vie d"
SENTENCE = "Những người đầu tiên đọc quyển sách này đều thấy lòng mình ấm lại"


def causes(text: str, *, is_vietnamese: bool = False) -> list[str]:
    return [found.cause for found in damages(text, is_vietnamese=is_vietnamese)]


def as_windows(data: bytes) -> str:
    """Return bytes as Windows shows them, those it has no letter for as control characters."""
    return "".join(bytes([one]).decode("cp1252", "ignore") or chr(one) for one in data)


def rows(shared: Path) -> list[dict[str, str]]:
    with (shared / "data/vn-strings.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def found_in(data: list[bytes]) -> list[str]:
    return [
        problem.sample
        for each in data
        for problem in check(iso2709.read_leniently(each)[0])
        if problem.code == "damaged-text"
    ]


@pytest.mark.parametrize("word", ["nguyễn", "được", "quyển", "giếng", "gì", "khuỷu", "Ế", "ĐẶNG"])
def test_vietnamese_syllables_are_known(word: str):
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["bạchl", "ngề", "kơng", "càt", "étude", "straße", "cê", "ấầ"])
def test_what_cannot_be_a_vietnamese_syllable_is_not_taken_for_one(word: str):
    assert not is_syllable(word)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("Lòng m\ufffdnh", "U+FFFD"),
        ("Quyá»ƒn sách", "UTF-8 read as Windows-1252"),
        ("Lâu Ä‘ài", "UTF-8 read as Windows-1252"),
        ("NgÆ°ời", "UTF-8 read as Windows-1252"),
        ("ThËt lµ mét ngµy ®Ñp trêi, em ¬i", "TCVN3 read as Windows-1252"),
        ("Moät ngaøy ñeïp trôøi, caùc baïn nhæ", "VNI read as Windows-1252"),
        ("Quy&#7875;n s&aacute;ch", "never decoded"),
        ("Nhà ̀văn", "stands on no letter"),
        ("Sƣ tử", "look-alike"),
        ("Ðồng lúa", "look-alike"),
        ("ĐàO TạO, GIáO DụC ở Việt", "capitals"),
        ("viƯc gia đình, tiƯn lợi", "VNI converter"),
        ("khơng thơng thường", "VNI converter"),
        ("Sách ḿnh t́m được", "Windows-1258"),
        ("M?t quyển sách", "question mark"),
    ],
)
def test_each_kind_of_damage_is_told_by_its_cause(text: str, cause: str):
    assert [each for each in causes(text) if cause in each]


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE,
        unicodedata.normalize("NFD", SENTENCE),
        SENTENCE.upper(),
        "Où êtes-vous, aérien théâtre naïf ? Voilà « Noël » à Orléans",
        "Coração, maçã, pão e avião: SÃO JOÃO, «MAÇÃ»",
        "Größe, Übung, Straße, Mädchen – für über zwölf Jahre",
        "Żółć, źrebię, ćma; Þórður Ðíanna; smørrebrød på ø",
        "What?And why?Because. Is it so? Yes/no?maybe",
        "https://example.org/find?ten=sach&tap=2",
        "AT&T and R&D; Johnson & Johnson; C&EE;117",
        "Ṣan‘ā’, Ḥeḳanakhte, Redakt͡sii︠a︡",
        "45° 30′ N, ±5 %, x² · y³, ©2001 ®, l·lengua",
    ],
)
def test_sound_text_of_many_languages_is_not_called_damaged(text: str):
    assert causes(text, is_vietnamese=False) == []


def test_no_correct_vietnamese_value_is_called_damaged(shared):
    columns = ("nfc", "nfd", "other_tone_placement", "no_diacritics")
    values = [row[column] for row in rows(shared) for column in columns if row[column]]

    assert [value for value in values if causes(value, is_vietnamese=True)] == []


def test_utf8_taken_for_windows_is_found_in_every_vietnamese_value(shared):
    values = [row["nfc"] for row in rows(shared) if not row["nfc"].isascii()]

    assert [value for value in values if not causes(as_windows(value.encode()))] == []


@pytest.mark.parametrize(
    ("column", "share"), [("tcvn3_seen_as_cp1252", 0.9), ("vni_seen_as_cp1252", 0.98)]
)
def test_legacy_encodings_are_found_in_records_of_a_few_fields(shared, column, share):
    values = [row[column] for row in rows(shared) if row[column]]
    pooled = [" ".join(values[start : start + 4]) for start in range(0, len(values), 4)]

    found = [each for each in pooled if causes(each)]

    assert len(found) / len(pooled) >= share


@pytest.mark.parametrize(
    ("corpus", "count", "known"), [(loc_books, 3000, 3), (gpo_states, 2000, 2), (hcmut, 3000, 0)]
)
def test_sound_libraries_are_not_called_damaged(
    shared, corpus: Callable[[Path, int], list[bytes]], count: int, known: int
):
    # What is known: marks typed after a space in place of quotation marks and degrees.
    assert len(found_in(corpus(shared, count))) <= known


@given(st.text())
def test_any_text_at_all_can_be_judged(text: str):
    assert all(found.cause for found in damages(text, is_vietnamese=True))


def test_damage_is_told_with_its_field():
    record = marc(CODED, "245 10 $aSố đỏ", "500 __ $aQuyá»ƒn sách", "520 __ $aTá»« điển")

    assert [(p.code, p.field) for p in check(record)] == [
        ("damaged-text", "500"),
        ("damaged-text", "520"),
    ]


def test_an_encoding_that_only_the_whole_record_gives_away_is_told_once():
    record = marc(CODED, "100 1_ $aVò Nh©n", "245 10 $aBµi th¬", "260 __ $bTrÎ t¸c gi¶")

    assert [p.detail for p in check(record)] == ["TCVN3 read as Windows-1252"]


def test_a_question_mark_in_a_vietnamese_record_is_told_where_one_word_shows_it():
    assert [p.field for p in check(marc(CODED, "245 10 $aTruy?n ng?n"))] == ["245"]


def test_elements_are_looked_through_as_fields_are():
    record = Record(schema=Schema.OAI_DC, fields=(Element("dc:title", (), "Lịch sá»­ nÆ°á»›c nhà"),))

    assert [(p.code, p.field) for p in check_fully(record)] == [("damaged-text", "dc:title")]


def test_line_breaks_between_words_are_no_fault_of_an_element():
    record = Record(schema=Schema.OAI_DC, fields=(Element("dc:title", (), "Lịch\n\tsử"),))

    assert check_fully(record) == ()


def test_decomposed_letters_are_told_once_a_record():
    lines = [unicodedata.normalize("NFD", line) for line in ("245 10 $aSố đỏ", "500 __ $aViệt")]
    problems = check_fully(marc(CODED, *lines))

    assert [(p.code, p.field, p.detail) for p in problems] == [
        ("decomposed-text", "245", "decomposed letters (NFD)")
    ]
