from __future__ import annotations

import gzip
import io
import json
from contextlib import suppress

import pymarc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks.errors import FormatError
from crosswalks.formats import marcjson
from crosswalks.model import Control, Field
from support.formats import MARC_RECORDS, loc_books
from support.marc import marc
from support.marcformats import plain, records_of

BOOK = marc("001 7", "245 10 $aSố đỏ /$cVũ Trọng Phụng")
LINE = marcjson.write(BOOK)


@given(MARC_RECORDS)
def test_what_is_written_reads_back_the_same(record):
    assert marcjson.read(marcjson.write(record)) == record


def test_a_record_is_one_line():
    assert LINE.decode() == (
        '{"leader": "00000nam a2200000 a 4500", "fields": [{"001": "7"}, {"245": {"ind1": "1", '
        '"ind2": "0", "subfields": [{"a": "Số đỏ /"}, {"c": "Vũ Trọng Phụng"}]}}]}'
    )


@pytest.mark.parametrize(
    "file",
    [
        b"\xef\xbb\xbf" + LINE + b"\n" + LINE + b"\n" + LINE,
        b"[" + LINE + b",\n  " + LINE + b"," + LINE + b"]",
        b"\r\n".join([json.dumps(json.loads(LINE), indent=1).encode()] * 3),
        LINE * 3,
    ],
)
def test_lines_and_arrays_are_cut_into_records(file):
    assert marcjson.sniff(file)
    assert [marcjson.read(data) for _, data in marcjson.split(io.BytesIO(file))] == [BOOK] * 3


@given(st.lists(MARC_RECORDS, max_size=4), st.sampled_from([b"\n", b",", b""]))
def test_records_are_cut_whatever_is_in_their_texts(records, between):
    file = b"[" + between.join(map(marcjson.write, records)) + b"]"

    assert [marcjson.read(data) for _, data in marcjson.split(io.BytesIO(file))] == records


def test_records_are_whole_wherever_the_stream_is_cut():
    class Trickle(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(size and 7)

    assert [data for _, data in marcjson.split(Trickle((LINE + b"\n") * 5))] == [LINE] * 5


def test_damage_costs_only_its_own_record():
    file = b"\n".join([LINE, LINE[:-30], LINE, LINE.replace(b'"7"', b'"7'), LINE])
    found = [data for _, data in marcjson.split(io.BytesIO(file))]

    assert [data for data in found if data == LINE] == [LINE] * 3
    assert len(found) == 5


@pytest.mark.parametrize(
    "change",
    [
        (b'{"001": "7"}', b'{"001": 7}'),
        (b'{"001": "7"}', b'{"001": "7", "002": "8"}'),
        (b'{"001": "7"}', b'{"001": "7", "001": "8"}'),
        (b'"ind1": "1"', b'"ind1": "11"'),
        (b'"ind1": "1", ', b""),
        (b'{"a": ', b'{"ab": '),
        (b'"leader"', b'"Leader"'),
        (b"}]}]}", b"}]}]"),
    ],
)
def test_what_is_not_exactly_a_record_is_refused(change):
    data = LINE.replace(*change)
    if change[1] == b"}]}]":
        data = LINE[:-1]

    with pytest.raises(FormatError):
        marcjson.read(data)


def test_missing_indicators_and_unknown_names_are_read_with_a_warning():
    data = LINE.replace(b'"ind1": "1", ', b"").replace(b'{"leader"', b'{"_id": 1, "leader"')
    record, problems = marcjson.read_leniently(data)

    assert record.fields == (BOOK.fields[0], Field("245", " 0", BOOK.fields[1][2]))
    assert len(problems) == 2


def test_a_text_over_several_lines_is_read_with_a_warning():
    with pytest.raises(FormatError):
        marcjson.read(LINE.replace(b"7", b"7\n8"))

    assert marcjson.read_leniently(LINE.replace(b"7", b"7\n8"))[0].control("001") == "7\n8"


def test_nothing_nested_too_deeply_harms():
    with pytest.raises(FormatError):
        marcjson.read(b'{"leader": ' + b"[" * 200_000)


def test_pymarc_reads_and_writes_the_same(shared):
    for data in loc_books(shared, 300):
        [record] = records_of(data)
        theirs = pymarc.JSONReader(marcjson.write(record).decode())
        written = next(iter(theirs)).as_json().encode()

        assert marcjson.read(written) == record


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("pymarc-tests/files/batch.json", 2),
        ("pymarc-tests/files/one.json", 1),
        ("perl-marc/files/marc-mij/t/test.ndj", 9),
        ("traject/files/test/test_support/test_data.utf8.json", 30),
        ("hathitrust/files/examples/sample_upd_20221231.json.gz", 32),
    ],
)
def test_real_files_are_read(shared, name, count):
    path = shared / "data/corpora" / name
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    found = [marcjson.read(piece) for _, piece in marcjson.split(io.BytesIO(data))]

    assert len(found) == count
    assert all(isinstance(record.fields[0], Control) for record in found)


def test_a_real_file_reads_as_its_iso_2709(shared):
    folder = shared / "data/corpora/traject/files/test/test_support"
    names = ("test_data.utf8.json", "test_data.utf8.mrc")
    ours, same = (records_of((folder / name).read_bytes()) for name in names)

    assert [plain(record) for record in ours] == [plain(record) for record in same]


@given(st.binary(max_size=200))
def test_random_bytes_raise_nothing_but_a_format_error(data):
    for reader in (marcjson.read, marcjson.read_leniently):
        with suppress(FormatError):
            reader(b'{"leader": "", "fields": [' + data + b"]}")


def test_characters_beyond_the_basic_plane_survive():
    record = marc("001 7", "880 10 $6245-01$a𠀀𢆥傳翹")

    assert marcjson.read(marcjson.write(record)) == record


@pytest.mark.parametrize("wrap", [b"[%s,\n%s]\n", b"\xef\xbb\xbf%s\n%s\n", b"%s%s"])
def test_what_belongs_between_objects_is_no_piece(wrap):
    pieces = list(marcjson.split(io.BytesIO(wrap % (LINE, LINE))))

    assert [body for _, body in pieces] == [LINE.strip(), LINE.strip()]


@pytest.mark.parametrize("junk", [b"what is this?", b'"a text", 12', b"x" * 400_000])
def test_what_does_not_belong_there_is_a_piece_of_its_own(junk):
    data = LINE + junk + b"\n" + LINE + junk
    pieces = list(marcjson.split(io.BytesIO(data)))

    assert [body for _, body in pieces] == [LINE.strip(), junk, LINE.strip(), junk]
    assert [data[at : at + len(body)] for at, body in pieces] == [body for _, body in pieces]
