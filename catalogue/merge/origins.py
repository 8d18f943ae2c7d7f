"""How many catalogued something for themselves: ten copies of one record are one witness, not ten.

Told by who catalogued it (MARC 21 040 $a, else who transcribed it: $c) and by numbers of other
systems (010, 035): whoever took a record over has kept them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from catalogue.merge.ranking import heard
from catalogue.model import HubIdentity
from crosswalks.model import Record


def origins(records: Sequence[tuple[str, Record]], hub: HubIdentity) -> int:
    """Return how many independent records some come from, each given with its library's code.

    Echoes of the hub's own records count for nothing, unless there is nothing else.
    """
    groups: list[set[str]] = []
    for library, record in heard(records, lambda each: each[1], hub):
        marks = set(_marks(library, record))
        apart = [group for group in groups if group.isdisjoint(marks)]
        joined = marks.union(*(group for group in groups if not group.isdisjoint(marks)))
        groups = [*apart, joined]
    return len(groups)


def _marks(library: str, record: Record) -> Iterator[str]:
    """Yield what a record shares with those it was copied from, or that were copied from it."""
    yield f"agency:{_agency(record) or _squeezed(library)}"
    for number in (*record.values("010", "a"), *record.values("035", "a")):
        if _squeezed(number):
            yield f"number:{_squeezed(number)}"


def _agency(record: Record) -> str:
    told = (*record.values("040", "a"), *record.values("040", "c"))
    return next(filter(None, map(_squeezed, told)), "")


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()
