"""What is found and shown of a master: a pure function of it, so the index can be made anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from catalogue.search.columns import TITLES, code
from catalogue.search.material import is_part, material
from catalogue.search.openings import OPENING, OPENING_MARKED, openings
from catalogue.search.tokens import GAP, folded, marked
from crosswalks.model import Field, Record
from protocols.tables import rows

_PUNCTUATION = " /:;,=."
MAX_POSITIONS = 16_000
"""Words of a column that are indexed: PostgreSQL's positions end at 16,383."""
MAX_OCCURRENCES = 250
"""How often a word counts in a column: PostgreSQL keeps 255 positions of a lexeme."""
MAX_HEADING = 200
"""Letters of a heading that are kept."""
_YEAR = slice(7, 11)
_ENDLESS = "9999"
"""Says in 008 that something goes on, where it is no year of publication (MARC 21 008/07-14)."""
_LANGUAGE = slice(35, 38)
_CODE_LENGTH = 3
_CODED = {
    tag: (column, codes)
    for column, tags, codes in (
        ("isbn", ("020",), "az"),
        ("issn", ("022",), "almyz"),
        ("lccn", ("010",), "az"),
        ("number", ("015", "016", "024", "027", "028", "030", "035", "074", "086", "088"), "az"),
        ("dewey", ("082", "083", "092"), "a"),
        ("callnumber", ("050", "055", "090"), "ab"),
        ("classed", ("060", "070", "080", "084"), "a"),
        ("language", ("041",), "a"),
    )
    for tag in tags
}
"""Tag -> the code column it fills, and by which subfields."""
_LISTED = frozenset({"isbn", "issn", "dewey", "callnumber", "language", "library"})
"""Code columns that are listed, and not only looked up."""


class Rule(NamedTuple):
    """Where a part of a field goes: which subfields, which column, and whether it is a heading."""

    codes: str
    column: str
    heading: str


def _rules() -> Mapping[str, tuple[Rule, ...]]:
    found: dict[str, tuple[Rule, ...]] = {}
    for tag, *rest in rows("catalogue.search", "fields.tsv"):
        found[tag] = (*found.get(tag, ()), Rule(*rest))
    return MappingProxyType(found)


RULES = _rules()


class Heading(NamedTuple):
    """A heading of a column; one that is ``short`` is looked for and not listed."""

    column: str
    text: str
    short: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A master as the index has it.

    ``words`` and ``marked`` are tokens by column, with ``GAP`` between fields and where a word
    does not count any more; ``codes`` are tokens whose order means nothing.
    """

    words: Mapping[str, tuple[str, ...]]
    marked: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, tuple[str, ...]]
    headings: tuple[Heading, ...]
    title: str
    author: str
    year: int
    """0: none."""
    material: str
    language: str
    libraries: tuple[str, ...]
    part: bool
    """It is part of something else, as an article is of a journal."""


def document(record: Record, libraries: Sequence[str]) -> Document:
    """Return what is found and shown of a master (MARC 21) that these libraries hold."""
    texts: dict[str, list[str]] = {}
    headings: dict[Heading, None] = {}
    coded = list(_fixed(record, libraries))
    for field in record.fields:
        if not isinstance(field, Field):
            continue
        # 880 stands for the field it is linked to.
        tag = field.first("6")[:3] if field.tag == "880" else field.tag
        for rule in RULES.get(tag) or RULES.get(tag[:2], ()):
            text = " ".join(field.all(rule.codes)).strip(_PUNCTUATION)
            if text:
                texts.setdefault(rule.column, []).append(text)
                if rule.heading:
                    headings.update(dict.fromkeys(_headings(rule, field, text)))
        if tag in _CODED:
            coded += _coded(*_CODED[tag], field)
    codes = _tokens_of(coded)
    return Document(
        words={name: _tokens([folded(text) for text in found]) for name, found in texts.items()},
        marked={name: _tokens([marked(text) for text in found]) for name, found in texts.items()},
        codes={**codes, **_openings(headings)},
        headings=(*headings, *_listed(coded)),
        title=_title(record),
        author=_author(record),
        year=year_of(record),
        material=codes["material"][0],
        language=codes["language"][0] if "language" in codes else "",
        libraries=tuple(libraries),
        part=is_part(record),
    )


def year_of(record: Record) -> int:
    """Return the year of publication (MARC 21 008/07-10), 0 where that is no year."""
    year = record.control("008")[_YEAR]
    return int(year) if year.isascii() and year.isdecimal() and year != _ENDLESS else 0


def _headings(rule: Rule, field: Field, text: str) -> Iterator[Heading]:
    yield Heading(rule.column, text[:MAX_HEADING])
    short = field.first("a").strip(_PUNCTUATION)[:MAX_HEADING]
    if rule.heading == "short" and short and short != text[:MAX_HEADING]:
        yield Heading(rule.column, short, short=True)


def _openings(headings: Iterable[Heading]) -> dict[str, tuple[str, ...]]:
    titles = [each.text for each in headings if each.column in TITLES]
    return {
        OPENING: openings(folded(title) for title in titles),
        OPENING_MARKED: openings(marked(title) for title in titles),
    }


def _listed(coded: Iterable[tuple[str, str, str]]) -> Iterable[Heading]:
    """Return the headings of numbers and codes: as they are printed, but an ISBN in one form."""
    return dict.fromkeys(
        Heading(column, token if column == "isbn" else value.strip(_PUNCTUATION)[:MAX_HEADING])
        for column, value, token in coded
        if column in _LISTED
    )


def _tokens(fields: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the words of fields in one row, as far as both engines can tell them apart."""
    found: list[str] = []
    for words in fields:
        found += [GAP, *words] if found else words
    del found[MAX_POSITIONS:]
    if len(found) <= MAX_OCCURRENCES:
        return tuple(found)
    counts: dict[str, int] = {}
    for at, word in enumerate(found):
        counts[word] = counts.get(word, 0) + 1
        if counts[word] > MAX_OCCURRENCES:
            found[at] = GAP
    return tuple(found)


def _fixed(record: Record, libraries: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield codes that no data field gives: column, as they are, as they are looked up."""
    spoken = record.control("008")[_LANGUAGE]
    values = [("control", record.control("001")), ("material", material(record))]
    values += [("language", spoken)] if spoken.isalpha() else []
    values += [("library", library) for library in libraries]
    for column, value in values:
        if token := code(column, value):
            yield column, value, token


def _coded(column: str, codes: str, field: Field) -> Iterator[tuple[str, str, str]]:
    """Yield the numbers and codes of a field; 041 $a may hold several in a row (MARC 21 041)."""
    values = field.all(codes)
    if column == "number":
        values += [value.partition(")")[2] for value in values if value[:1] == "("]
    elif column == "language":
        values = [
            value[at : at + _CODE_LENGTH]
            for value in values
            for at in range(0, len(value), _CODE_LENGTH)
        ]
    for value in values:
        if token := code(column, value):
            yield column, value, token


def _tokens_of(coded: Iterable[tuple[str, str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for column, _, token in coded:
        found.setdefault(column, {})[token] = None
    return {column: tuple(tokens) for column, tokens in found.items()}


def _title(record: Record) -> str:
    parts = [value for field in record.data("245") for value in field.all("abnp")]
    return " ".join(parts).strip(_PUNCTUATION)


def _author(record: Record) -> str:
    for field in record.data("100", "110", "111", "700", "710"):
        return field.first("a").strip(_PUNCTUATION)
    return ""
