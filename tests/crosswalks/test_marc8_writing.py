from __future__ import annotations

import io
import unicodedata

import pymarc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks.formats import iso2709, marc8
from crosswalks.formats.marc8_writing import encode
from support.filled import book

VIETNAMESE = "aăâeêioôơuưyđáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"


def nfc(text):
    return unicodedata.normalize("NFC", text)


@given(st.text(VIETNAMESE + VIETNAMESE.upper() + " .,-"))
def test_vietnamese_comes_back_from_marc8(text):
    assert nfc(marc8.decode(encode(text))) == nfc(text)


@given(st.text())
def test_what_is_written_is_always_marc8(text):
    written = encode("".join(each for each in text if each != "\x1b"))

    assert isinstance(marc8.decode(written), str)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Ơ ư", b"\xac \xbd"),
        ("Nguyễn", b"Nguy\xe3\xe4en"),
        ("đ", b"\xb3"),
        ("漢", b"&#x6F22;"),
        ("a\u0302\x1f", b"\xe3a\x1f"),
        ("\x1f\u0301", b"\x1f\xe2 "),
    ],
)
def test_letters_have_their_codes(text, written):
    assert encode(text) == written


def test_pymarc_reads_the_record_that_is_written():
    record = book("Truyện Kiều – Đoạn trường tân thanh", author="Nguyễn Du")
    written = iso2709.write_marc8(record)
    (read,) = pymarc.MARCReader(io.BytesIO(written), to_unicode=True)

    assert written[9:10] == b" "
    assert nfc(read["100"]["a"]) == "Nguyễn Du"
    assert nfc(iso2709.read(written).values("100", "a")[0]) == "Nguyễn Du"
