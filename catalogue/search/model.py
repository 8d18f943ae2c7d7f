"""What a search engine is asked and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from catalogue.search.expression import Expression


class FacetName(StrEnum):
    """What hits can be counted and narrowed by, in the order in which they are shown."""

    MATERIAL = "material"
    YEAR = "year"
    LANGUAGE = "language"
    LIBRARY = "library"
    SUBJECT = "subject"
    AUTHOR = "author"


class SortField(StrEnum):
    """What hits can be sorted by instead of by rank."""

    TITLE = "title"
    AUTHOR = "author"
    YEAR = "year"
    CHANGED = "changed"


class Sorting(NamedTuple):
    """A key to sort by; what has no value stands last either way."""

    field: SortField
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A search: what is looked for, as which view sees it, and which hits are wanted.

    ``by_work``: the editions of a work are one hit, the best of them stands for it.
    """

    wanted: Expression
    view: str = "public"
    narrowed: tuple[tuple[FacetName, str], ...] = ()
    """Values of facets that hits must have."""
    sort: tuple[Sorting, ...] = ()
    by_work: bool = True
    offset: int = 0
    limit: int = 20
    facets: tuple[FacetName, ...] = ()
    facet_values: int = 10
    """How many values of a facet are counted at most, those with most hits."""
    see: bool = False
    """See-references of authorities widen it (``catalogue.authorities``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One line of a search result."""

    public_id: str
    title: str
    author: str
    year: str
    material: str
    libraries: tuple[str, ...]
    editions: int
    """How many hits are of the same work, this one among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Also:
    """What is looked for besides what was typed: other names of an authority."""

    typed: str
    """Folded words."""
    heading: str
    code: str
    """The list that says so."""
    number: str
    names: tuple[str, ...]


class FacetCount(NamedTuple):
    """A value of a facet, and how many hits have it."""

    value: str
    hits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """A page of hits, and how many there are in all."""

    total: int
    """Works if they were asked for by work, else clusters."""
    clusters: int
    hits: tuple[Hit, ...]
    facets: tuple[tuple[FacetName, tuple[FacetCount, ...]], ...] = ()
    also: tuple[Also, ...] = ()
    """What was looked for besides, by see-references."""


class ScanTerm(NamedTuple):
    """A term of an index as it is written, and how many clusters have it."""

    text: str
    clusters: int
    """0 for what only leads to another term."""
    see: tuple[str, ...] = ()
    """Headings with records that it leads to, by lists of authorities."""
    also: tuple[str, ...] = ()
    """Headings with records that are to be seen as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRequest:
    """A part of an index in Vietnamese order, about a term.

    ``before`` terms stand before the first that is not less than ``term``, ``count`` from it on.
    """

    columns: tuple[str, ...]
    term: str
    before: int = 0
    count: int = 20
    view: str = "public"
    see: bool = False
    """With see-references of authorities."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """Terms of an index; ``at`` is the place among them of the first not less than the term."""

    terms: tuple[ScanTerm, ...]
    at: int


class Cost(NamedTuple):
    """What a part of a query finds by itself, and how long finding that takes (milliseconds)."""

    depth: int
    """How many parts it is in."""
    part: Expression
    clusters: int
    milliseconds: float
