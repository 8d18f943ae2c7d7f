"""Vietnamese text: damaged values repaired as they were meant, sound ones left alone."""

from __future__ import annotations

import random
import re
import unicodedata
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from bench.harness import save
from bench.server import shared
from crosswalks.checks.syllables import VIETNAMESE_ONLY
from crosswalks.encodings import LEGACY, MISREAD, Encoding, Evidence, as_seen, decide, repair, texts
from crosswalks.encodings.codecs import letters
from crosswalks.errors import FormatError
from crosswalks.formats import iso2709

_FOUR = 4
_PARTS = ("book3part0final", "book3part1final", "book3part2final")


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--records", type=int, default=10_000, help="records of each corpus")
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
        for name, writer in _writers():
            figures = _measured(values, writer, options.fours)
            results[f"{corpus} {name}"] = figures
            print(f"  {name:16}", *(f"{key} {figure}" for key, figure in figures.items()))
    save("text", vars(options), results)


def _corpora(count: int) -> Iterator[tuple[str, list[str]]]:
    folder = shared() / "data/corpora"
    seen: set[str] = set()
    files = [folder / f"vn-hcmut/{part}.mrc" for part in _PARTS]
    groups = [(file.stem, [file]) for file in files]
    for name, paths in (*groups, ("vn-emiclib", sorted((folder / "vn-emiclib").iterdir()))):
        found = {value for path in paths for value in _values(path, count)} - seen
        seen |= found
        yield name, sorted(found)


def _values(path: Path, count: int) -> Iterator[str]:
    with path.open("rb") as stream:
        for number, (_, data) in enumerate(iso2709.split(stream)):
            if number == count:
                return
            with suppress(FormatError):
                record = iso2709.read_leniently(data)[0]
                found = (unicodedata.normalize("NFC", text) for text in texts(record))
                yield from (text for text in found if not VIETNAMESE_ONLY.isdisjoint(text))


def _writers() -> Iterator[tuple[str, Callable[[str], str]]]:
    for encoding in (*LEGACY, Encoding.VIQR):
        yield encoding.value, _writer(encoding)
    bare = _writer(Encoding.VIQR)
    yield "viqr, escaped", lambda text: bare(_escaped(text))
    for encoding in MISREAD:
        yield encoding.value, _misreader(encoding)


def _writer(encoding: Encoding) -> Callable[[str], str]:
    meant = {letter: seen.encode("latin-1") for seen, letter in reversed(letters(encoding).items())}

    def write(text: str) -> str:
        return as_seen(b"".join(meant.get(one) or one.encode("cp1252") for one in text))

    return write


def _escaped(text: str) -> str:
    """Return text whose punctuation after vowels has the backslash that RFC 1456 wants there."""
    spread = unicodedata.normalize("NFD", text)
    plain = re.compile(r"(?<=[aeiouyAEIOUY])([\u0300-\u036f]*)([.?'`~^(+])")
    return unicodedata.normalize("NFC", plain.sub(r"\1\\\2", spread))


def _misreader(encoding: Encoding) -> Callable[[str], str]:
    if encoding is Encoding.AS_CP1252:
        return lambda text: as_seen(text.encode())
    return lambda text: text.encode().decode("latin-1")


def _measured(values: list[str], write: Callable[[str], str], fours: int) -> dict[str, object]:
    """Return how records of four fields fare by themselves, and fields by the whole source."""
    written = {}
    for value in values:
        try:
            written[value] = write(value)
        except UnicodeEncodeError:
            continue
    chance, usable = random.Random(7), sorted(written)
    right = wrong = 0
    for _ in range(fours):
        four = chance.sample(usable, _FOUR)
        seen = [written[value] for value in four]
        told = _decided(seen)
        if told is not None:
            fine = _repaired(seen, *told) == [value.casefold() for value in four]
            right, wrong = right + fine, wrong + (not fine)
    told = _decided(list(written.values()))
    whole = _repaired([written[value] for value in usable], *told) if told else []
    good = sum(one == value.casefold() for one, value in zip(whole, usable, strict=False))
    return {
        "fours right": f"{right / fours:.4f}",
        "not all right": wrong,
        "left": fours - right - wrong,
        "fields right": f"{good / len(usable):.4f}",
        "fours of the source": f"{(good / len(usable)) ** _FOUR:.4f}",
    }


def _decided(seen: list[str]) -> tuple[Encoding, tuple[float, ...]] | None:
    evidence = Evidence()
    evidence.add(seen)
    found = decide(evidence)
    if found.encoding in (None, Encoding.UTF_8):
        return None
    return Encoding(found.encoding), found.stops


def _repaired(seen: list[str], encoding: Encoding, stops: tuple[float, ...]) -> list[str]:
    # TCVN3 itself lost which letters were capitals.
    return [repair(text, encoding, stops=stops).text.casefold() for text in seen]


def _sound(values: list[str]) -> int:
    groups = [values[at : at + _FOUR] for at in range(0, len(values), _FOUR)]
    return sum(_decided(group) is not None for group in groups)
