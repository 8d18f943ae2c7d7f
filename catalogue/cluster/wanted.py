"""Which decisions of people make matching cut records as somebody wants them: a pure search.

Found greedily, then thinned: no decision stays that the others do without. Whatever is wanted can
be had, unless people decided otherwise before: one SAME after the other holds each group together,
and one DIFFERENT keeps two such groups apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import combinations, product

from catalogue.cluster.cut import Component, Cutting, Pair, spanning
from catalogue.match.decide import Decision

Said = dict[Pair, Decision]
_RUNS = 4
_WORK = 2000
"""Cuts made to thin what was found: that many records' worth, at least _RUNS."""
_GROWTH = 4
_MANY = 50


def against(component: Component, wanted: Collection[frozenset[int]]) -> Pair | None:
    """Return a pair that people decided otherwise than is wanted, the first by key, or None."""
    home = _homes(wanted)
    for (a, b), word in sorted(component.verdicts.items()):
        if a in home and b in home and (word is Decision.SAME) != (home[a] == home[b]):
            return a, b
    return None


def decisions(component: Component, wanted: Collection[frozenset[int]]) -> Said:
    """Return what has to be said, besides what was, for ``cut`` to give just these groups.

    ``wanted`` holds each record of the component once, and nothing is ``against`` it. Pairs are
    given smaller key first.
    """
    return _Search(component, wanted).found()


class _Search:
    def __init__(self, component: Component, wanted: Collection[frozenset[int]]) -> None:
        self._cutting = Cutting(component)
        self._wanted = set(wanted)
        self._home = _homes(wanted)

    def found(self) -> Said:
        said: Said = {}
        at_once = max(len(self._home) // _MANY, 1)
        while missing := [each for each in self._missing(self._cut(said)) if each[0] not in said]:
            said |= dict(missing[:at_once])
            # More each time: one record may have to be kept from very many, and a cut takes long.
            at_once *= _GROWTH
        return self._thinned(said)

    def _cut(self, said: Said) -> set[frozenset[int]]:
        return set(self._cutting.cut(said))

    def _missing(self, groups: set[frozenset[int]]) -> Iterator[tuple[Pair, Decision]]:
        """Yield what is to be said next, the strongest links first; nothing if all is as wanted."""
        mixed = [pair for group in groups for pair in self._across(group, self._home)]
        if mixed:
            yield from ((pair, Decision.DIFFERENT) for pair in self._strongest(mixed))
            return
        yield from ((pair, Decision.SAME) for pair in self._holding(groups))

    def _holding(self, groups: set[frozenset[int]]) -> Iterator[Pair]:
        """Yield pairs that hold what is torn together: first those across, then within parts."""
        at = _homes(groups)
        for group in self._wanted:
            torn = self._strongest(self._across(group, at))
            if torn:
                rest = self._strongest(combinations(sorted(group), 2))
                yield from spanning(torn, at)
                yield from spanning(rest, {record: record for record in group})

    @staticmethod
    def _across(group: frozenset[int], home: dict[int, int]) -> Iterator[Pair]:
        """Yield the pairs of a group that are at home in two."""
        parts: defaultdict[int, list[int]] = defaultdict(list)
        for record in group:
            parts[home[record]].append(record)
        for one, other in combinations(parts.values(), 2):
            yield from ((min(pair), max(pair)) for pair in product(one, other))

    def _strongest(self, pairs: Iterable[Pair]) -> list[Pair]:
        return sorted(pairs, key=self._cutting.order)

    def _thinned(self, said: Said) -> Said:
        """Leave away what is not needed: by halves, then one by one until nothing can go."""
        runs = max(_RUNS, _WORK // max(len(self._home), 1))
        size = max(len(said) // 2, 1)
        while said and runs > 0:
            before = len(said)
            for some in _parts(list(said), size):
                less = {pair: word for pair, word in said.items() if pair not in some}
                runs -= 1
                if runs >= 0 and self._cut(less) == self._wanted:
                    said = less
            if size == 1 and len(said) == before:
                break
            size = max(size // 2, 1)
        return said


def _parts(pairs: list[Pair], size: int) -> Iterator[set[Pair]]:
    for start in range(0, len(pairs), size):
        yield set(pairs[start : start + size])


def _homes(groups: Iterable[frozenset[int]]) -> dict[int, int]:
    """Return record -> the least record of its group."""
    return {record: min(group) for group in groups for record in group}
