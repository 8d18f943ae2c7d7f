"""The libraries that the public is told of: by region, by type, and one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import url_for
from werkzeug.datastructures import MultiDict

from catalogue.cluster.sets import LIBRARY, REGION, TYPE, slug
from catalogue.members import kinds
from catalogue.model import Library
from catalogue.public_figures import is_shown
from crosswalks import collation

PER_PAGE = 50


class Group(NamedTuple):
    """Libraries of a region or of a type together."""

    slug: str
    """As it stands in addresses; empty for those of which it is not stated."""
    name: str
    libraries: int
    publications: int
    """Each counted once; 0 where no region or type is stated, for which there is no set."""


class Line(NamedTuple):
    """A library in the list."""

    library: Library
    kind: str
    publications: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What part of the list an address asks for."""

    region: str = ""
    kind: str = ""
    after: str = ""
    """The code of the last library of the page before."""

    def turned(self, after: str) -> str:
        """Return the address of the page behind a library."""
        told: dict[str, Any] = {"region": self.region, "type": self.kind, "after": after}
        return url_for("about.show", **{name: value for name, value in told.items() if value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A page of the list."""

    lines: tuple[Line, ...]
    total: int
    """Of all pages."""
    first: int
    """The number of the first line, from 1."""
    following: str
    """The address of the next page; empty where this is the last."""


class Members:
    """The libraries that the public is told of, in a language."""

    def __init__(self, known: Iterable[Library], sizes: Mapping[str, int], language: str) -> None:
        self._sizes, self._language = sizes, language
        found = [(collation.key(each.name or each.code), each.code, each) for each in known]
        self._shown = [each for _, _, each in sorted(found, key=_order) if is_shown(each)]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._shown)

    @property
    def regions(self) -> list[Group]:
        """Return what there is in each region, in order of their names."""
        return self._groups(REGION, lambda each: each.region, lambda name: name)

    @property
    def kinds(self) -> list[Group]:
        """Return what libraries of each type have, in order of their names."""
        return self._groups(TYPE, lambda each: each.kind, self._kind)

    def page(self, asked: Asked) -> Listed:
        """Return the part of the list that is asked for."""
        wanted = [each for each in self._shown if _fits(each, asked)]
        start = next((at for at, each in enumerate(wanted, 1) if each.code == asked.after), 0)
        page = wanted[start : start + PER_PAGE]
        more = start + PER_PAGE < len(wanted)
        return Listed(
            lines=tuple(self._line(each) for each in page),
            total=len(wanted),
            first=start + 1,
            following=asked.turned(page[-1].code) if more else "",
        )

    def _line(self, each: Library) -> Line:
        size = self._sizes.get(f"{LIBRARY}:{each.code}", 0)
        return Line(each, self._kind(each.kind), size)

    def _kind(self, kind: str) -> str:
        return kinds.name_of(kind, self._language)

    def _groups(
        self, root: str, of: Callable[[Library], str], name: Callable[[str], str]
    ) -> list[Group]:
        groups: dict[str, list[str]] = defaultdict(list)
        for each in self._shown:
            groups[slug(of(each))].append(name(of(each)))
        made = [
            Group(
                short, names[0] if short else "", len(names), self._sizes.get(f"{root}:{short}", 0)
            )
            for short, names in groups.items()
        ]
        # Those of which nothing is stated come last.
        return sorted(made, key=lambda each: (not each.slug, collation.key(each.name)))


def read(arguments: MultiDict[str, str]) -> Asked:
    """Return what an address asks for."""
    return Asked(
        region=slug(arguments.get("region", "")),
        kind=slug(arguments.get("type", "")),
        after=arguments.get("after", "")[:64],
    )


def _fits(each: Library, asked: Asked) -> bool:
    return (not asked.region or slug(each.region) == asked.region) and (
        not asked.kind or slug(each.kind) == asked.kind
    )


def _order(each: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(each[:2])
