from __future__ import annotations

import gzip
import io
import json
import shutil
import subprocess
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks.errors import FormatError
from crosswalks.formats import directory, iso2709, iso5426, marcxml, unimarc
from crosswalks.model import Control, Field, Record, Schema
from support.formats import FIELDS, MARC_RECORDS
from support.marc import marc

CODED = "20240101d2024    k  y0viey50      ba"
BOOK = replace(
    marc(
        "001 7",
        f"100 __ $a{CODED}",
        "200 1_ $aSố đỏ$fVũ Trọng Phụng",
        leader="00000nam0 2200000   450 ",
    ),
    schema=Schema.UNIMARC,
)


def coded(sets: str, *fields: Field) -> Record:
    """Return a record whose 100 names these character sets."""
    first = Field("100", "  ", (("a", f"{CODED[:26]}{sets}{CODED[30:]}"),))
    return replace(BOOK, fields=(BOOK.fields[0], first, *fields))


def in_bytes(record: Record, text: str, data: bytes) -> bytes:
    """Return a record in which a stand-in is replaced by bytes of another encoding."""
    written = directory.joined(record.fields, "unimarc")
    body = [part.replace(text.encode(), data) for part in written.fields.split(b"\x1e")[:-1]]
    entries, start = b"", 0
    for field, part in zip(record.fields, body, strict=True):
        entries += b"%b%04d%05d" % (field[0].encode(), len(part) + 1, start)
        start += len(part) + 1
    base = 24 + len(entries) + 1
    head = b"%05dnam0 22%05d   450 " % (base + start + 1, base)
    return head + entries + b"\x1e" + b"".join(part + b"\x1e" for part in body) + b"\x1d"


@given(st.lists(FIELDS, max_size=5))
def test_what_is_written_reads_back_the_same(fields):
    record = coded("50  ", *fields)

    assert unimarc.read(unimarc.write(record)).fields == record.fields


@given(MARC_RECORDS)
def test_sound_bytes_are_written_as_they_were(record):
    data = unimarc.write(replace(record, schema=Schema.UNIMARC))

    assert unimarc.write(unimarc.read(data)) == data


def test_utf8_is_told_in_100_where_it_matters():
    title = Field("200", "1 ", (("a", "Số đỏ"),))
    read = unimarc.read(unimarc.write(coded("0103", title)))

    assert read.fields[1:] == coded("50  ", title).fields[1:]
    assert unimarc.read(unimarc.write(coded("0103"))).fields == coded("0103").fields


@pytest.mark.parametrize(
    ("sets", "data", "text"),
    [
        ("0103", b"Civiliza\xd0c\xc4ao", "Civiliza\u0063\u0327a\u0303o"),
        ("0103", b"\xe2o\xc8e \x88L'\x89a", "Đoe\u0308 \x98L'\x9ca"),
        ("0102", "Замятин".encode("koi8-r"), "Замятин"),
        ("89  ", "Замятин".encode("cp1251"), "Замятин"),
        ("01  ", "Số đỏ".encode(), "Số đỏ"),
    ],
)
def test_the_character_sets_of_100_are_read(sets, data, text):
    record = coded(sets, Field("200", "1 ", (("a", "~~"),)))

    assert unimarc.read(in_bytes(record, "~~", data)).values("200", "a") == [text]


@pytest.mark.parametrize(
    ("sets", "page", "code"),
    [("50  ", "cp1251", "other-encoding"), ("0103", "latin-1", "damaged-text")],
)
def test_another_encoding_than_100_says_is_read_with_a_warning(sets, page, code):
    text = "Основы гидравлического расчета" if page == "cp1251" else "Ação útil"
    data = in_bytes(coded(sets, Field("200", "1 ", (("a", "~~"),))), "~~", text.encode(page))
    record, problems = unimarc.read_leniently(data)

    assert record.values("200", "a") == [text]
    assert [problem.code for problem in problems] == ["bad-encoding", code]
    with pytest.raises(FormatError):
        unimarc.read(data)


def test_marcxchange_is_read_as_unimarc():
    data = marcxml.write(BOOK).replace(
        b"http://www.loc.gov/MARC21/slim", b"info:lc/xmlns/marcxchange-v2"
    )

    assert unimarc.sniff(data)
    assert not marcxml.sniff(data)
    assert unimarc.read(data).fields == BOOK.fields
    assert unimarc.read(data).schema is Schema.UNIMARC


