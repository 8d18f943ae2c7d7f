"""What an address of the search page asks for; all of it stands in the address.

``q`` words, ``field`` where they are looked for, words in other boxes by their names (``fielded``),
``f`` what hits are narrowed to (``name:value``, as often as wanted), ``sort``, ``each`` for every
edition by itself, ``typed`` for no other names, ``marks`` for the marks that were typed, ``more``
for a facet in full, ``page``. What makes no sense is left out, so every address has an answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, NamedTuple

from flask import url_for
from werkzeug.datastructures import MultiDict

from catalogue.search import FacetName, Request, SortField, Sorting, plain, planned
from catalogue.search.expression import Everything, Expression
from catalogue.search.tokens import has_marks
from protocols.rpn.tree import Node, Query
from web.language import mark
from web.public import fielded
from web.public.fielded import LONGEST, Box

PER_PAGE = 20
LAST_PAGE = 100
"""Nobody reads on; deeper pages only cost."""
SHOWN = 8
"""Values of a facet that are shown at first."""
_IN_FULL = 100
"""Values of a facet that are shown at most, those with most hits."""
_MOST_NARROWED = 10
ONE_OF_ITS_KIND = frozenset({FacetName.MATERIAL, FacetName.YEAR, FacetName.LANGUAGE})
"""Facets of which a publication has one value: narrowed by it, they have nothing more to offer."""
YEAR = "year"
_NUMBERS = frozenset({"isbn", "issn"})
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "": mark("All fields"),
        "title": mark("Title"),
        "author": mark("Author"),
        "subject": mark("Subject"),
        "publisher": mark("Publisher"),
        "series": mark("Series"),
        "isbn": mark("ISBN"),
        "issn": mark("ISSN"),
        YEAR: mark("Year of publication"),
    }
)
"""Where words are looked for, by our own names of search fields."""


class Order(NamedTuple):
    """An order of hits: what it is called, and by what it sorts."""

    label: str
    keys: tuple[Sorting, ...]


_BY_TITLE = Sorting(SortField.TITLE)
ORDERS: Mapping[str, Order] = MappingProxyType(
    {
        "": Order(mark("Best match first"), ()),
        "newest": Order(
            mark("Newest first"), (Sorting(SortField.YEAR, descending=True), _BY_TITLE)
        ),
        "oldest": Order(mark("Oldest first"), (Sorting(SortField.YEAR), _BY_TITLE)),
        "title": Order(mark("Title, A to Z"), (_BY_TITLE,)),
        "author": Order(mark("Author, A to Z"), (Sorting(SortField.AUTHOR), _BY_TITLE)),
    }
)
"""The orders of hits by their names in the address."""


class Narrowing(NamedTuple):
    """A value of a facet that hits must have."""

    facet: FacetName
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a reader asks the search page for."""

    words: str = ""
    field: str = ""
    boxes: tuple[Box, ...] = ()
    """Words in other fields, which have to be there as well."""
    narrowed: tuple[Narrowing, ...] = ()
    order: str = ""
    each: bool = False
    """Every edition is a hit by itself."""
    typed: bool = False
    """Not by other names that lists of authorities know."""
    marks: bool = False
    """Only what is written with the marks that were typed."""
    more: FacetName | None = None
    """The facet that is shown in full."""
    page: int = 1

    @property
    def is_anything(self) -> bool:
        """Tell whether something is looked for: words, or all that a library has."""
        of_library = any(facet is FacetName.LIBRARY for facet, _ in self.narrowed)
        return bool(self.words or self.boxes or of_library)

    @property
    def has_marks(self) -> bool:
        """Tell whether something was typed with marks."""
        return has_marks(self.told)

    @property
    def told(self) -> str:
        """Return what was typed, in one line."""
        return ", ".join(filter(None, (self.words, *(box.words for box in self.boxes))))

    def address(self) -> str:
        """Return the address that asks for this."""
        return url_for("public.search", **self.parameters())

    def parameters(self) -> dict[str, Any]:
        """Return what stands in the address, only what has to."""
        told = {
            "q": self.words,
            "field": self.field,
            **dict(self.boxes),
            "f": [f"{facet.value}:{value}" for facet, value in self.narrowed],
            "sort": self.order,
            "each": int(self.each),
            "typed": int(self.typed),
            "marks": int(self.marks),
            "more": self.more.value if self.more else "",
            "page": self.page if self.page > 1 else "",
        }
        return {name: value for name, value in told.items() if value}

    def hidden(self, *left_out: str) -> Iterator[tuple[str, str | int]]:
        """Yield what a form has to carry beside its own boxes, which are left out."""
        first_page = replace(self, page=1, more=None)
        for name, value in first_page.parameters().items():
            if name not in left_out:
                yield from (
                    (name, each) for each in (value if isinstance(value, list) else [value])
                )

    def anew(self) -> Iterator[tuple[str, str | int]]:
        """Yield what stays where something else is typed: how hits are arranged."""
        yield from Asked(order=self.order, each=self.each).hidden()

    def form(self) -> str:
        """Return the address of the form for several fields, filled with this."""
        return url_for("public.advanced", **self.turned(1).parameters())

    def turned(self, page: int) -> Asked:
        """Return another page of the same."""
        return replace(self, page=page, more=None)

    def grouped(self, *, each: bool) -> Asked:
        """Return the same with editions together, or each by itself."""
        return replace(self, each=each, page=1, more=None)

    def as_typed(self, *, typed: bool) -> Asked:
        """Return the same with other names of what was typed, or without."""
        return replace(self, typed=typed, page=1, more=None)

    def with_marks(self, *, marks: bool) -> Asked:
        """Return the same with just the marks that were typed, or with any."""
        return replace(self, marks=marks, page=1, more=None)

    def everywhere(self) -> Asked:
        """Return the same words looked for in all fields."""
        return replace(self, field="", page=1, more=None)

    def without(self, *boxes: Box) -> Asked:
        """Return the same without some boxes."""
        left = tuple(box for box in self.boxes if box not in boxes)
        return replace(self, boxes=left, page=1, more=None)

    def opened(self, facet: FacetName | None) -> Asked:
        """Return the same with a facet in full."""
        return replace(self, more=facet)

    def narrowed_to(self, *narrowed: Narrowing) -> Asked:
        """Return the same, narrowed to these values and no others."""
        return replace(self, narrowed=narrowed, page=1, more=None)


