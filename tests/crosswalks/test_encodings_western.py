from __future__ import annotations

import pytest
from babel import localedata

from crosswalks.encodings import LEGACY, Encoding, Evidence, decide, repair
from crosswalks.encodings.codecs import as_latin
from crosswalks.encodings.records import repair_record
from crosswalks.encodings.western import is_none
from support.legacy import misread
from support.marc import marc

EUROPEAN = """af br ca cs da de es et eu fi fo fr fur fy ga gd gl is it lb nb nl nn oc pt sk sq
sv tr"""
KINDS = ("languages", "territories", "scripts", "currency_names")
TITLE = "Phương trình vi phân và tích phân"


def words(language: str) -> set[str]:
    """Return words with marks of a language, in letters of Windows-1252."""
    data = localedata.load(language)
    said = {text for kind in KINDS for text in data.get(kind, {}).values() if text}
    return {
        word
        for text in said
        for word in text.split()
        if not word.isascii() and as_latin(word) is not None
    }


FOREIGN = {("fy", "Ålân")}
"""Names of one language in the letters of another."""


@pytest.mark.parametrize("language", EUROPEAN.split())
def test_every_word_of_the_languages_of_windows_1252_could_be_one(language):
    told = words(language)

    assert told
    assert [word for word in told if is_none(word) and (language, word) not in FOREIGN] == []


@pytest.mark.parametrize("encoding", LEGACY)
@pytest.mark.parametrize("name", ["Rôđentan M.M.", "V. V. Voevôđin", "Lôđôiđammba", "Zđanôp"])
def test_a_foreign_name_in_vietnamese_spelling_is_read_as_the_record_is(encoding, name):
    seen = [misread(text, encoding) for text in (TITLE, name)]
    repaired, _ = repair_record(marc(*[f"500 __ $a{text}" for text in seen]), encoding)

    assert repaired.values("500", "a") == [TITLE, name]


@pytest.mark.parametrize("encoding", LEGACY)
@pytest.mark.parametrize("text", ["François Núñez", "Göran Ångström", "São João", "Óðinn"])
def test_a_name_of_another_language_stays_beside_text_in_the_encoding(encoding, text):
    record = marc(f"245 00 $a{misread(TITLE, encoding)}", f"500 __ $a{text}")
    repaired, _ = repair_record(record, encoding)

    assert repaired.values("500", "a") == [text]


@pytest.mark.parametrize("encoding", [Encoding.VNI, Encoding.VISCII, Encoding.CP1258])
def test_beside_sound_vietnamese_a_foreign_name_stays_as_it_came(encoding):
    seen = misread("Voevôđin", encoding)

    assert repair(seen, encoding, is_mixed=True).text == seen


@pytest.mark.parametrize("encoding", LEGACY)
@pytest.mark.parametrize("mark", ["VN-ĐTr/00127", "VV-ĐSV/00769", "515.07 PH-Đ"])
def test_a_class_mark_is_read_as_the_record_is(encoding, mark):
    seen = [misread(text, encoding) for text in (TITLE, mark)]
    repaired, _ = repair_record(marc(*[f"500 __ $a{text}" for text in seen]), encoding)

    assert repaired.values("500", "a") == [TITLE, mark]


@pytest.mark.parametrize("encoding", [*LEGACY, Encoding.VIQR])
def test_foreign_names_in_vietnamese_spelling_do_not_hide_the_encoding(encoding):
    names = "L. I. Vonkôvưski; I. E. Irôđôp; M. Rôđentan; K. Xêmenđiaep; B. P. Đemiđôvich"
    evidence = Evidence()
    evidence.add([misread(text, encoding) for text in (TITLE, names, "Lưu Văn Trãi")])

    assert decide(evidence).encoding is encoding


@pytest.mark.parametrize("encoding", [Encoding.VISCII, Encoding.VPS])
@pytest.mark.parametrize("end", [",…", ",… [và những người khác]", " …", "…"])
def test_dots_among_punctuation_are_no_letter(encoding, end):
    seen = misread("Nguyễn Đình Huy", encoding) + misread(end.replace("…", "\x00"), encoding)

    assert repair(seen.replace("\x00", "…"), encoding).text == f"Nguyễn Đình Huy{end}"