@pytest.mark.parametrize("form", [iso2709, marcxml])
def test_only_what_surely_is_unimarc_is_taken_for_it(form):
    not_unimarc = [
        marc("001 7", "100 1_ $aTô Hoài", "245 10 $aDế mèn"),
        marc("001 7", f"100 __ $a{CODED}", "200 1_ $ax", "245 10 $aDế mèn"),
        marc("001 7", "008 x", f"100 __ $a{CODED}", "200 1_ $ax"),
        marc("001 7", "100 1_ $aA name of no more than thirty-six letters", "200 1_ $ax"),
    ]

    assert [unimarc.sniff(form.write(record)) for record in not_unimarc] == [False] * 4
    assert unimarc.sniff(form.write(BOOK))
    assert not form.sniff(form.write(BOOK))


@pytest.mark.parametrize("form", [unimarc, marcxml])
def test_a_file_of_either_form_is_cut_into_records(form):
    file = form.OPENING + form.write(BOOK) * 3 + form.CLOSING

    assert [unimarc.read(data).fields for _, data in unimarc.split(io.BytesIO(file))] == [
        BOOK.fields
    ] * 3


def test_real_rusmarc_reads_as_yaz_reads_it_in_koi8(shared):
    data = (
        shared / "data/corpora/indexdata-idzebra/files/test/rusmarc/records/simple-rusmarc"
    ).read_bytes()
    records = [unimarc.read(piece) for _, piece in unimarc.split(io.BytesIO(data))]

    assert unimarc.sniff(data)
    assert len(records) == 72
    assert records[0].values("200", "a") == ["Уездное", "Мы"]


def test_real_records_in_no_encoding_at_all_are_read_with_a_warning(shared):
    path = (
        shared
        / "data/corpora/repox/files/manager/src/test/resources/directoryImportTest/records.iso"
    )
    with path.open("rb") as stream:
        found = [unimarc.read_leniently(data) for _, data in unimarc.split(stream)]

    assert len(found) == 100
    assert all(record.values("200", "a") for record, _ in found)
    assert {problem.code for _, problems in found for problem in problems} == {
        *("bad-encoding", "damaged-text")
    }


def test_the_oracles_records_keep_all_but_their_encoding_in_iso_2709(shared):
    path = shared / "data/corpora/crosswalk-oracles/oracle_unimarc.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        records = [unimarc.read(json.loads(line)["marcxchange"].encode()) for line in stream]
    again = [unimarc.read(unimarc.write(record)) for record in records]

    assert len(records) == 300
    assert [without_100(record) for record in again] == [without_100(record) for record in records]


def without_100(record: Record) -> list[object]:
    return [field for field in record.fields if field[0] != "100"]


def test_iso_5426_is_read_as_yaz_reads_it():
    program = shutil.which("yaz-iconv")
    if program is None:
        pytest.skip("YAZ is not installed: on Debian, apt install yaz")
    # YAZ makes one mark over two letters of the halves of a ligature.
    defined = [code for code in range(0x80, 0x100) if code not in (0xDD, 0xDE)]
    differ = []
    for code in defined:
        command = [program, "-f", "iso5426", "-t", "utf8"]
        done = subprocess.run(command, input=bytes([code, 0x61]), capture_output=True, check=False)
        with suppress(UnicodeError):
            ours = iso5426.decode(bytes([code, 0x61]))
            differ += [code] if ours != done.stdout.decode() else []

    assert differ == []


@given(st.binary(max_size=60))
def test_random_text_is_iso_5426_or_refused_as_no_text(data):
    with suppress(UnicodeError):
        assert isinstance(iso5426.decode(data), str)


@given(st.binary(max_size=300))
def test_random_bytes_raise_nothing_but_a_format_error(data):
    for reader in (unimarc.read, unimarc.read_leniently):
        with suppress(FormatError):
            reader(data)


def test_a_control_field_is_no_title():
    record = replace(BOOK, fields=(Control("200", "x"), *BOOK.fields[:2]))

    assert not unimarc.sniff(unimarc.write(replace(record, fields=record.fields[1:])))


def test_characters_beyond_the_basic_plane_survive():
    record = coded("50  ", Field("200", "1 ", (("a", "𠀀𢆥傳翹"),)))

    assert unimarc.read(unimarc.write(record)).fields == record.fields
