from __future__ import annotations

import csv
import gzip
import io
import unicodedata
import warnings
from contextlib import suppress
from pathlib import Path

import pymarc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks.errors import FormatError
from crosswalks.formats import iso2709, marc8
from crosswalks.model import Control, Field, RawRecord, Record
from crosswalks.reading import read
from support.formats import LEADER, MARC_RECORDS, gpo_states, hcmut, loc_books, marc_record

BOOK = marc_record(
    [Control("001", "vtls1")],
    [Field("100", "0 ", (("a", "Tô Hoài"),)), Field("245", "10", (("a", "Dế mèn phiêu lưu ký"),))],
)


def as_pymarc(record: Record) -> list[tuple[object, ...]]:
    return [
        (field.tag, field.value)
        if isinstance(field, Control)
        else (field.tag, field.indicators, field.subfields)
        for field in record.fields
        if isinstance(field, Control | Field)
    ]


def by_pymarc(data: bytes) -> list[tuple[object, ...]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        record = pymarc.Record(data=data, to_unicode=True, hide_utf8_warnings=True)
    return [
        (field.tag, field.data)
        if field.control_field
        else (
            field.tag,
            "".join(field.indicators),
            tuple((part.code, part.value) for part in field.subfields),
        )
        for field in record.fields
    ]


def composed(value: object) -> str:
    """Return a value as text in NFC: pymarc composes what MARC-8 has apart, we leave that."""
    return unicodedata.normalize("NFC", value if isinstance(value, str) else repr(value))


@given(MARC_RECORDS)
def test_what_is_written_reads_back_the_same(record):
    assert iso2709.read(iso2709.write(record)).fields == record.fields


@given(MARC_RECORDS)
def test_sound_bytes_are_written_as_they_were(record):
    data = iso2709.write(record)

    assert iso2709.write(iso2709.read(data)) == data


@given(st.binary(max_size=300))
def test_random_bytes_raise_nothing_but_a_format_error(data):
    for reader in (iso2709.read, iso2709.read_leniently):
        with suppress(FormatError):
            reader(data)


@given(MARC_RECORDS, st.data())
def test_a_mutated_record_raises_nothing_but_a_format_error(record, draw):
    data = bytearray(iso2709.write(record))
    for _ in range(draw.draw(st.integers(1, 4))):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))

    found, problems = read(RawRecord(identifier="x", format="iso2709", body=bytes(data)))

    assert found is not None or problems


def test_a_length_that_lies_costs_only_its_own_record():
    good = iso2709.write(BOOK)
    short = b"00100" + good[5:]
    stream = io.BytesIO(good + short + b"\r\n" + good + good[:50])

    found = list(iso2709.split(stream))

    assert [data for _, data in found] == [good, short, good, good[:50]]
    assert [offset for offset, _ in found] == [0, len(good), 2 * len(good) + 2, 3 * len(good) + 2]


