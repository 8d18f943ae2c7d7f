from __future__ import annotations

import gzip
import io
import os
import signal
import sys
from pathlib import Path
from typing import IO

import pytest
from lxml import etree

from bench.harness import Work, measure
from crosswalks.crosswalk import from_pivot
from crosswalks.formats import FORMATS, WRITTEN, iso2709, marcxml
from crosswalks.model import Record, Schema
from hub.conversion import Counts, Refusal, convert, readable, route, writable
from hub.filing import outgoing
from support.formats import gpo_states, hcmut, loc_books
from support.marc import marc

BOOK = marc("001 12", "245 10 $aSố đỏ$cVũ Trọng Phụng", leader="00000nam a2200000 a 4500")
ISO, XML = iso2709.write(BOOK), marcxml.write(BOOK)
DAMAGED = b"<collection>" + XML + b"<record><x/></record>" + XML + b"</collection>"
LONG = marcxml.write(marc("001 99", f"520 __ $a{'x' * 10_000}"))

TOO_LONG = "field 520 has 10005 bytes, the most is 9999"
NO_FIELDS = "a record without leader and fields (byte 0)"


@pytest.fixture
def stdin(monkeypatch):
    def give(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    return give


@pytest.fixture
def file(tmp_path):
    def made(data: bytes, name: str = "in") -> str:
        path = tmp_path / name
        path.write_bytes(data)
        return str(path)

    return made


def test_standard_input_goes_to_standard_output(lienthong, stdin):
    stdin(ISO)
    said = lienthong("convert", "--from", "iso2709", "--to", "marcxml")

    assert (said.code, said.err) == (0, "1 read, 1 written, 0 refused\n")
    assert [marcxml.read_element(each) for each in etree.fromstring(said.out.encode())] == [
        iso2709.read(ISO)
    ]


@pytest.mark.parametrize("corpus", [loc_books, gpo_states, hcmut])
def test_between_formats_of_one_schema_nothing_is_lost(lienthong, file, shared, tmp_path, corpus):
    # MARCXML cannot hold a subfield whose code is a space.
    sound = [d for d in corpus(shared, 300) if b"\x1f " not in d]
    data = b"".join(d for d in sound if iso2709.write(iso2709.read(d)) == d)
    there, back = str(tmp_path / "there"), str(tmp_path / "back")

    assert lienthong("convert", "--to", "marcxml", file(data), "-o", there).code == 0
    assert lienthong("convert", "--to", "iso2709", there, "-o", back).code == 0
    assert Path(back).read_bytes() == data


def test_the_schema_is_found_and_gzip_unpacked(lienthong, file):
    said = lienthong("convert", "--to", "oai_dc", file(gzip.compress(ISO * 2)))
    titles = etree.fromstring(said.out.encode()).iterfind(".//{*}title")

    assert said.code == 0
    assert [title.text for title in titles] == ["Số đỏ", "Số đỏ"]


def test_each_refusal_is_told_with_its_place_and_reason(lienthong, file):
    said = lienthong("convert", "--to", "iso2709", file(DAMAGED.replace(XML, XML + LONG, 1)))
    place = len(b"<collection>" + XML)

    assert said.code == 1
    assert said.out.encode() == ISO * 2
    assert said.err.splitlines() == [
        f"Record 2 at byte {place} (99) was refused: {TOO_LONG}",
        f"Record 3 at byte {place + len(LONG)} was refused: {NO_FIELDS}",
        "4 read, 2 written, 2 refused",
    ]


def test_warnings_are_counted_by_code(lienthong, file):
    data = XML.replace("đỏ".encode(), b"&eacute;") * 3
    said = lienthong("convert", "--to", "marcxml", file(b"<x>" + data + b"</x>"))

    assert said.code == 0
    assert said.err.endswith("0 refused\nWarnings: html-entity 3\n")


def test_it_is_said_in_vietnamese(lienthong, file):
    said = lienthong("--lang", "vi", "convert", "--to", "iso2709", file(DAMAGED))

    assert "bị từ chối" in said.err
    assert "đọc 3, ghi 2, từ chối 1" in said.err


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--to", "nonsense"], "nonsense"),
        (["--from", "nonsense", "--to", "marcxml"], "nonsense"),
        (["--from", "iso2709"], "--to"),
        (["--to", "marcxml", "--crosswalk", "nonsense"], "nonsense"),
        (["--to", "oai_dc", "--crosswalk", "oai_dc-marc21"], "oai_dc-marc21"),
    ],
)
def test_wrong_use_is_told_before_anything_is_converted(lienthong, file, arguments, word):
    said = lienthong("convert", *arguments, file(ISO))

    assert (said.code, said.out) == (2, "")
    assert word in said.err
    assert "read" not in said.err or "schema" in said.err


def test_a_file_that_is_not_there_is_wrong_use(lienthong, tmp_path):
    said = lienthong("convert", "--to", "marcxml", str(tmp_path / "nowhere"))

    assert (said.code, said.out) == (2, "")
    assert "nowhere" in said.err


