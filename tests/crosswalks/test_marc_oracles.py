"""pymarc and YAZ read the same bytes as we do: every difference is named here, with its reason."""

from __future__ import annotations

import csv
import gzip
import io
import json
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from crosswalks.errors import FormatError
from crosswalks.formats import iso2709, unimarc
from support.marcformats import by_pymarc, by_yaz, format_of, plain, readable, records_of

_DANISH = ("marc", "tmarc", "xml2marc", "xml2tmarc")
_NAMES = {
    "leader/09 does not say UTF-8, the bytes do: they are believed": (
        *("FSL.marc", "map_data.mrc", "testunimarc.dat", "utf8_without_leader_flag.dat"),
        *(f"marc{number}.json.marc" for number in (7, 8, 9, 10, 11, 12)),
    ),
    "in a code page: we tell it by the words and say so, the others take it for MARC-8": (
        *("1251.dat", "simple-rusmarc"),
    ),
    "ISO 5426, by 100 $a of UNIMARC: the others take it for MARC-8": ("records.iso",),
    "undefined bytes: we put U+FFFD for each, pymarc a space, YAZ nothing or no field at all": (
        *("hebrew.marc", "chinese_mangled_multibyte.mrc", "incomplete_esc_seq.mrc"),
        *("bad_eacc_encoding.dat", "bad_eacc_encoding.marc8.marc", "bad_marc8_escape.dat"),
        *("marc10.marc", "marc11.marc", "marc12.marc", "utf8_with_bad_bytes.marc"),
        *(
            f"NIST_Collection__MARC8__nist_special_publication_marc8__{number}.mrc.gz"
            for number in ("860e7613", "8c28cd13")
        ),
        *("bad_utf_byte.utf8.marc", "not_unimarc_errors_3.mrc", "marc8_accented_chars.marc"),
    ),
    "lengths in the directory are wrong: we go by the delimiters, the others cut text off": (
        *("bad_encoding.mrc", "bad_oversize_field_bad_directory.mrc", "bad_records.mrc"),
        *("dasrmischepriv00rein_meta.mrc", "lesabndioeinas00sche_meta.mrc", "upei_short_008.mrc"),
        *(
            "marc_with_bad_utf8.utf8.marc",
            "bad_subfield_code.dat",
            "poganucpeoplethe00stowuoft_meta.mrc",
        ),
        "new_poganucpeoplethe00stowuoft_meta.mrc",
    ),
    "text where no text belongs: we keep it, under the code ? or as a field without subfields": (
        *(
            "sample_acq_order.mrc",
            "regression45.dat",
            "marc3.marc",
            "marc5.marc",
            "wrapped_lines.mrc",
        ),
        *("mytwocountries1954asto_meta.mrc", "FPMERFUY.ISO", "LAVYIDLS.ISO"),
    ),
    "a code or an indicator beyond ASCII, or a control character, is kept as it is": (
        *("utf8_invalid.mrc", "bad-characters-in-various-fields.mrc", "bad_subfield_code.marc"),
        *(f"{name}5.xml.marc" for name in ("marc", "tmarc", "xml2marc", "xml2tmarc")),
        *("marc5.json.marc", "bad_indicator.dat"),
    ),
    "a control field with subfields or in MARC-8: kept as text, in MARC-8, with its delimiters": (
        *("camel.usmarc", "sample-marc", "collingswood_bad_008.mrc", "marc3.json.marc"),
        *(f"{name}3.xml.marc" for name in ("marc", "tmarc", "xml2marc", "xml2tmarc")),
    ),
    "danMARC, with three indicators and subfields in 001: each takes what it knows": (
        *(f"{name}{number}.xml.marc" for name in _DANISH for number in (1, 2)),
        *(f"marc{number}{kind}.marc" for number in (1, 2) for kind in ("", ".json")),
    ),
    "pymarc lacks some letters of Extended Cyrillic": ("cyrillic.marc",),
}
REASONS = {name: reason for reason, names in _NAMES.items() for name in names}

RECOUNTED = {"reservoir__util__src__pennstate-bad-rec-20221216.xml": 300}
"""The list says 299: one of the 300 records is not in UTF-8, and is read with a warning."""

_ENOUGH = 1 << 19
"""So many bytes hold more than a sample, if not cut off inside it."""

ENCODINGS = {"simple-rusmarc": "koi8-r"}
"""What YAZ has to be told; else it goes by MARC-8 and leader/09."""


def files(shared: Path, most: int = -1) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the first bytes of each file of ISO 2709 in the corpora."""
    suffixes = {".mrc", ".marc", ".dat", ".iso", ".usmarc", ".gz", ".zip"}
    others = {"simple-rusmarc", "sample-marc"}
    for path in sorted((shared / "data/corpora").rglob("*")):
        if path.suffix.lower() in suffixes or path.name in others:
            name = path.name.rpartition("__")[2] if path.parent.name == "hard-cases" else path.name
            for data in contents(path, most):
                if data.lstrip(b"\xef\xbb\xbf")[:5].isdigit():
                    yield name, data


def once(shared: Path, count: int | None) -> Iterator[tuple[str, bytes]]:
    """Yield each file once: many a project has its tests' files from another."""
    seen = set()
    for name, data in files(shared, _ENOUGH if count else -1):
        if (name, zlib.crc32(data)) not in seen:
            yield name, data
        seen.add((name, zlib.crc32(data)))


