from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlalchemy import text as sql

from crosswalks.collation import key

LETTERS = [*"aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"]
TONES = [*"aàảãáạ"]
TEXT = st.one_of(
    st.text(max_size=30),
    st.text("aăâbcdđeêghklmnoôơtuưxyáàảãạấầẩẫậếềểễệóòỏõọAÁĐ0123456789 -.,'éøя", max_size=12),
)


def ordered(*texts: str) -> bool:
    return all(key(one) < key(other) for one, other in pairwise(texts))


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(LETTERS, id="letters"),
        pytest.param(TONES, id="tones"),
        pytest.param(["ba", "bà", "bả", "bã", "bá", "bạ", "băm", "bâng", "be"], id="syllables"),
        pytest.param(["Ba", "Bà ấy", "Ba vì", "Bà vì"], id="tones come after all letters"),
        pytest.param(["Ba", "ba vì", "Ban"], id="nothing before something"),
        pytest.param(["cam", "chi", "con", "cung"], id="digraphs are no letters"),
        pytest.param(["nam", "ngà", "nha", "non"], id="nor ng and nh"),
        pytest.param(["dương", "dưỡng", "đa"], id="đ behind all d"),
        pytest.param(["hoa", "Hoa", "hoả"], id="small before capital, after tones"),
        pytest.param(["Toán 2", "Toán 10", "Toán a"], id="numbers by value, before letters"),
        pytest.param(["resume", "résumé", "resumes"], id="foreign marks"),
        pytest.param(["o", "ø", "oslo", "øst", "ôm"], id="foreign letters in their places"),
        pytest.param(["zôn", "Лев", "北京"], id="other scripts behind z"),
        pytest.param(["Mác Lênin", "Mác - Lênin toàn tập", "Mác, một đời"], id="marks part words"),
    ],
)
def test_a_reader_of_vietnamese_finds_them_in_this_order(texts):
    assert ordered(*texts)


def test_quotation_marks_do_not_move_a_title():
    assert ordered("Hà Nội", "“Hà Nội băm sáu phố phường”", "Hà Tây")


def test_where_the_tone_is_written_decides_only_between_equals():
    assert ordered("hoa", "hòa", "hoá", "hoạt")
    assert key("hòa")[:8] == key("hoà")[:8]


def test_a_very_long_number_still_sorts_by_value():
    assert ordered("9" * 8, "1" + "0" * 8, "9" * 40, "1" + "0" * 40, "1" + "0" * 400)


@given(TEXT)
def test_a_key_sorts_alike_in_every_collation(text):
    assert re.fullmatch("[0-9a-z]+", key(text))


@given(TEXT, TEXT)
def test_keys_are_equal_exactly_where_normal_forms_are(one, other):
    alike = unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)

    assert (key(one) == key(other)) is alike


@given(TEXT)
def test_the_normal_form_makes_no_difference(text):
    assert key(unicodedata.normalize("NFD", text)) == key(unicodedata.normalize("NFC", text))


@given(TEXT, TEXT, TEXT)
def test_the_order_is_total(one, other, third):
    keys = sorted([key(one), key(other), key(third)])

    assert (
        sorted([one, other, third], key=key)
        == sorted([third, other, one], key=lambda text: keys.index(key(text)))
        or len(set(keys)) < 3
    )


def test_real_values_sort_by_their_letters_first(shared: Path):
    lines = (shared / "data" / "vn-strings.tsv").read_text("utf-8").splitlines()[1:]
    texts = sorted({line.split("\t")[1] for line in lines}, key=key)
    initials = [found[0].lower() for text in texts if (found := re.search(r"[^\W\d_]", text))]
    plain = [
        unicodedata.normalize("NFC", re.sub("[\u0300\u0301\u0303\u0309\u0323]", "", spread))
        for spread in (unicodedata.normalize("NFD", initial) for initial in initials)
    ]

    assert [LETTERS.index(letter) for letter in plain] == sorted(map(LETTERS.index, plain))


def test_every_engine_sorts_keys_as_code_points_do(empty_database_url: str):
    texts = ["z", "zz", "aardvark", "ă", "Ă", "10", "9", "Chí", "lla", "Лев", "北京", "đá", "da dẻ"]
    keys = [key(text) for text in [*texts, *LETTERS, *TONES, "", "Bà ấy", "Ba vì", "½", "ǆ"]]
    engine = create_engine(empty_database_url)
    with engine.begin() as connection:
        connection.execute(sql("CREATE TABLE texts (sort_key TEXT)"))
        connection.execute(sql("INSERT INTO texts VALUES (:one)"), [{"one": one} for one in keys])
        found = connection.execute(sql("SELECT sort_key FROM texts ORDER BY sort_key")).scalars()
        in_order = list(found)
    engine.dispose()

    assert in_order == sorted(keys)
