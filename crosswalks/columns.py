"""What the columns of a member's table mean: by a map that somebody wrote, else by their headings.

Headings are compared as written, then by folded words, then as they would read in an old encoding,
so that "NHAN DE" and a heading in a TCVN3 font are known as well.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from crosswalks import tables
from crosswalks.encodings.codecs import as_latin, as_seen, decode
from crosswalks.encodings.model import LEGACY
from crosswalks.errors import ColumnMissing, ColumnsUnreadable, NoSuchTarget, NothingRecognised
from crosswalks.model import Element, Record
from crosswalks.text import fold, nfc, storable

HEADING = "heading"
"""The attribute that has the heading of the column an element came from."""
UNKNOWN = "column"
"""The name of elements from columns that nobody knows."""

_TABLE = "columns.tsv"
_ENTRY = re.compile(r'\s*("[^"]*"|[^=;\n"]+)\s*=\s*([^;\n]*)')
_BETWEEN = re.compile(r"\s*(?:[;\n]\s*)*")
_BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]")
_PARTS = re.compile(r"[/\n\r|]")
_TAG = re.compile(r"(\d{3})\s*[$|_^]?\s*([a-z0-9])", re.IGNORECASE)
_SURROGATES = re.compile("[\ud800-\udfff]")
_LONGEST = 200
_MOST = 200
_SHOWN = 40


class Target(StrEnum):
    """What a column may hold; the value is the name in a column map and in the crosswalk."""

    IDENTIFIER = "identifier"
    ACCESSION = "accession"
    ISBN = "isbn"
    ISSN = "issn"
    TITLE = "title"
    SUBTITLE = "subtitle"
    PARALLEL_TITLE = "parallel-title"
    RESPONSIBILITY = "responsibility"
    AUTHOR = "author"
    CORPORATE_AUTHOR = "corporate-author"
    CONTRIBUTOR = "contributor"
    EDITOR = "editor"
    TRANSLATOR = "translator"
    ILLUSTRATOR = "illustrator"
    ADVISOR = "advisor"
    IMPRINT = "imprint"
    PLACE = "place"
    PUBLISHER = "publisher"
    YEAR = "year"
    EDITION = "edition"
    EXTENT = "extent"
    SIZE = "size"
    ACCOMPANYING = "accompanying"
    SERIES = "series"
    VOLUME = "volume"
    PART_TITLE = "part-title"
    LANGUAGE = "language"
    COUNTRY = "country"
    DDC = "ddc"
    CLASSIFICATION = "classification"
    CALL_NUMBER = "call-number"
    CUTTER = "cutter"
    LOCATION = "location"
    COPIES = "copies"
    SUBJECT = "subject"
    KEYWORD = "keyword"
    ABSTRACT = "abstract"
    CONTENTS = "contents"
    NOTE = "note"
    PRICE = "price"
    TYPE = "type"
    GRADE = "grade"
    DEGREE = "degree"
    DISCIPLINE = "discipline"
    GRANTOR = "grantor"
    HOST = "host"
    URL = "url"
    DOI = "doi"
    IGNORE = "ignore"


class Entry(NamedTuple):
    """A line of a column map: a heading as somebody wrote it, and what its column holds."""

    heading: str
    target: Target


def parse(text: str) -> tuple[Entry, ...]:
    """Return a column map: ``Nhan đề = title; Tác giả = author``; a line break also parts entries.

    A heading with ``;`` or ``=`` in it stands in quotes. What a column holds is told by a target's
    name or by a heading that is known. Raises ColumnsUnreadable and NoSuchTarget.
    """
    return _parsed(text)


def recognise(
    headings: Sequence[str], columns_text: str = "", needed: Collection[Target] = ()
) -> Mapping[int, Target]:
    """Return what columns hold, by their places from 0; those that nobody knows are left out.

    Raises ColumnMissing where the column map names one that is not there, and NothingRecognised
    where none of the ``needed`` targets is; both name the headings that are.
    """
    found: dict[int, Target] = {}
    left = dict.fromkeys(entry.heading for entry in parse(columns_text))
    for place, heading in enumerate(headings):
        entry = _named(heading, columns_text)
        if entry is not None:
            left.pop(entry.heading, None)
        if target := entry.target if entry is not None else known(heading):
            found[place] = target
    if left:
        raise ColumnMissing(missing=listed(left), found=listed(headings))
    if needed and not set(needed) & set(found.values()):
        raise NothingRecognised(found=listed(headings))
    return found


def meaning(heading: str, columns_text: str = "") -> Target | None:
    """Return what a column with this heading holds by a column map, else as recognised."""
    entry = _named(heading, columns_text)
    return entry.target if entry is not None else known(heading)


def is_heading(cell: str, columns_text: str = "") -> bool:
    """Tell whether a cell is a heading that is named in a column map or recognised."""
    return meaning(cell, columns_text) is not None


def is_like(heading: str, other: str) -> bool:
    """Tell whether two headings are the same, but for case and marks, or known to mean the same."""
    if _key(heading) == _key(other) or (fold(other) and fold(heading) == fold(other)):
        return True
    target = known(other)
    return target is not None and known(heading) is target


@lru_cache(maxsize=4096)
def known(heading: str) -> Target | None:
    """Return what a column with this heading holds, or None."""
    if len(heading) > _LONGEST:
        return None
    exact, folded = _synonyms()
    for spelling in _spellings(heading):
        for part in _parts(spelling):
            target = exact.get(_key(part)) or folded.get(fold(part))
            if target is not None:
                return target
    return None


def letter(place: int) -> str:
    """Return the name by which spreadsheets show a column, in square brackets: ``[A]``, ``[AB]``.

    It is the heading of a column that has none, also in a column map.
    """
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return f"[{name}]"


def named(record: Record, columns_text: str = "") -> Record:
    """Return a table's row with its elements named by what they hold, headings kept beside.

    Columns that nobody knows are ``column`` elements, ignored ones go. A record that was named
    already stays as it is, so that a map is applied once, wherever that comes first.
    """
    if any(isinstance(each, Element) and each.attributes for each in record.fields):
        return record
    elements = [each for each in record.fields if isinstance(each, Element)]
    return replace(record, fields=tuple(_renamed(elements, columns_text)))


def _renamed(elements: Sequence[Element], columns_text: str) -> Iterator[Element]:
    for each in elements:
        target = meaning(each.name, columns_text)
        if target is not Target.IGNORE:
            yield Element(target or UNKNOWN, ((HEADING, each.name),), each.text)


@lru_cache(maxsize=64)
def _parsed(text: str) -> tuple[Entry, ...]:
    entries: list[Entry] = []
    place = _skipped(text, 0)
    while place < len(text):
        found = _ENTRY.match(text, place)
        if not found or len(entries) == _MOST:
            raise ColumnsUnreadable(text=text[place : place + 60].strip())
        heading = found[1].strip().strip('"').strip()
        if not heading:
            raise ColumnsUnreadable(text=found[0].strip())
        entries.append(Entry(heading, _target(found[2].strip())))
        place = _skipped(text, found.end())
    return tuple(entries)


def _skipped(text: str, place: int) -> int:
    found = _BETWEEN.match(text, place)
    return found.end() if found else place


def _target(text: str) -> Target:
    if text.lower() in set(Target):
        return Target(text.lower())
    target = known(text) if text else None
    if target is None:
        raise NoSuchTarget(text=text, known=", ".join(Target))
    return target


@lru_cache(maxsize=4096)
def _named(heading: str, columns_text: str) -> Entry | None:
    """Return the entry of a column map for a heading: as written, else by its folded words."""
    entries = parse(columns_text)
    if not entries or len(heading) > _LONGEST:
        return None
    spellings = tuple(_spellings(heading))
    keys, words = set(map(_key, spellings)), set(map(fold, spellings)) - {""}
    exact = (entry for entry in entries if _key(entry.heading) in keys)
    folded = (entry for entry in entries if fold(entry.heading) in words)
    return next(exact, None) or next(folded, None)


@lru_cache(maxsize=1)
def _synonyms() -> tuple[Mapping[str, Target], Mapping[str, Target]]:
    exact: dict[str, Target] = {}
    folded: dict[str, Target] = {}
    for heading, target in [*tables.rows(_TABLE), *((each, each) for each in Target)]:
        exact.setdefault(_key(heading), Target(target))
        folded.setdefault(fold(heading), Target(target))
    return exact, folded


def _key(heading: str) -> str:
    """Return a heading as it is compared: its case and its spaces make no difference."""
    return " ".join(nfc(heading).casefold().split()).strip(" .:*")


def _parts(heading: str) -> Iterator[str]:
    """Yield a heading, and what of it may be the heading without what else stands there."""
    yield heading
    if tag := _TAG.fullmatch(heading.strip()):
        yield f"{tag[1]} {tag[2].lower()}"
    bare = _BRACKETS.sub(" ", heading)
    if bare.strip():
        yield bare
    yield from _PARTS.split(bare)[:3]
    yield from _BRACKETS.findall(heading)[:2]


def _spellings(heading: str) -> Iterator[str]:
    """Yield a heading as it came, and as it would read in each of the old encodings."""
    yield heading
    if heading.isascii():
        return
    found = {heading.encode("utf-8", "surrogateescape" if _has_bytes(heading) else "replace")}
    latin = as_latin(heading)
    if latin is not None:
        found.add(latin.encode("latin-1"))
    for data in sorted(found):
        yield from (decode(data, encoding) for encoding in LEGACY)


def _has_bytes(text: str) -> bool:
    """Tell whether bytes stand in a text as lone surrogates (PEP 383), and no others do."""
    lone = _SURROGATES.findall(text)
    return bool(lone) and all("\udc80" <= each <= "\udcff" for each in lone)


def listed(headings: Collection[str]) -> str:
    """Return headings for a message, as people can read them; no more than fit into one."""
    shown = (legible(heading)[:60] for heading in headings if heading.strip())
    return ", ".join(islice(shown, _SHOWN)) or "-"


def legible(text: str) -> str:
    """Return text that can be shown and stored: bytes in it (PEP 383) as Windows shows them."""
    if _has_bytes(text):
        text = as_seen(text.encode("utf-8", "surrogateescape"))
    return storable(nfc(text))