@pytest.mark.parametrize("data", [b"", b"hello"])
def test_what_looks_like_nothing_has_to_be_named(lienthong, file, data):
    assert lienthong("convert", "--to", "marcxml", file(data)).code == 2


@pytest.mark.parametrize(
    ("source", "data"),
    [("marcxml", b"<collection/>"), ("iso2709", b""), ("marcxml", b"<record>x</record>")],
)
def test_nothing_converted_is_a_failure_and_leaves_what_was_there(
    lienthong, file, tmp_path, source, data
):
    old = file(b"old", "out")
    said = lienthong("convert", "--from", source, "--to", "oai_dc", file(data), "-o", old)

    assert said.code == 1
    assert sorted(path.name for path in tmp_path.glob("*out*")) == ["out"]
    assert Path(old).read_bytes() == b"old"


def test_a_damaged_archive_leaves_nothing_behind(lienthong, file, tmp_path):
    packed = gzip.compress(os.urandom(70_000) + ISO)[:-20]
    whole = gzip.compress(ISO * 400)[:-12]
    for data in (packed, whole):
        said = lienthong(
            "convert",
            "--from",
            "iso2709",
            "--to",
            "marcxml",
            file(data),
            "-o",
            str(tmp_path / "out"),
        )

        assert said.code == 1
    assert not [path for path in tmp_path.iterdir() if "out" in path.name]


def test_an_interrupt_leaves_what_was_there(tmp_path):
    place = tmp_path / "out"
    place.write_bytes(b"old")

    def interrupted() -> None:
        with outgoing(str(place)) as stream:
            stream.write(b"new")
            signal.raise_signal(signal.SIGINT)

    # A run in the background may have been told to ignore it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            interrupted()
    finally:
        signal.signal(signal.SIGINT, before)

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("out", b"old")]


def test_a_device_is_written_to_and_not_replaced(lienthong, file):
    assert lienthong("convert", "--to", "marcxml", file(ISO), "-o", os.devnull).code == 0
    assert Path(os.devnull).is_char_device()


def test_a_named_crosswalk_is_taken(lienthong, file):
    decomposed = iso2709.write(marc("245 10 $aSô\u0301 đo\u0309"))
    said = lienthong("convert", "--to", "iso2709", "--crosswalk", "marc21-marc21", file(decomposed))

    assert said.code == 0
    assert "Số đỏ" in said.out


def test_the_list_names_every_schema_and_what_it_is_good_for(lienthong):
    listed = {
        line["schema"]: (line["reads"], line["writes"])
        for line in lienthong("convert", "--list", "--json").json
    }

    assert listed == {
        name: (name in {form.NAME for form in FORMATS}, name in {form.NAME for form in WRITTEN})
        for name in {form.NAME for form in (*FORMATS, *WRITTEN)}
    }
    assert listed["marcxml"] == (True, True)
    assert "marcxml" in lienthong("convert", "--list").out


class Endless(io.RawIOBase):
    """A stream of so many records, made as they are read."""

    def __init__(self, opening: bytes, record: bytes, count: int) -> None:
        self.pieces = iter([opening])
        self.rest = (record * 100 for _ in range(count // 100))
        self.held = opening

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while len(self.held) < len(buffer) and (more := next(self.rest, b"")):
            self.held += more
        size = min(len(self.held), len(buffer))
        buffer[:size], self.held = self.held[:size], self.held[size:]
        return size


LARGE = marc("001 12", "245 10 $aSố đỏ", f"520 __ $a{'Tóm tắt. ' * 100}")


def converted(source: str, target: str, count: int) -> int:
    form, opening = readable(source), writable(source).OPENING
    one = writable(source).write(LARGE if form.SCHEMA is LARGE.schema else large_dc())
    stream: IO[bytes] = io.BufferedReader(Endless(opening, one, count))  # type: ignore[attr-defined]
    counts = Counts()
    for _ in convert(stream, route(form, writable(target)), counts, refused):
        pass
    return counts.written


def large_dc() -> Record:
    return from_pivot(LARGE, Schema.OAI_DC)


def refused(refusal: Refusal) -> None:
    raise AssertionError(refusal)


ROUTES = [
    ("iso2709", "marcxml"),
    ("marcxml", "iso2709"),
    ("iso2709", "oai_dc"),
    ("oai_dc", "marcxml"),
]


@pytest.mark.parametrize(("source", "target"), ROUTES)
def test_memory_does_not_grow_with_the_file(source, target):
    small, large = (
        measure(Work(name="x", function=converted, arguments=(source, target, count)))
        for count in (500, 5_000)
    )

    assert (small.records, large.records) == (500, 5_000)
    assert large.peak_mib < small.peak_mib * 1.1


@pytest.mark.soak
@pytest.mark.parametrize(("source", "target"), ROUTES)
def test_a_million_records_need_no_more_memory_than_a_few(source, target):
    small, large = (
        measure(Work(name="x", function=converted, arguments=(source, target, count)))
        for count in (10_000, 1_000_000)
    )

    assert large.records == 1_000_000
    assert large.peak_mib < small.peak_mib * 1.1