def test_records_are_whole_wherever_the_stream_is_cut():
    good = iso2709.write(BOOK)

    class Trickle(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(size and 7)

    assert [data for _, data in iso2709.split(Trickle(good * 5))] == [good] * 5


def test_a_lie_about_the_length_is_read_with_a_warning():
    data = b"00100" + iso2709.write(BOOK)[5:]

    record, problems = read(RawRecord(identifier="x", body=data))

    assert record is not None
    assert record.fields == BOOK.fields
    assert [problem.code for problem in problems] == ["bad-structure"]


@pytest.mark.parametrize(
    "damage",
    [
        # The directory of real Vietnamese exports ends in 1F: the first field is then inside it.
        lambda data: data.replace(b"\x1e", b"\x1f", 1),
        lambda data: data.replace(b"\x1e", b"", 1).replace(b"a22", b" a22", 1),
        lambda data: data.replace("Tô".encode(), b"T\x1eo", 1),
        lambda data: data[:12] + b"9" + data[13:],
        lambda data: data[:-8],
    ],
)
def test_damage_never_moves_a_field_under_its_neighbours_tag(damage):
    record, problems = read(RawRecord(identifier="x", body=damage(iso2709.write(BOOK))))

    assert problems
    assert record is None or {field[0] for field in record.fields} <= {"001", "100", "245"}
    if record:
        assert record.control("001") in ("vtls1", "")
        assert all("Dế" not in value for value in record.values("100", "a"))


def test_a_real_export_with_a_damaged_directory_keeps_fields_and_tags_together(shared):
    path = shared / "data/corpora/vn-emiclib/LAVYIDLS.ISO"
    with path.open("rb") as stream:
        raws = [RawRecord(identifier=str(at), body=data) for at, data in iso2709.split(stream)]
    first, problems = read(raws[0])

    assert len(raws) == 1654
    assert first is not None
    assert first.values("245", "a") == ["Vật lý học đại cương :"]
    assert [problem.code for problem in problems] == ["bad-structure"]
    assert all(read(raw)[0] for raw in raws)


def test_utf8_is_seen_although_the_leader_denies_it():
    data = bytearray(iso2709.write(BOOK))
    data[9] = ord(" ")

    assert iso2709.read(bytes(data)).values("245", "a") == ["Dế mèn phiêu lưu ký"]


def test_marc8_becomes_unicode():
    plain = marc_record([], [Field("245", "10", (("a", "Cafe"),))])
    data = iso2709.write(plain).replace(b"a2200", b" 2200").replace(b"Cafe", b"Caf\xe2")
    data = data.replace(b"Caf\xe2", b"C\xe2af")

    assert unicodedata.normalize("NFC", iso2709.read(data).values("245", "a")[0]) == "Cáf"


def test_a_local_field_without_subfields_is_kept_whole():
    record = marc_record([], [Field("245", "10", (("a", "x"),))])
    local = Record(
        schema=record.schema, leader=LEADER, fields=(*record.fields, Control("901", "Kho 2"))
    )

    assert iso2709.read(iso2709.write(local)).fields == local.fields


@pytest.mark.parametrize("length", [10_000, 99_999])
def test_what_is_too_long_for_the_format_is_refused(length):
    fields = [Field("520", "  ", (("a", "x" * min(length, 9_000)),))] * (1 + length // 10_000 * 2)
    if length == 10_000:
        fields = [Field("520", "  ", (("a", "x" * length),))]

    with pytest.raises(FormatError, match="bytes, the most is"):
        iso2709.write(marc_record([], fields))


@pytest.mark.parametrize("corpus", [loc_books, gpo_states, hcmut])
def test_real_records_read_as_pymarc_reads_them(shared, corpus):
    different = [
        data[:24]
        for data in corpus(shared, 2000)
        if as_pymarc(iso2709.read(data)) != by_pymarc(data)
    ]

    assert different == []


@pytest.mark.parametrize("corpus", [loc_books, gpo_states, hcmut])
def test_real_records_are_written_as_they_were(shared, corpus):
    changed = [
        data[:24] for data in corpus(shared, 2000) if iso2709.write(iso2709.read(data)) != data
    ]

    assert changed == []


def test_real_marc8_reads_as_pymarc_reads_it(shared):
    path = next((shared / "data/corpora/gpo-encodings").glob("Law*marc8*.mrc.gz"))
    with gzip.open(path) as stream:
        found = [data for _, data in iso2709.split(stream)]

    assert len(found) > 500
    assert [
        d[:24] for d in found if composed(as_pymarc(iso2709.read(d))) != composed(by_pymarc(d))
    ] == []


def test_the_reference_marc8_lines_become_the_reference_text(shared):
    folder = shared / "data/corpora/hard-cases"
    before = (folder / "pymarc_tests__test_marc8.txt").read_bytes().split(b"\n")
    after = (folder / "pymarc_tests__test_utf8.txt").read_text("utf-8").split("\n")

    assert [composed(marc8.decode(line)) for line in before] == [composed(line) for line in after]


@pytest.mark.parametrize("data", [b"\x1b", b"\x1b$1ab", b"a\xff", b"\x1b$1!"])
def test_what_marc8_does_not_define_is_shown_as_lost(data):
    with pytest.raises(UnicodeError):
        marc8.decode(data)

    assert "\ufffd" in marc8.decode(data, lossy=True)


def hard_cases(shared: Path) -> list[tuple[Path, int]]:
    folder = shared / "data/corpora/hard-cases"
    with (folder / "curated.tsv").open(encoding="utf-8", newline="") as table:
        rows = csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
        numbered = [(folder / row["file"], row["expected"]) for row in rows]
    return [
        (path, int(expected))
        for path, expected in numbered
        if expected.isdecimal() and path.suffix in (".mrc", ".marc", ".dat", ".usmarc")
    ]


def test_every_hard_case_gives_its_number_of_records_and_never_an_exception(shared):
    wrong = []
    for path, expected in hard_cases(shared):
        with path.open("rb") as stream:
            raws = [RawRecord(identifier=str(at), body=data) for at, data in iso2709.split(stream)]
        records = [record for raw in raws if (record := read(raw)[0]) is not None]
        if len(records) != expected:
            wrong.append((path.name, expected, len(records)))

    assert wrong == []
