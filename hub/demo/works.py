"""The works, editions and volumes that the demo's libraries hold, read from ``data/``.

``data/README.md`` says how the cells are written.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from stdnum import ean

_DATA = "hub.demo.data"
_NAME = re.compile(r"(@?)([^(]+?)(?: \((.+)\))?")
_YEAR = re.compile(r"(\d{4})(?:#(\d+))?(?:=(\d{13}))?")
_FIRST_ISBN_13 = 2008
_STRIDE = 7919
"""A prime, so that numbers counted up in steps of it meet again only when all are used."""


class Name(NamedTuple):
    """A person or body on a title page."""

    direct: str
    inverted: str
    """The form in headings: ``Hemingway, Ernest``; Vietnamese names stay direct."""
    role: str
    """As in ``roles.tsv``; empty for an author."""
    corporate: bool


class Publisher(NamedTuple):
    """A row of ``publishers.tsv``."""

    key: str
    name: str
    full: str
    short: str
    place: str
    country: str
    registrant: str


class Collection(NamedTuple):
    """A table of works, and what its empty cells mean."""

    number: int
    name: str
    label: str
    language: str
    defaults: Mapping[str, str]
    literary: str
    audience: str
    height: str
    weights: Mapping[str, float]
    """How eagerly each member collects it, by the member's column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A row of a table of works."""

    key: str
    collection: Collection
    title: str
    subtitle: str
    names: tuple[Name, ...]
    subjects: tuple[str, ...]
    ddc: str
    genre: str
    series: str
    original: tuple[str, str]
    """MARC code of the language and title translated from; two empty strings if it is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """One manifestation: a volume of an edition of a work."""

    truth: str
    """Work, edition and volume; copies differ from it in carrier only."""
    work: Work
    publisher: Publisher
    year: int
    printing: int
    """0 for a first edition."""
    volume: int
    """0 if the edition is in one volume."""
    pages: int
    isbn: str
    """13 digits, or empty."""


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Return a table of ``data/`` as dictionaries by column."""
    lines = files(_DATA).joinpath(f"{name}.tsv").read_text("utf-8").splitlines()
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, restval="")
    return tuple(rows)


@cache
def books() -> tuple[Book, ...]:
    """Return every manifestation, in the order of the tables, each with its ISBN if it has one."""
    issued: Counter[str] = Counter()
    return tuple(book for row, work in _works() for book in _books(row, work, issued))


def _works() -> Iterator[tuple[dict[str, str], Work]]:
    for collection in _collections():
        for number, row in enumerate(table(collection.name), start=1):
            yield row, _work(row, collection, f"{collection.name}-{number:03}")


def _collections() -> Iterator[Collection]:
    for number, row in enumerate(table("collections"), start=1):
        yield Collection(
            number=number,
            name=row["name"],
            label=row["label"],
            language=row["language"],
            defaults={name: row[name] for name in ("ddc", "genre", "subject")},
            literary=row["literary"],
            audience=row["audience"] or " ",
            height=row["height"],
            weights={name: float(row[name]) for name in ("national", "university", "city")},
        )


def _work(row: dict[str, str], collection: Collection, key: str) -> Work:
    defaults = collection.defaults
    language, _, title = row.get("original", "").partition(": ")
    return Work(
        key=key,
        collection=collection,
        title=row["title"],
        subtitle=row["subtitle"],
        names=tuple(name(text) for text in _parts(row["authors"])),
        subjects=_parts(row.get("subjects") or defaults["subject"]),
        ddc=row.get("ddc") or defaults["ddc"],
        genre=row.get("genre") or defaults["genre"],
        series=row.get("series", ""),
        original=(language, title),
    )


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


@cache
def name(text: str) -> Name:
    """Read a name as the tables write it."""
    body, written, role = _matched(_NAME, text).groups()
    given, _, family = written.rpartition("^")
    inverted = f"{family}, {given.strip()}" if given else written
    return Name(written.replace("^", ""), inverted, role or "", bool(body))


def _books(row: dict[str, str], work: Work, issued: Counter[str]) -> Iterator[Book]:
    volumes = [int(pages) for pages in row["pages"].split()]
    for part in _parts(row["editions"]):
        key, *years = part.split()
        for index, text in enumerate(years):
            year, printing, isbn = _matched(_YEAR, text).groups()
            for volume, pages in enumerate(volumes, start=1):
                yield Book(
                    truth=f"{work.key}/{key}-{year}/{volume}",
                    work=work,
                    publisher=_publishers()[key],
                    year=int(year),
                    printing=int(printing or _unsaid_printing(work, index)),
                    volume=volume if len(volumes) > 1 else 0,
                    pages=pages,
                    isbn=isbn or _issue(_publishers()[key], int(year), issued),
                )


def _unsaid_printing(work: Work, index: int) -> int:
    # Vietnamese reprints count themselves; foreign ones do so only as new editions.
    return index if work.collection.language == "vie" else 0


@cache
def _publishers() -> dict[str, Publisher]:
    return {row["key"]: Publisher(**row) for row in table("publishers")}


def _issue(publisher: Publisher, year: int, issued: Counter[str]) -> str:
    prefix = publisher.registrant
    if not prefix or year < _FIRST_ISBN_13:
        return ""
    issued[prefix] += 1
    width = 12 - len(prefix)
    digits = f"{prefix}{issued[prefix] * _STRIDE % 10**width:0{width}}"
    return digits + ean.calc_check_digit(digits)


def _matched(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    match = pattern.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return match