def contents(path: Path, most: int) -> Iterator[bytes]:
    if path.suffix == ".gz":
        with gzip.open(path) as stream:
            yield stream.read(most)
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                with archive.open(name) as stream:
                    yield stream.read(most)
    elif path.is_file():
        with path.open("rb") as stream:
            yield stream.read(most)


def pieces(data: bytes, count: int | None) -> Iterator[list[bytes]]:
    """Yield the first records of a file, not too many at a time: YAZ's XML is large."""
    found = islice(iso2709.split(io.BytesIO(data)), count)
    while batch := [piece for _, piece in islice(found, 1000)]:
        yield batch


def first_difference(name: str, data: bytes, count: int | None) -> str:
    """Return how a judge first reads a record otherwise, or that it reads one that we cannot."""
    program, encoding = yaz(), ENCODINGS.get(name, "marc8")
    differences = (in_batch(batch, program, encoding) for batch in pieces(data, count))
    return next(filter(None, differences), "")


def in_batch(found: list[bytes], yaz: str, encoding: str) -> str:
    sound, damaged = [], []
    for piece in found:
        (sound if is_sound(piece) else damaged).append(piece)
    theirs = by_yaz(sound, yaz, encoding) if sound else []
    if len(theirs) != len(sound):
        return "YAZ counts otherwise"
    judged = [*zip(sound, theirs, strict=True)]
    judged += [(piece, next(iter(by_yaz([piece], yaz, encoding)), [])) for piece in damaged]
    return next((told for piece, fields in judged if (told := difference(piece, fields))), "")


def is_sound(piece: bytes) -> bool:
    try:
        (unimarc if unimarc.sniff(piece) else iso2709).read(piece)
    except FormatError:
        return False
    return True


def difference(piece: bytes, by_yaz: list[tuple[object, ...]]) -> str:
    ours = readable(piece, unimarc if unimarc.sniff(piece) else iso2709)
    theirs = by_pymarc(piece)
    if ours is None:
        return "unreadable" if theirs or by_yaz else ""
    for judge, fields in (("pymarc", theirs), ("YAZ", by_yaz)):
        if fields and plain(ours) != fields:
            first = [pair for pair in zip(plain(ours), fields, strict=False) if len(set(pair)) > 1]
            return f"{judge}: {first[:1]}"
    return ""


def yaz() -> str:
    program = shutil.which("yaz-marcdump")
    if program is None:
        pytest.skip("YAZ is not installed: on Debian, apt install yaz")
    return program


def unexplained(shared: Path, count: int | None) -> list[tuple[str, str]]:
    judged = ((name, first_difference(name, data, count)) for name, data in once(shared, count))
    return [(name, difference) for name, difference in judged if difference and name not in REASONS]


def test_samples_of_all_corpora_read_as_pymarc_and_yaz_read_them(shared):
    assert unexplained(shared, 8) == []


@pytest.mark.soak
def test_all_corpora_read_as_pymarc_and_yaz_read_them(shared):
    assert unexplained(shared, None) == []


@pytest.mark.soak
def test_every_reason_is_still_needed(shared):
    differ = {
        name
        for name, data in files(shared)
        if name in REASONS and first_difference(name, data, None)
    }

    assert differ == set(REASONS)


def hard_cases(shared: Path) -> Iterator[tuple[Path, str]]:
    folder = shared / "data/corpora/hard-cases"
    with (folder / "curated.tsv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield folder / row["file"], row["expected"]


def test_every_hard_case_gives_its_number_of_records(shared):
    numbered = [
        (path, RECOUNTED.get(path.name, int(told)))
        for path, told in hard_cases(shared)
        if told.isdecimal()
    ]
    counted = [(path.name, told, len(records_of(path.read_bytes()))) for path, told in numbered]

    assert len(counted) == 55
    assert [each for each in counted if each[1] != each[2]] == []


def test_every_other_hard_case_gives_records_or_nothing_but_never_another_error(shared):
    for path, _ in hard_cases(shared):
        if path.suffix != ".txt":
            records_of(path.read_bytes())


def test_a_truncated_file_gives_its_whole_records_and_what_is_left(shared):
    path = shared / "data/corpora/hard-cases/marc4j__008008027.mrc"

    assert len(records_of(path.read_bytes())) == 19


def test_unimarc_in_marcxchange_reads_as_what_the_oracle_was_given(shared):
    path = shared / "data/corpora/crosswalk-oracles/oracle_unimarc.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        given = [json.loads(line)["marcxchange"].encode() for line in stream]
    records = [unimarc.read(data) for data in given]

    assert len(records) == 300
    assert {format_of(data) for data in given} == {unimarc}
    assert [r for r in records if not r.values("200", "a")] == []