def read(arguments: MultiDict[str, str]) -> Asked:
    """Return what an address asks for, as far as it makes sense."""
    field, order = arguments.get("field", ""), arguments.get("sort", "")
    more = arguments.get("more", "")
    return Asked(
        words=fielded.cleaned(arguments.get("q", "")),
        field=field if field in FIELDS else "",
        boxes=fielded.read(arguments),
        narrowed=tuple(dict.fromkeys(_narrowings(arguments.getlist("f"))))[:_MOST_NARROWED],
        order=order if order in ORDERS else "",
        each=arguments.get("each", "") == "1",
        typed=arguments.get("typed", "") == "1",
        marks=arguments.get("marks", "") == "1",
        more=FacetName(more) if more in set(FacetName) else None,
        page=min(max(arguments.get("page", 1, type=int), 1), LAST_PAGE),
    )


def request(asked: Asked) -> Request | None:
    """Return what the search engine is asked; None where nothing can be looked for.

    Raises QueryError for words that a field cannot have.
    """
    wanted = _wanted(asked)
    if wanted is None:
        return None
    narrowed = {facet for facet, _ in asked.narrowed}
    return Request(
        wanted=wanted,
        narrowed=asked.narrowed,
        sort=ORDERS[asked.order].keys,
        by_work=not asked.each,
        offset=(asked.page - 1) * PER_PAGE,
        limit=PER_PAGE,
        facets=tuple(each for each in FacetName if each not in narrowed & ONE_OF_ITS_KIND),
        facet_values=_IN_FULL,
        see=not asked.typed,
    )


def _narrowings(told: list[str]) -> Iterator[Narrowing]:
    for each in told:
        name, _, value = each.partition(":")
        if name in set(FacetName) and value and "\0" not in value:
            yield Narrowing(FacetName(name), value[:LONGEST])


def terms(asked: Asked) -> list[Node]:
    """Return all that has to hold of a hit, as terms of a query."""
    found: list[Node] = []
    query = query_of(asked.words, asked.field, marks=asked.marks)
    if query is not None:
        found.append(query.root)
    for box in asked.boxes:
        found += fielded.terms(box, marks=asked.marks)
    return found


def _wanted(asked: Asked) -> Expression | None:
    """Return what is looked for; None where what was typed has no word."""
    query = plain.joined(terms(asked))
    if query is not None:
        return planned(query)
    return None if asked.words or asked.boxes else Everything()


def query_of(words: str, field: str, *, marks: bool = False) -> Query | None:
    """Return the query tree for words in one of FIELDS; None where there is nothing to look for.

    ``marks``: only what is written with the marks that the words have.
    """
    if field == YEAR:
        # As one term: a span of years has a hyphen with blanks about it.
        words = words.replace("–", "-").replace('"', " ")
        return plain.query(f'"{words}"', field)
    if field in _NUMBERS:
        words = "".join(words.replace('"', "").split())
    return plain.query(words, field or "any", marks=marks)
