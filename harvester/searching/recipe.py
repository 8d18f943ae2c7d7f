"""What was found out about a server: by which indexes and ways its records are come by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

from harvester.searching.model import Index, Way
from protocols import pqf
from protocols.rpn.tree import Query, Term


class By(StrEnum):
    """How a part of an index is asked for."""

    RANGE = "range"
    """At least this and below that."""
    BEGINNING = "beginning"
    """Terms that begin so, by truncation."""
    STAR = "star"
    """Terms that begin so, by a star that the server reads."""
    TERMS = "terms"
    """Each of the terms, joined by or."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """How control numbers look, where they are letters and a number: ``ocm`` and 8 digits."""

    prefix: str = ""
    digits: int = 0
    """How many digits each has, filled up with zeros; 0 = as many as it takes."""
    most: int = 0
    """Below which power of ten all numbers are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a server is harvested; kept with its source."""

    ways: tuple[Way, ...] = ()
    """What it supports, in the order in which they are to be tried."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Why it does not support the others."""
    format: str = ""
    """What its records are asked for as."""
    everything: Query | None = None
    """What finds all records."""
    number: Index = ()
    number_by: By = By.RANGE
    exact: bool = False
    """Whether the terms of the numbers' index are the identifiers, letter by letter."""
    numbered: Numbered = Numbered()
    date: Index = ()
    date_by: By = By.RANGE
    date_form: str = ""
    changes: bool = False
    """Whether the dates tell what changed, and not only what is new."""
    name: str = ""
    """What the server calls itself."""
    probed: str = ""
    """On which day (UTC)."""

    def plain(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        told: dict[str, Any] = {"ways": list(self.ways), "refused": dict(self.refused)}
        told |= {"everything": pqf.write(self.everything) if self.everything else ""}
        told |= {"number": _written(self.number), "date": _written(self.date)}
        told |= {"numbered": [self.numbered.prefix, self.numbered.digits, self.numbered.most]}
        for name in _PLAIN:
            told[name] = getattr(self, name)
        return told

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """Return what was kept; raises what a value that cannot be does."""
        prefix, digits, most = told["numbered"]
        made = cls(
            ways=tuple(map(Way, told["ways"])),
            refused=dict(told["refused"]),
            everything=pqf.read(told["everything"]) if told["everything"] else None,
            number=_read(told["number"]),
            date=_read(told["date"]),
            numbered=Numbered(prefix=prefix, digits=digits, most=most),
        )
        given = {name: told[name] for name in _PLAIN}
        given |= {"number_by": By(given["number_by"]), "date_by": By(given["date_by"])}
        return replace(made, **given)


_PLAIN = ("format", "number_by", "exact", "date_by", "date_form", "changes", "name", "probed")


def _written(index: Index) -> str:
    return pqf.write(Query(Term("x", index))) if index else ""


def _read(text: str) -> Index:
    root = pqf.read(text).root if text else None
    return root.attributes if isinstance(root, Term) else ()
