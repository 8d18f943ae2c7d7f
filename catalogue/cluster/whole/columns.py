"""What of a record is compared with very many others, as numbers beside each other.

Texts stand as 64-bit hashes, 0 where there is none: unequal hashes are of unequal texts, which is
all that rejecting a pair rests on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple, TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from catalogue import match
from catalogue.match import Features, Policy
from catalogue.match.compare import compared_title
from catalogue.match.vetoes import of_yearly, one_material
from crosswalks import stored

Hashes: TypeAlias = NDArray[np.uint64]
Numbers: TypeAlias = NDArray[np.int32]
Flags: TypeAlias = NDArray[np.uint8]
Traits: TypeAlias = NDArray[np.uint16]
Bools: TypeAlias = NDArray[np.bool_]

YEARLY, SERIAL, LEVELLED, ANALYTIC, SURE, UNCERTAIN, MANY = (1 << bit for bit in range(7))
"""Of books reprinted yearly; a serial; says its level; a part; its carrier is sure; has years that
do not fit here; has more control numbers than fit here."""
INITIALS, NUMBERED, NAMED, PUBLISHED, VARIED = (1 << bit for bit in range(7, 12))
"""One of its main entry's words is a letter; has an ISBN that is not reused; names
anybody; names a publisher; the policy knows other names of its main entry."""
YEARS = 3
CONTROLS = 2
BETWEEN = "\n"
"""Stands between the texts of an imprint: in none of them."""
_LATEST = 32_767
MOST_PAGES = 2**30
"""Pages are not told apart from here on."""
_LAST_BIT = 63


class Columns(NamedTuple):
    """One row for each record, by number."""

    content: Hashes
    """Equal for records that differ in nothing that is compared but their control numbers."""
    title: Hashes
    material: Hashes
    volume: Hashes
    edition: Hashes
    edition_kind: Flags
    kind: Hashes
    variant: Hashes
    carrier: Hashes
    volumes: Numbers
    years: NDArray[np.int16]
    """Of the shape (records, YEARS)."""
    controls: Hashes
    """Of the shape (records, CONTROLS)."""
    coded_year: NDArray[np.int16]
    pages: Numbers
    extent: NDArray[np.int64]
    """A hash of all numbers of the extent."""
    sequences: Hashes
    """The same, as a bit for each: records without a common bit have none in common."""
    names: Hashes
    """Everybody named, as bits."""
    numbers: Hashes
    """ISBN, ISSN and whatever else is a number, as bits."""
    country: Hashes
    language: Hashes
    flags: Traits

    def save(self, folder: Path) -> None:
        """Write each column to a file of its own."""
        for name, column in self._asdict().items():
            np.save(folder / f"column.{name}.npy", column)

    @classmethod
    def load(cls, folder: Path) -> Columns:
        """Return what ``save`` wrote, mapped into memory: processes share it."""
        return cls(*(np.load(folder / f"column.{name}.npy", mmap_mode="r") for name in cls._fields))

    @classmethod
    def joined(cls, parts: Sequence[Columns]) -> Columns:
        """Return the rows of several, one after the other."""
        return cls(*map(np.concatenate, zip(*parts, strict=True)))


class Digested(NamedTuple):
    """Some records, made ready: their columns, how many keys each has, the hashes of all keys."""

    columns: Columns
    counts: NDArray[np.uint16]
    keys: Hashes
    titles: list[str]
    imprints: list[str]
    """The one main entry, the one publisher and the place, ``BETWEEN`` them."""


def digested(texts: Sequence[str], policy: Policy) -> Digested:
    """Make ready records whose features were stored as these texts."""
    known = [Features.from_json(text) for text in texts]
    keys = [match.keys(each) for each in known]
    told = compared(known, policy, _hashes)
    columns = told.columns._replace(
        content=_hashes([_content(*each) for each in zip(texts, known, strict=True)]),
        controls=np.array([_controls(each) for each in known], np.uint64).reshape(-1, CONTROLS),
    )
    return Digested(
        columns=columns,
        counts=np.array([len(each) for each in keys], np.uint16),
        keys=_hashes([key for each in keys for key in each]),
        titles=told.titles,
        imprints=told.imprints,
    )


class Compared(NamedTuple):
    """What of records is compared, by number."""

    columns: Columns
    titles: list[str]
    imprints: list[str]


def compared(
    known: Sequence[Features], policy: Policy, hashes: Callable[[Sequence[str]], Hashes]
) -> Compared:
    """Return what of records is compared, with texts hashed as asked.

    Content and control numbers are left 0: by these only records judged once for many are known.
    """
    titles = [compared_title(each) for each in known]
    columns = Columns(
        content=np.zeros(len(known), np.uint64),
        title=hashes(titles),
        material=hashes([one_material(each.material) for each in known]),
        volume=hashes([each.volume for each in known]),
        edition=hashes([each.edition for each in known]),
        edition_kind=np.array([ord(each.edition[:1] or "\0") & 255 for each in known], np.uint8),
        kind=hashes([each.kind for each in known]),
        variant=hashes([each.variant for each in known]),
        carrier=hashes([each.carrier for each in known]),
        volumes=np.array([min(each.volumes, _LATEST) for each in known], np.int32),
        years=np.array([_years(each) for each in known], np.int16).reshape(-1, YEARS),
        controls=np.zeros((len(known), CONTROLS), np.uint64),
        coded_year=np.array([min(each.coded_year, _LATEST) for each in known], np.int16),
        pages=np.array([min(each.pages, MOST_PAGES) for each in known], np.int32),
        extent=np.array([_extent(each.sequences) for each in known], np.int64),
        sequences=np.array([_counted(each.sequences) for each in known], np.uint64),
        names=_bits([(*each.names, each.author) for each in known]),
        numbers=_bits([_numbers(each) for each in known]),
        country=hashes([each.country for each in known]),
        language=hashes([each.language for each in known]),
        flags=np.array([_flags(each, policy) for each in known], np.uint16),
    )
    return Compared(columns, titles, [_imprint(each) for each in known])


def hashed(text: str) -> int:
    """Return the hash of a text; 0 of none."""
    if not text:
        return 0
    encoded = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(encoded, digest_size=8).digest())


def distinct(numbers: Hashes) -> Hashes:
    """Return numbers sorted, each once; ``numpy.unique`` takes several times as long."""
    ordered = np.sort(numbers)
    keep = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=keep[1:])
    return ordered[keep]


def quick_hashes(texts: Sequence[str]) -> Hashes:
    """Return hashes that hold within this process; 0 of none."""
    found = np.fromiter(map(hash, texts), np.int64, len(texts))
    return found.view(np.uint64)


def _hashes(texts: Sequence[str]) -> Hashes:
    known: dict[str, int] = {}
    for text in texts:
        if text not in known:
            known[text] = hashed(text)
    return np.fromiter(map(known.__getitem__, texts), np.uint64, len(texts))


def _bits(texts: Sequence[Iterable[str]]) -> Hashes:
    found = []
    for each in texts:
        bits = 0
        for text in each:
            if text:
                bits |= 1 << (crc32(text.encode("utf-8", "surrogatepass")) & _LAST_BIT)
        found.append(bits)
    return np.array(found, np.uint64)


def _extent(numbers: tuple[int, ...]) -> int:
    # Python hashes whole numbers alike in every process, texts not.
    return hash(tuple(sorted(set(numbers)))) if numbers else 0


def _counted(numbers: tuple[int, ...]) -> int:
    bits = 0
    for number in numbers:
        bits |= 1 << (number & _LAST_BIT)
    return bits


def _numbers(features: Features) -> tuple[str, ...]:
    f = features
    return (*f.isbns, *f.issns, *f.national, *f.controls, *f.trade)


def _main(features: Features) -> tuple[str, ...]:
    return (features.author,) if features.author else features.names


def _only(texts: tuple[str, ...]) -> str:
    return texts[0] if len(texts) == 1 else ""


def _imprint(features: Features) -> str:
    said = (_only(_main(features)), _only(features.publishers), features.place)
    return BETWEEN.join(said)


def _content(text: str, features: Features) -> str:
    if not features.controls:
        return text
    said = json.loads(text)
    said.pop("controls")
    return stored.compact(said)


def _years(features: Features) -> tuple[int, ...]:
    fitting = features.years[:YEARS] if _certain(features) else ()
    return (*fitting, *(0,) * (YEARS - len(fitting)))


def _certain(features: Features) -> bool:
    return len(features.years) <= YEARS and all(0 < year <= _LATEST for year in features.years)


def _controls(features: Features) -> tuple[int, ...]:
    known = [hashed(number) for number in features.controls[:CONTROLS]]
    return (*known, *(0,) * (CONTROLS - len(known)))


def _flags(features: Features, policy: Policy) -> int:
    # Written out: it is done for each record that a placement meets.
    main = features.author or _only(features.names)
    return (
        YEARLY * of_yearly(features, policy)
        | SERIAL * features.serial
        | LEVELLED * (features.level != "")
        | ANALYTIC * features.analytic
        | SURE * features.carrier_sure
        | UNCERTAIN * (not _certain(features))
        | MANY * (len(features.controls) > CONTROLS)
        | INITIALS * any(len(word) == 1 for word in main.split())
        | NUMBERED * (not policy.reused.issuperset(features.isbns))
        | NAMED * bool(features.names)
        | PUBLISHED * bool(features.publishers)
        | VARIED * (features.author_key in policy.names)
    )
