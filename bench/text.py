"""Vietnamese text: damaged values repaired as they were meant, sound ones left alone."""

from __future__ import annotations

import random
import re
import unicodedata
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from bench.harness import save
from bench.server import shared
from crosswalks import tables
from crosswalks.checks.syllables import VIETNAMESE_ONLY
from crosswalks.encodings import (
    LEGACY,
    MISREAD,
    Encoding,
    Evidence,
    as_seen,
    decide,
)
from crosswalks.encodings.codecs import decode_seen
from crosswalks.encodings.records import repair_record, texts
from crosswalks.encodings.syllables import Shape, shape
from crosswalks.errors import FormatError
from crosswalks.formats import iso2709
from crosswalks.model import Field, Record, Schema

_FOUR = 4
_PARTS = ("book3part0final", "book3part1final", "book3part2final")
_HCMUT, _EMICLIB = 3000, 827
"""The records whose mistakes were read to make the rules; what comes after them never was."""
_BLANK = re.compile(r"[ \t\r\n]+")

Told = tuple[Encoding, tuple[float, ...]]
Writer = Callable[[str], str]


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--records", type=int, default=10_000, help="records of each file")
    parser.add_argument("--fours", type=int, default=2_000, help="records of four fields")


def run(options: Namespace) -> None:
    """Measure, print and keep the figures."""
    if not (shared() / "data" / "corpora").is_dir():
        print("\nno corpora at hand: set LIENTHONG_SHARED")
        return
    results: dict[str, object] = {}
    for corpus, values in _corpora(options.records):
        sound = _sound(values)
        print(f"\n{corpus}: {len(values)} different values, sound ones taken for damaged: {sound}")
        worded = [value for value in values if _has_words(value)]
        for name, encoding, writer in _writers():
            figures = _measured(_written(worded, encoding, writer), options.fours)
            results[f"{corpus} {name}"] = figures
            print(f"  {name:16}", *(f"{key} {figure}" for key, figure in figures.items()))
    save("text", vars(options), results)


def _corpora(count: int) -> Iterator[tuple[str, list[str]]]:
    folder = shared() / "data/corpora"
    parts = [folder / f"vn-hcmut/{part}.mrc" for part in _PARTS]
    exports = sorted((folder / "vn-emiclib").iterdir())
    groups = [(path.stem, [path], (0, _HCMUT)) for path in parts]
    groups += [("vn-hcmut unread", parts, (_HCMUT, count))]
    groups += [("vn-emiclib", exports, (0, _EMICLIB))]
    groups += [("vn-emiclib unread", exports, (_EMICLIB, count))]
    seen: set[str] = set()
    for name, paths, (start, stop) in groups:
        found = {value for path in paths for value in _values(path, start, stop)} - seen
        seen |= found
        yield name, sorted(found)


def _values(path: Path, start: int, stop: int) -> Iterator[str]:
    with path.open("rb") as stream:
        for _, data in islice(iso2709.split(stream), start, max(start, stop)):
            with suppress(FormatError):
                record = iso2709.read_leniently(data)[0]
                found = (unicodedata.normalize("NFC", text) for text in texts(record))
                yield from (text for text in found if not VIETNAMESE_ONLY.isdisjoint(text))


def _has_words(value: str) -> bool:
    """Tell a text from a class mark: of those hardly a record has four."""
    return any(shape(piece) is not Shape.PLAIN for piece in _BLANK.split(value))


def _writers() -> Iterator[tuple[str, Encoding, Writer]]:
    for encoding in (*LEGACY, Encoding.VIQR):
        yield encoding.value, encoding, _writer(encoding)
    bare = _writer(Encoding.VIQR)
    yield "viqr, escaped", Encoding.VIQR, lambda text: bare(_escaped(text))
    for encoding in MISREAD:
        yield encoding.value, encoding, _misreader(encoding)


def _writer(encoding: Encoding) -> Writer:
    column = tables.heading("vn-encodings.tsv").index(encoding)
    meant = {row[0]: bytes.fromhex(row[column]) for row in tables.rows("vn-encodings.tsv")}
    return lambda text: as_seen(b"".join(meant.get(one) or one.encode("cp1252") for one in text))


def _escaped(text: str) -> str:
    """Return text whose punctuation after vowels has the backslash that RFC 1456 wants there."""
    spread = unicodedata.normalize("NFD", text)
    plain = re.compile(r"(?<=[aeiouyAEIOUY])([\u0300-\u036f]*)([.?'`~^(+])")
    return unicodedata.normalize("NFC", plain.sub(r"\1\\\2", spread))


def _misreader(encoding: Encoding) -> Writer:
    if encoding is Encoding.AS_CP1252:
        return lambda text: as_seen(text.encode())
    return lambda text: text.encode().decode("latin-1")


def _written(values: list[str], encoding: Encoding, write: Writer) -> dict[str, str]:
    """Return what values look like; those that the encoding has no letters for are left out."""
    written = {}
    for value in values:
        with suppress(UnicodeEncodeError):
            seen = write(value)
            read = decode_seen(seen, encoding) if encoding in LEGACY else value
            if read is not None and read.casefold() == value.casefold():
                written[value] = seen
    return written


def _measured(written: dict[str, str], fours: int) -> dict[str, object]:
    """Return how records of four fields fare by themselves, and by what the whole source says."""
    chance, usable = random.Random(7), sorted(written)
    whole = _decided(list(written.values()))
    right = wrong = by_source = 0
    for _ in range(fours):
        four = chance.sample(usable, _FOUR)
        seen = [written[value] for value in four]
        meant = [value.casefold() for value in four]
        by_source += whole is not None and _repaired(seen, whole) == meant
        if (told := _decided(seen)) is not None:
            fine = _repaired(seen, told) == meant
            right, wrong = right + fine, wrong + (not fine)
    return {
        "values": len(usable),
        "right": f"{right / fours:.4f}",
        "not all right": wrong,
        "left": fours - right - wrong,
        "right by the source": f"{by_source / fours:.4f}",
    }


def _decided(seen: list[str]) -> Told | None:
    evidence = Evidence()
    evidence.add(seen)
    found = decide(evidence)
    if found.encoding in (None, Encoding.UTF_8):
        return None
    return Encoding(found.encoding), found.stops


def _repaired(seen: list[str], told: Told) -> list[str]:
    """Return the texts of one record as repaired, in small letters: TCVN3 lost the capitals."""
    fields = tuple([Field("500", "  ", (("a", text),)) for text in seen])
    record, _ = repair_record(Record(schema=Schema.MARC21, fields=fields), *told)
    return [text.casefold() for text in texts(record)]


def _sound(values: list[str]) -> int:
    groups = [values[at : at + _FOUR] for at in range(0, len(values), _FOUR)]
    return sum(_decided(group) is not None for group in groups)
