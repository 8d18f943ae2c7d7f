"""The results that a session keeps: what was looked for, how many hits, and the hits seen so far.

Hits are fetched as they are asked for, from the first on and more each time, and only those that
are not known yet are added: a position once given stays that of its record, whatever is changed in
the catalogue meanwhile. A record that is gone leaves its position empty.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence

from catalogue.search.expression import Expression, postorder
from protocols.errors import TooManyOperators
from protocols.rpn.tree import MAX_OPERATORS
from provider.lookup import Base, Lookup, Wanted
from provider.z3950.model import Condition, Limits, Pool, Refused

_FIRST = 20
"""Hits that come with a search: as many as Koha goes on to fetch, one by one."""
_MORE = 5
_NODE = 10
"""What a part of a query weighs, against a hit."""
_NAME = 200
_REMEMBERED = 100


class Result:
    """One result; ``bases`` are the databases it was found in."""

    __slots__ = ("_known", "_looked", "bases", "ids", "marc8", "nodes", "total", "wanted")

    def __init__(self, wanted: Wanted, bases: Sequence[Base], *, marc8: bool = False) -> None:
        self.wanted = wanted
        self.bases = tuple(bases)
        self.marc8 = marc8
        self.total = 0
        self.ids: list[str] = []
        self.nodes = sum(1 for _ in postorder(wanted.expression))
        self._known: set[str] = set()
        self._looked = 0

    @property
    def weight(self) -> int:
        """Return what keeping it costs."""
        return len(self.ids) + _NODE * self.nodes

    @property
    def database(self) -> str:
        """Return the name that its records are said to be of."""
        return self.bases[0].name if len(self.bases) == 1 else ""

    def begin(self, lookup: Lookup, first: int) -> None:
        """Search, and have the first hits. Raises QueryError or ViewNotSearched."""
        found = lookup.find(self.wanted, max(first, _FIRST))
        self.total = found.total
        self._add(found.ids, max(first, _FIRST))

    def reach(self, lookup: Lookup, end: int, limits: Limits) -> None:
        """Have the hits up to a position, as far as there are any."""
        end = min(end, self.total, limits.depth)
        if end > self._looked:
            most = min(max(end, _MORE * self._looked), limits.depth)
            self._add(lookup.find(self.wanted, most).ids, most)

    def sorted(self, wanted: Wanted) -> Result:
        """Return the same hits, to be fetched in another order."""
        other = Result(wanted, self.bases, marc8=self.marc8)
        other.total = self.total
        return other

    def _add(self, ids: Iterable[str], looked: int) -> None:
        fresh = [each for each in ids if each not in self._known]
        room = self.total - len(self.ids)
        self.ids += fresh[:room]
        self._known.update(fresh[:room])
        self._looked = looked


class Results:
    """The results of one session by name, those longest unused dropped when there are too many."""

    def __init__(self, limits: Limits, pool: Pool) -> None:
        self._limits = limits
        self._pool = pool
        self._kept: OrderedDict[str, Result] = OrderedDict()
        self._taken: dict[str, int] = {}
        self._dropped: OrderedDict[str, None] = OrderedDict()

    def __contains__(self, name: str) -> bool:
        return name in self._kept

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, name: str) -> Result:
        """Return a result. Raises Refused: it was dropped, or there never was one."""
        if name not in self._kept:
            is_dropped = name in self._dropped
            raise Refused(Condition.SET_DROPPED if is_dropped else Condition.NO_SUCH_SET, name)
        self._kept.move_to_end(name)
        return self._kept[name]

    def expressions(self, names: Iterable[str]) -> dict[str, Expression]:
        """Return what the results named in a query look for, each as often as it is named there.

        Raises Refused for an unknown name, and TooManyOperators where joining results with
        themselves again and again makes a query that is too large.
        """
        found: dict[str, Expression] = {}
        nodes = 0
        for name in names:
            result = self.get(name)
            nodes += result.nodes
            if nodes > MAX_OPERATORS:
                raise TooManyOperators(most=MAX_OPERATORS)
            found[name] = result.wanted.expression
        return found

    def put(self, name: str, result: Result) -> None:
        """Keep a result in place of what had its name. Raises Refused where there is no room."""
        if len(name) > _NAME:
            raise Refused(Condition.TOO_MANY_SETS, name)
        self.remove(name)
        self._kept[name] = result
        self.weigh(name)
        while len(self._kept) > self._limits.sets:
            self._drop()

    def weigh(self, name: str) -> None:
        """Account for what a result weighs now. Raises Refused where there is no room for it."""
        result = self._kept[name]
        weight = result.weight
        if not self._pool.take(weight - self._taken.get(name, 0)):
            self.remove(name)
            raise Refused(Condition.RESOURCES, name)
        self._taken[name] = weight
        while len(self._kept) > 1 and sum(self._taken.values()) > self._limits.session_weight:
            self._drop()

    def remove(self, name: str) -> bool:
        """Forget a result; tell whether there was one."""
        self._pool.take(-self._taken.pop(name, 0))
        self._dropped.pop(name, None)
        return self._kept.pop(name, None) is not None

    def clear(self) -> None:
        """Forget all of them."""
        for name in list(self._kept):
            self.remove(name)

    def _drop(self) -> None:
        name = next(iter(self._kept))
        self.remove(name)
        self._dropped[name] = None
        while len(self._dropped) > _REMEMBERED:
            self._dropped.popitem(last=False)
