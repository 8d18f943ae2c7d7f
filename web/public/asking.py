"""What an address of the search page asks for; all of it stands in the address.

``q`` words, ``field`` where they are looked for, ``f`` what hits are narrowed to (``name:value``,
as often as wanted), ``sort``, ``each`` for every edition by itself, ``typed`` for no other names,
``more`` for a facet in full, ``page``. What makes no sense is left out, so every address has an
answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, NamedTuple

from flask import url_for
from werkzeug.datastructures import MultiDict

from catalogue.search import FacetName, Request, SortField, Sorting, plain, planned
from protocols.rpn.tree import Query
from web.language import mark

PER_PAGE = 20
LAST_PAGE = 100
"""Nobody reads on; deeper pages only cost."""
SHOWN = 8
"""Values of a facet that are shown at first."""
_IN_FULL = 100
"""Values of a facet that are shown at most, those with most hits."""
_LONGEST = 500
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
    narrowed: tuple[Narrowing, ...] = ()
    order: str = ""
    each: bool = False
    """Every edition is a hit by itself."""
    typed: bool = False
    """Not by other names that lists of authorities know."""
    more: FacetName | None = None
    """The facet that is shown in full."""
    page: int = 1

    def address(self) -> str:
        """Return the address that asks for this."""
        return url_for("public.search", **self.parameters())

    def parameters(self) -> dict[str, Any]:
        """Return what stands in the address, only what has to."""
        told = {
            "q": self.words,
            "field": self.field,
            "f": [f"{facet.value}:{value}" for facet, value in self.narrowed],
            "sort": self.order,
            "each": int(self.each),
            "typed": int(self.typed),
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

    def turned(self, page: int) -> Asked:
        """Return another page of the same."""
        return replace(self, page=page, more=None)

    def grouped(self, *, each: bool) -> Asked:
        """Return the same with editions together, or each by itself."""
        return replace(self, each=each, page=1, more=None)

    def as_typed(self, *, typed: bool) -> Asked:
        """Return the same with other names of what was typed, or without."""
        return replace(self, typed=typed, page=1, more=None)

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
        words=arguments.get("q", "")[:_LONGEST].replace("\0", " ").strip(),
        field=field if field in FIELDS else "",
        narrowed=tuple(dict.fromkeys(_narrowings(arguments.getlist("f"))))[:_MOST_NARROWED],
        order=order if order in ORDERS else "",
        each=arguments.get("each", "") == "1",
        typed=arguments.get("typed", "") == "1",
        more=FacetName(more) if more in set(FacetName) else None,
        page=min(max(arguments.get("page", 1, type=int), 1), LAST_PAGE),
    )


def request(asked: Asked) -> Request | None:
    """Return what the search engine is asked; None where nothing can be looked for.

    Raises QueryError for words that a field cannot have.
    """
    query = query_of(asked.words, asked.field)
    if query is None:
        return None
    narrowed = {facet for facet, _ in asked.narrowed}
    return Request(
        wanted=planned(query),
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
            yield Narrowing(FacetName(name), value[:_LONGEST])


def query_of(words: str, field: str) -> Query | None:
    """Return the query tree for words in one of FIELDS; None where there is nothing to look for."""
    if field == YEAR:
        # As one term: a span of years has a hyphen with blanks about it.
        words = words.replace("–", "-").replace('"', " ")
        return plain.query(f'"{words}"', field)
    if field in _NUMBERS:
        words = "".join(words.replace('"', "").split())
    return plain.query(words, field or "any")
