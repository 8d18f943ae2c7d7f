"""What the doors for searching share, Z39.50 and SRU: databases, hits by position, records.

A database is the union catalogue as a view shows it, or that narrowed to what a library has, or
the libraries of a group.
Queries come as trees; what the index cannot do is a QueryError, a view that is not indexed yet is
ViewNotSearched, and both are left to the door that has to answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from itertools import islice
from typing import NamedTuple, Self

from catalogue import contents
from catalogue.contents import Content, Master
from catalogue.database import Database
from catalogue.search import (
    FacetCount,
    Request,
    Scanned,
    ScanRequest,
    ScanTerm,
    SearchEngine,
    SortField,
    Sorting,
    engine,
    planned,
    sorted_by,
)
from catalogue.search.document import Heading
from catalogue.search.expression import Codes, Expression, Headed, all_of, any_of, postorder
from catalogue.search.facets import narrowing
from catalogue.search.model import FacetName
from catalogue.search.store import heading_id
from protocols.rpn.tree import Query
from provider.bases import UNION, Base, Bases
from provider.errors import NoSuchDatabase
from provider.recent import Recent

__all__ = ["UNION", "Base", "Content", "Found", "Lookup", "Master", "NotKnown", "Wanted"]

_MOST_TERMS = 400
"""Terms that are looked at for a list in a library's database: each is a search."""
_STEP = 40
_KEPT_IDS = 200_000
"""Ids that are kept of what was found lately, and how many of them are known by their contents."""
_KEPT_PARTS = 50
"""Parts of a query whose hits are kept: larger ones are not asked twice."""
_EACH = 20
"""What is kept beside the ids, in ids."""


class Wanted(NamedTuple):
    """What is looked for, narrowed to databases, and in which order it is wanted."""

    expression: Expression
    sort: tuple[Sorting, ...] = ()


class Found(NamedTuple):
    """How many there are in all, and the public ids of the first of them."""

    total: int
    ids: tuple[str, ...]


class NotKnown(Exception):
    """The catalogue would have to be asked."""


