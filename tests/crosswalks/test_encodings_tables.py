from __future__ import annotations

import csv
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks import tables
from crosswalks.encodings import LEGACY, Encoding, as_seen, decode
from crosswalks.encodings.codecs import as_latin
from support.legacy import written

REFERENCE = {
    Encoding.TCVN3: "tcvn3-encode.tsv",
    Encoding.VNI: "vni-windows.tsv",
    Encoding.VISCII: "viscii.tsv",
    Encoding.VPS: "vps.tsv",
    Encoding.VIQR: "viqr.tsv",
    Encoding.CP1258: "cp1258.tsv",
}
LETTERS = [row[0] for row in tables.rows("vn-encodings.tsv")]
SMALL = [letter for letter in LETTERS if letter.islower()]


def reference(shared: Path, name: str) -> list[dict[str, str]]:
    with (shared / "data/vn-encodings" / name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))


def ours(encoding: Encoding) -> dict[str, bytes]:
    column = tables.heading("vn-encodings.tsv").index(encoding)
    return {row[0]: bytes.fromhex(row[column]) for row in tables.rows("vn-encodings.tsv")}


@pytest.mark.parametrize("encoding", REFERENCE)
def test_every_letter_has_the_bytes_that_the_reference_gives_it(shared, encoding):
    theirs = {
        row["char"]: bytes.fromhex(row["bytes_hex"])
        for row in reference(shared, REFERENCE[encoding])
    }

    assert ours(encoding) == theirs


def test_every_byte_of_tcvn3_is_read_as_the_reference_reads_it(shared):
    rows = reference(shared, "tcvn3-decode.tsv")
    letters = {
        int(row["byte_hex"], 16): row["decode_plain_font"].replace("<00A0>", "\xa0")
        for row in rows
        if row["decode_plain_font"]
    }

    assert {byte: decode(bytes([byte]), Encoding.TCVN3) for byte in letters} == letters


@pytest.mark.skipif(shutil.which("iconv") is None, reason="iconv comes with glibc")
@pytest.mark.parametrize(
    ("encoding", "name", "letters"),
    [(Encoding.TCVN3, "TCVN", SMALL), (Encoding.VISCII, "VISCII", LETTERS)],
)
def test_letters_are_read_as_by_glibc(encoding, name, letters):
    text = " ".join(letters)
    data = written(text, encoding)
    told = subprocess.run(
        ["iconv", "-f", name, "-t", "UTF-8"], input=data, capture_output=True, check=True
    )

    assert decode(data, encoding) == text
    assert unicodedata.normalize("NFC", told.stdout.decode()) == text


def test_windows_1258_is_read_as_by_python_but_composed():
    data = written(" ".join(LETTERS), Encoding.CP1258)

    assert decode(data, Encoding.CP1258) == unicodedata.normalize("NFC", data.decode("cp1258"))


@given(st.sampled_from([each for each in LEGACY if each is not Encoding.TCVN3]), st.data())
def test_what_an_encoding_writes_is_read_back(encoding, data):
    text = data.draw(st.text(st.sampled_from([*LETTERS, " ", "-"]), max_size=30))
    # In VNI and cp1258 the marks of one letter could follow another; between words they do not.
    spaced = " ".join(text)

    assert decode(written(spaced, encoding), encoding) == spaced


@given(st.text(st.sampled_from([*SMALL, " "]), max_size=30))
def test_small_letters_in_tcvn3_are_read_back(text):
    assert decode(written(text, Encoding.TCVN3), Encoding.TCVN3) == text


@given(st.sampled_from(LEGACY), st.binary(max_size=60))
def test_any_bytes_are_read_and_composed(encoding, data):
    text = decode(data, encoding)

    assert unicodedata.is_normalized("NFC", text)


@given(st.binary(max_size=60))
def test_bytes_shown_by_windows_can_be_told_again(data):
    seen = as_latin(as_seen(data))

    assert seen is not None
    assert seen.encode("latin-1") == data
