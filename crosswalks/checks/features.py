"""What a record tells of its publication, whatever its schema: titles, dates, subjects and so on.

This is for judging how good records are, never for mapping them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from crosswalks import tables
from crosswalks.model import Control, Element, Field, Record, Schema
from crosswalks.text import fold

Features: TypeAlias = Mapping[str, tuple[str, ...]]
"""The values of each feature that has any, in the order delivered."""

_CODED = re.compile(r"(leader|00\d)/(\d\d)(?:-(\d\d))?")
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_NOTHING = re.compile(r"[\s|#^u-]*|und|zxx|xx ?")
_LONGEST = 40
"""Letters beyond which a value says something."""
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


def features(record: Record) -> Features:
    """Return what a record tells; blank values are left out, empty talk is not."""
    found: dict[str, list[str]] = {}
    for feature, value in _marc(record) if record.leader else _elements(record):
        if value.strip() and _ONLY[feature](value.strip()):
            found.setdefault(feature, []).append(value.strip())
    return {feature: tuple(values) for feature, values in found.items()}


def says_nothing(value: str) -> bool:
    """Tell whether a value only fills the place: N/A, Không có, [s.n.], uuuu."""
    return len(value) <= _LONGEST and _is_filler(value)


@lru_cache(maxsize=1 << 14)
def _is_filler(value: str) -> bool:
    return not _LETTER_OR_DIGIT.search(value) or fold(value) in _PLACEHOLDERS


def kind_of(record: Record, told: Features) -> str:
    """Return what a record describes, as quality-weights.tsv names it."""
    return _marc_kind(record) if record.leader else _kind_by_type(told)


def identifier_of(record: Record) -> str:
    """Return what a record calls itself, or an empty string."""
    if record.leader:
        return record.control("001").strip()
    named = [each for each in _flat(record.fields) if each[0] in _IDENTIFIERS and each[1]]
    links = [text for _, text in named if _URL.match(text)]
    return next(iter(links), "") or next((text for _, text in named), "")


def _marc(record: Record) -> Iterator[tuple[str, str]]:
    where = _UNIMARC if record.schema is Schema.UNIMARC else _MARC21
    for feature, name, start, end in where.coded:
        value = record.leader if name == "leader" else record.control(name)
        code = value[start:end]
        if not _NOTHING.fullmatch(code):
            yield feature, code
    for field in record.fields:
        wanted = where.tags.get(field[0])
        if wanted and isinstance(field, Field):
            for feature, codes in wanted:
                yield feature, " ".join([value for code, value in field.subfields if code in codes])


def _elements(record: Record) -> Iterator[tuple[str, str]]:
    for name, text in _flat(record.fields):
        for feature in _features_of(name):
            yield feature, text


def _flat(fields: tuple[Control | Field | Element, ...]) -> Iterator[tuple[str, str]]:
    for field in fields:
        if isinstance(field, Element):
            yield field.name, _whole_text(field)
            yield from _flat(field.children)


def _whole_text(element: Element) -> str:
    parts = [element.text.strip(), *map(_whole_text, element.children)]
    return " ".join(part for part in parts if part)


@lru_cache(maxsize=1 << 10)
def _features_of(name: str) -> tuple[str, ...]:
    return tuple(
        feature
        for feature, names in _ELEMENTS
        if any(name.startswith(each[:-1]) if each.endswith("*") else name == each for each in names)
    )


def _marc_kind(record: Record) -> str:
    thesis = "328" if record.schema is Schema.UNIMARC else "502"
    if any(field[0] == thesis for field in record.fields):
        return "thesis"
    level = record.leader[7:8]
    if level in ("a", "b"):
        return "part"
    if level in ("i", "s"):
        return "serial"
    return "book" if record.leader[6:7] in _TEXTS.get(record.schema, "") else "other"


def _kind_by_type(told: Features) -> str:
    types = " | ".join(fold(each) for each in told.get("type", ()))
    if "degree" in told:
        return "thesis"
    return next((kind for word, kind in _KINDS if word in types), "other")


class _Places(NamedTuple):
    """Where a MARC format has its features."""

    tags: dict[str, list[tuple[str, str]]]
    coded: list[tuple[str, str, int, int]]


def _places(cells: Iterable[tuple[str, str]]) -> _Places:
    places = _Places({}, [])
    for feature, cell in cells:
        for place in cell.split():
            if found := _CODED.fullmatch(place):
                start = int(found[2])
                places.coded.append((feature, found[1], start, int(found[3] or start) + 1))
            else:
                places.tags.setdefault(place[:3], []).append((feature, place[3:]))
    return places


_ROWS = tables.rows("quality-features.tsv")
_MARC21 = _places((row[0], row[1]) for row in _ROWS)
_UNIMARC = _places((row[0], row[2]) for row in _ROWS)
_TEXTS = {Schema.MARC21: ("a", "t"), Schema.UNIMARC: ("a", "b")}
_ELEMENTS = tuple((row[0], tuple(row[3].split())) for row in _ROWS)
_IS: Mapping[str, Callable[[str], bool]] = {"": bool, "url": lambda value: bool(_URL.match(value))}
_ONLY = {row[0]: _IS[row[4]] for row in _ROWS}
_KINDS = tuple((row[0], row[1]) for row in tables.rows("quality-kinds.tsv"))
_PLACEHOLDERS = frozenset(row[0] for row in tables.rows("quality-placeholders.tsv"))
_IDENTIFIERS = frozenset(
    ("dc:identifier", "dcterms:identifier", "dc.identifier.uri", "dc.identifier", "identifier")
)