class Lookup:
    """Answers what both doors ask; safe to use from several threads at once.

    ``known()`` gives one that waits for nothing: it raises NotKnown where more has to be asked than
    what was found lately.
    """

    def __init__(self, database: Database, *, view: str = "public", title: str = "") -> None:
        self._database = database
        self._engine: SearchEngine = engine(database)
        self._view = view
        self._bases = Bases(database, title)
        self._found: Recent[tuple[Wanted, int, int], Found] = Recent(_KEPT_IDS)
        self._shown: Recent[str, Content] = Recent(_KEPT_IDS // 8)
        self._turn: Callable[[], int] = database.turns.now
        self._waits = True

    def turn(self) -> int:
        """Return the turn of the catalogue, as ``known`` wants to be told it. Raises NotKnown."""
        # PostgreSQL may be far away.
        if self._database.postgresql:
            raise NotKnown
        return self._database.turns.now()

    def known(self, turn: Callable[[], int]) -> Self:
        """Return the same that raises NotKnown instead of waiting for the catalogue.

        ``turn`` gives a turn that was the latest after what is answered had come.
        """
        other = copy(self)
        other._turn = turn  # noqa: SLF001 - a copy of itself
        other._waits = False  # noqa: SLF001
        return other

    def bases(self) -> tuple[Base, ...]:
        """Return all databases, the union first."""
        return tuple(dict.fromkeys(self._named().values()))

    def has(self, name: str) -> bool:
        """Tell whether there is a database of this name."""
        named = self._named()
        return name in named or name.casefold() in named

    def base(self, name: str) -> Base:
        """Return a database by its name, an alias of its library, in any case of letters.

        Raises NoSuchDatabase.
        """
        named = self._named()
        found = named.get(name) or named.get(name.casefold())
        if found is None:
            raise NoSuchDatabase(addinfo=name)
        return found

    def wanted(
        self,
        query: Query,
        bases: Sequence[Base],
        sets: Mapping[str, Expression] | None = None,
    ) -> Wanted:
        """Return what a query looks for in any of these databases. Raises QueryError."""
        expression = all_of((planned(query, sets), _narrowed(bases)))
        sort = tuple(Sorting(SortField(name), down) for name, down in sorted_by(query))
        return Wanted(expression, sort)

    def find(self, wanted: Wanted, most: int, behind: int = 0) -> Found:
        """Return how many hits there are, and the ids of ``most`` of them ``behind`` the first.

        What was found lately is not looked for again while nothing has changed. Raises QueryError
        or ViewNotSearched.
        """
        if not _is_small(wanted.expression):
            return self._find(wanted, most, behind)
        turn, key = self._turn(), (wanted, most, behind)
        found = self._found.known(turn, [key]).get(key)
        if found is None:
            found = self._find(wanted, most, behind)
            self._found.keep(turn, {key: found}, len(found.ids) + _EACH)
        return found

    def _ask(self) -> None:
        if not self._waits:
            raise NotKnown

    def _find(self, wanted: Wanted, most: int, behind: int) -> Found:
        self._ask()
        request = Request(
            wanted=wanted.expression,
            view=self._view,
            sort=wanted.sort,
            offset=behind,
            limit=max(most, 1),
            see=True,
        )
        total, ids = self._engine.ids(request)
        return Found(total, ids[:most])

    def facets(
        self, wanted: Wanted, names: tuple[FacetName, ...], most: int
    ) -> Mapping[FacetName, tuple[FacetCount, ...]]:
        """Return the values of facets that most hits have; a facet that costs too much is left out.

        Raises QueryError or ViewNotSearched.
        """
        self._ask()
        request = Request(
            wanted=wanted.expression,
            view=self._view,
            by_work=False,
            limit=1,
            facets=names,
            facet_values=most,
            see=True,
        )
        return dict(self._engine.search(request).facets)

    def contents(self, public_ids: Collection[str]) -> dict[str, Content]:
        """Return which contents these ids show now; what is gone is left out."""
        turn = self._turn()
        found = self._shown.known(turn, public_ids)
        missing = [each for each in public_ids if each not in found]
        if missing:
            self._ask()
            latest = contents.contents(self._database, missing, self._view)
            self._shown.keep(turn, latest)
            found |= latest
        return found

    def masters(self, wanted: Collection[Content]) -> Mapping[Content, Master]:
        """Return the masters of contents; what was replaced this very moment is left out."""
        self._ask()
        return contents.masters(self._database, wanted)

    def forms(self, wanted: Collection[Content], prefix: str) -> Mapping[Content, bytes]:
        """Return the stored forms of contents, as OAI-PMH gives them."""
        self._ask()
        return contents.forms(self._database, wanted, prefix)

    def records(self, public_ids: Collection[str]) -> dict[str, Master]:
        """Return public id -> master as it is shown now; what is gone is left out."""
        shown = self.contents(public_ids)
        found = self.masters(shown.values())
        return {name: found[content] for name, content in shown.items() if content in found}

    def scan(self, request: ScanRequest, bases: Sequence[Base]) -> Scanned:
        """Return a part of an index; terms that the databases do not have are left out.

        In a narrowed database no more than a few hundred terms of the union are looked at, so
        that there can be fewer than were asked for. Raises ViewNotSearched.
        """
        library = _narrowed(bases)
        if any(each.is_union for each in bases):
            return self._scanned(request)
        after = self._counted(request, library, backwards=False)
        before = self._counted(request, library, backwards=True)
        return Scanned(terms=(*before, *after), at=len(before))

    def _counted(
        self, request: ScanRequest, library: Expression, *, backwards: bool
    ) -> list[ScanTerm]:
        wanted = request.before if backwards else request.count
        found: list[ScanTerm] = []
        looked = 0
        while wanted and len(found) < wanted and looked < _MOST_TERMS:
            step = looked + max(_STEP, wanted)
            before, count = (step, 0) if backwards else (0, step)
            listed = self._scanned(replace(request, before=before, count=count)).terms
            fresh = listed[: len(listed) - looked] if backwards else listed[looked:]
            counted = [self._narrow(each, request.columns, library) for each in fresh]
            kept = [each for each in counted if each.clusters or each.see]
            found = [*kept, *found] if backwards else [*found, *kept]
            looked = step
            if len(listed) < step:
                break
        return found[max(0, len(found) - wanted) :] if backwards else found[:wanted]

    def _narrow(self, term: ScanTerm, columns: tuple[str, ...], library: Expression) -> ScanTerm:
        """Return a term as the database has it: how many, and which of what it leads to."""

        def has(text: str) -> int:
            headings = (heading_id(Heading(column, text)) for column in columns)
            heading = Headed(ids=tuple(headings))
            return self.find(Wanted(all_of((heading, library))), 1).total

        return term._replace(
            clusters=has(term.text) if term.clusters else 0,
            see=tuple(filter(has, term.see)),
            also=tuple(filter(has, term.also)),
        )

    def _scanned(self, request: ScanRequest) -> Scanned:
        self._ask()
        return self._engine.scan(replace(request, view=self._view, see=True))

    def _named(self) -> Mapping[str, Base]:
        if not self._bases.are_known:
            self._ask()
        return self._bases.named()


def _is_small(expression: Expression) -> bool:
    return sum(1 for _ in islice(postorder(expression), _KEPT_PARTS + 1)) <= _KEPT_PARTS


def _narrowed(bases: Iterable[Base]) -> Expression:
    """Return what documents of any of the databases are found by."""
    found = list(bases)
    return all_of(()) if any(each.is_union for each in found) else any_of(map(_narrow_to, found))


def _narrow_to(base: Base) -> Expression:
    # What is all text is answered by the index of words alone.
    words = [Codes(codes=tuple(("library", token) for token in base.tokens))] if base.tokens else []
    return any_of((*words, *(narrowing(FacetName.LIBRARY, each) for each in base.apart)))
