from __future__ import annotations

import gzip
import io
import shutil
import subprocess
import unicodedata
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks.formats import iso2709, marc8
from support.formats import loc_books
from support.marcformats import by_pymarc, plain

LETTERS = st.lists(
    st.one_of(
        st.sampled_from([b"a", b"Nguy", b" ", b"\xe1e", b"\xf2\xe3a", b"\xbc", b"\xac", b"\xb3"]),
        st.sampled_from([b"\x1b(N" + b"KNI" + b"\x1b(B", b"\x1bb2\x1bs", b"\x1b$1!0>!0!\x1b(B"]),
        st.sampled_from([b"\x1e", b"\x1f", b"\xe1"]),
    ),
    max_size=12,
).map(b"".join)


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def subfield_by_subfield(data: bytes) -> str:
    return "\x1e".join(
        "\x1f".join(marc8.decode(part) for part in field.split(b"\x1f"))
        for field in data.split(b"\x1e")
    )


def test_marks_go_behind_their_letter():
    assert marc8.decode(b"C\xe2af\xe1e") == "Ca\u0301fe\u0300"
    assert composed(marc8.decode(b"Vi\xf2\xe3et")) == "Việt"


@given(LETTERS)
def test_whole_fields_are_decoded_as_their_subfields_are(data):
    assert marc8.decode_fields(data) == subfield_by_subfield(data)


@given(st.binary(max_size=60))
def test_whole_fields_are_refused_where_a_subfield_would_be(data):
    try:
        expected = subfield_by_subfield(data)
    except UnicodeError:
        with pytest.raises(UnicodeError):
            marc8.decode_fields(data)
    else:
        assert marc8.decode_fields(data) == expected


@pytest.mark.parametrize("data", [b"\x1b", b"\x1b$1ab", b"a\xff", b"\x1b$1!"])
def test_what_marc8_does_not_define_is_shown_as_lost(data):
    with pytest.raises(UnicodeError):
        marc8.decode(data)

    assert "\ufffd" in marc8.decode(data, lossy=True)


def test_a_character_reference_stays_text():
    assert marc8.decode(b"Ch&#x1EA1;y \xe1a") == "Ch&#x1EA1;y a\u0300"


def test_the_reference_lines_become_the_reference_text(shared):
    folder = shared / "data/corpora/hard-cases"
    before = (folder / "pymarc_tests__test_marc8.txt").read_bytes().split(b"\n")
    after = (folder / "pymarc_tests__test_utf8.txt").read_text("utf-8").split("\n")

    assert [composed(marc8.decode(line)) for line in before] == [composed(line) for line in after]


def test_real_marc8_reads_as_pymarc_reads_it(shared):
    path = next((shared / "data/corpora/gpo-encodings").glob("Law*marc8*.mrc.gz"))
    with gzip.open(path) as stream:
        found = [data for _, data in islice(iso2709.split(stream), 600)]

    assert len(found) == 600
    assert [data[:24] for data in found if plain(iso2709.read(data)) != by_pymarc(data)] == []


def test_real_records_read_the_same_in_marc8_and_in_utf8(shared):
    program = shutil.which("yaz-marcdump")
    if program is None:
        pytest.skip("YAZ is not installed: on Debian, apt install yaz")
    records = loc_books(shared, 2000)
    command = [program, "-i", "marc", "-o", "marc", "-f", "utf-8", "-t", "marc8s", "-l", "9=32"]
    done = subprocess.run(
        [*command, "/dev/stdin"], input=b"".join(records), capture_output=True, check=True
    )
    recoded = [data for _, data in iso2709.split(io.BytesIO(done.stdout))]
    pairs = zip(records, recoded, strict=True)

    different = [a[:24] for a, b in pairs if plain(iso2709.read(a)) != plain(iso2709.read(b))]
    assert different == []
