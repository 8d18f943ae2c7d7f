"""Searches made up at random: any field, form, depth and page, of words that are there or not."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from catalogue.search import (
    FacetName,
    Request,
    ScanRequest,
    SortField,
    Sorting,
    planned,
)
from catalogue.search.columns import CODES, NAMED, TEXT, USES
from protocols.errors import QueryError
from protocols.rpn.tree import (
    Attribute,
    AttributeType,
    Joined,
    Modifier,
    Node,
    Operator,
    Proximity,
    Query,
    Term,
)

Said: TypeAlias = tuple[str, dict[int, int | str]]
"""A term's text and its attributes by their types."""
DEEPEST = 40
_CQL = "info:srw/cql-context-set/1/cql-v1.2"
_TITLES, _WIDE = (4, "title"), (1016, "any", 4, 1003, 21, "author", "subject", "note")
_USES = (*USES, *NAMED, None)
_DATES: tuple[tuple[int | str, int], ...] = (
    (31, 4),
    (30, 4),
    (1012, 8),
    ("year", 4),
    ("changed", 8),
)
_Z3958 = 104
_ODD = ("", "*", "x'y", '"', "a\\b", "+++", "C++", "傳", "ʻ", "%", "_", "NOT", "và", "\ue000", "ﬁ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Makes searches: of runs of words as records have them, in views of these names."""

    chance: random.Random
    texts: Sequence[str]
    views: Sequence[str]

    def request(self) -> tuple[Query, Request]:
        """Return a query that the index understands, and a search for it."""
        while True:
            query = Query(self.tree())
            try:
                wanted = planned(query)
            except QueryError:
                continue
            offset = self.chance.choice((0, 0, 0, 1, 7, 60))
            return query, Request(
                wanted=wanted,
                view=self.chance.choice(self.views),
                narrowed=self._narrowed(),
                sort=self._sort(),
                by_work=self.chance.random() < 1 / 2,
                offset=offset,
                limit=self.chance.choice((1, 5, 20, 150)),
                facets=tuple(self.chance.sample(list(FacetName), self.chance.randint(0, 6))),
                facet_values=self.chance.choice((1, 10, 100)),
            )

    def scan(self) -> ScanRequest:
        """Return a look into indexes, about a word that is there or near one that is."""
        columns = tuple(self.chance.sample([*TEXT, *CODES], self.chance.randint(1, 4)))
        return ScanRequest(
            columns=columns,
            term=self._run(self.chance.randint(1, 3)),
            before=self.chance.choice((0, 1, 10)),
            count=self.chance.choice((0, 1, 20, 130)),
            view=self.chance.choice(self.views),
        )

    def tree(self) -> Node:
        """Return a term, a tree of a few, or a chain of many, each joined to all before it."""
        shape = self.chance.random()
        if shape < 1 / 3:
            return self.term()
        if shape < 9 / 10:
            return self._bush(self.chance.randint(1, 4))
        found: Node = self.term()
        for _ in range(self.chance.randint(5, DEEPEST)):
            pair = (
                (found, self._operand()) if self.chance.random() < 2 / 3 else (self.term(), found)
            )
            found = Joined(self._operator(), *pair)
        return found

    def term(self) -> Term:
        """Return one term of any kind, its attributes of any that fit together or do not."""
        use = self.chance.choice(_WIDE if self.chance.random() < 3 / 5 else _USES)
        kinds = (self._words, self._begun, self._listed, self._headed, self._masked, self._of_year)
        text, attributes = self.chance.choices(kinds, (6, 3, 2, 4, 2, 2))[0]()
        given = ({} if use is None else {int(AttributeType.USE): use}) | attributes
        modifiers: tuple[Modifier, ...] = ()
        if self.chance.random() < 1 / 8:
            modifiers = (Modifier(_CQL, "accents", "=", self.chance.choice("1110")),)
        found = tuple(Attribute(kind, value) for kind, value in sorted(given.items()))
        return Term(text, found, modifiers=modifiers)

    def _bush(self, levels: int) -> Node:
        if not levels:
            return self._operand()
        return Joined(
            self._operator(), self._bush(levels - 1), self._bush(self.chance.randrange(levels))
        )

    def _operand(self) -> Node:
        return self._near() if self.chance.random() < 1 / 8 else self.term()

    def _operator(self) -> Operator:
        return self.chance.choice((Operator.AND, Operator.OR, Operator.OR, Operator.NOT))

    def _near(self) -> Node:
        """Return two runs of words of one text, as far apart there or not."""
        use = (Attribute(AttributeType.USE, self.chance.choice(_WIDE)),)
        words = self.chance.choice(self.texts).split() or ["x"]
        one, other = (Term(self.chance.choice(words), use) for _ in range(2))
        if self.chance.random() < 1 / 4:
            one = Term(self._run(2), use)
        near = Proximity(
            distance=self.chance.choice((1, 1, 2, 3, 5, 12, 50)),
            relation=self.chance.choice((1, 2, 2, 3)),
            ordered=self.chance.random() < 1 / 3,
        )
        return Joined(Operator.PROX, one, other, near)

    def _words(self) -> Said:
        return self._run(self.chance.choice((1, 1, 2, 3, 6))), {}

    def _begun(self) -> Said:
        text = self._run(self.chance.choice((1, 1, 2)))
        return text[: self.chance.randint(1, max(1, len(text)))], {AttributeType.TRUNCATION: 1}

    def _listed(self) -> Said:
        words = self.chance.choice(self.texts).split()
        some = self.chance.sample(words, min(len(words), self.chance.randint(1, 4)))
        kind = {int(AttributeType.STRUCTURE): self.chance.choice((6, 105, 106))}
        return " ".join(some), {**kind, **self._truncated()}

    def _headed(self) -> Said:
        words = self.chance.choice(self.texts).split()
        text = " ".join(words[: self.chance.choice((1, 2, 3, 99, 99))])
        kind, value = self.chance.choice(
            ((AttributeType.POSITION, 1), (AttributeType.COMPLETENESS, 3))
        )
        return text, {kind: value, **self._truncated()}

    def _truncated(self) -> dict[int, int | str]:
        return {AttributeType.TRUNCATION: 1} if self.chance.random() < 1 / 4 else {}

    def _masked(self) -> Said:
        word = self._run(1)
        kind = self.chance.choice((2, 3, _Z3958))
        if kind == _Z3958:
            keep = self.chance.randint(1, 3)
            word = word[:keep] + self.chance.choice("?#") + word[keep + 1 :]
        else:
            word = word[-self.chance.randint(2, 5) :]
        return word, {AttributeType.TRUNCATION: kind}

    def _of_year(self) -> Said:
        use, digits = self.chance.choice(_DATES)
        day = f"{self.chance.choice((1899, 1900, 1976, 1979, 2005, 2013))}0701"
        relation = self.chance.randint(1, 6)
        return day[:digits], {AttributeType.USE: use, AttributeType.RELATION: relation}

    def _run(self, count: int) -> str:
        if self.chance.random() < 1 / 12:
            return self.chance.choice(_ODD)
        words = self.chance.choice(self.texts).split() or ["x"]
        start = self.chance.randrange(len(words))
        return " ".join(words[start : start + count])

    def _narrowed(self) -> tuple[tuple[FacetName, str], ...]:
        if self.chance.random() < 2 / 3:
            return ()
        values = {
            FacetName.MATERIAL: ("book", "article", "serial", "none"),
            FacetName.YEAR: ("1899", "1979", "0", "x"),
            FacetName.LANGUAGE: ("eng", "vie", "und"),
            FacetName.LIBRARY: ("nlv", "NLV", "GPO-1"),
            FacetName.SUBJECT: ("Flood insurance", "Ohio", "Soils"),
            FacetName.AUTHOR: ("United States", "Vũ Cao Đàm"),
        }
        names = self.chance.sample(list(values), self.chance.choice((1, 1, 2)))
        return tuple((name, self.chance.choice(values[name])) for name in names)

    def _sort(self) -> tuple[Sorting, ...]:
        if self.chance.random() < 1 / 2:
            return ()
        fields = self.chance.sample(list(SortField), self.chance.randint(1, 3))
        return tuple(Sorting(field, self.chance.random() < 1 / 2) for field in fields)
