"""A live search as its page tells it: what comes as it comes, and all of it in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from catalogue.search.model import FacetName
from crosswalks import trials
from crosswalks.errors import Error
from protocols.errors import QueryError
from provider.federation.merging import values
from provider.federation.model import Publication, Sight, State, Status
from web.language import Translate, mark, message
from web.live import STATES, notes, why
from web.public.facets import LABELS, Naming

_BADGES = {
    State.ASKING: "running",
    State.ANSWERED: "succeeded",
    State.REFUSED: "warning",
    State.UNREACHABLE: "failed",
    State.SILENT: "warning",
    State.BUSY: "warning",
    State.FAILED: "failed",
}
_SERVER = mark("Server")
_MOST_LINES = 400
"""Lines of a record that are shown."""

Slots = Mapping[tuple[FacetName, str], str]

Sign = Callable[[Publication], str]
"""Gives what a form sends back for a publication that is chosen."""


class Standing(NamedTuple):
    """How it stands with a server."""

    name: str
    badge: str
    word: str
    notes: tuple[str, ...]
    why: str
    seconds: float


class Found(NamedTuple):
    """A publication as it is shown."""

    publication: Publication
    token: str
    """What the form sends for it; empty while more is to come."""
    lines: tuple[str, ...]
    """The first server's record, for eyes."""
    slots: str = ""
    """The values of facets that it has, as classes that the style sheet knows."""


class Line(NamedTuple):
    """What came: a server that is through, or a publication."""

    standing: Standing | None = None
    found: Found | None = None


class Value(NamedTuple):
    """A value of a facet: by which class it is known, in words, how many publications have it."""

    slot: str
    word: str
    hits: int


class Facet(NamedTuple):
    """A facet with its values."""

    label: str
    values: tuple[Value, ...]


class Coming:
    """The lines of a search as they come; once they have ended, what was found in all."""

    def __init__(self, sights: Iterator[Sight], first: Sight, naming: Naming, sign: Sign) -> None:
        self._sights = sights
        self._naming = naming
        self._sign = sign
        self._last = first
        self.failure = ""
        """Why it broke off, if it did."""

    @property
    def asked(self) -> tuple[str, ...]:
        """Return the servers that are asked."""
        return tuple(each.target for each in self._last.statuses)

    def lines(self) -> Iterator[Line]:
        """Yield what comes, each server and each publication once."""
        through: set[str] = set()
        seen: set[str] = set()
        try:
            for sight in self._all():
                self._last = sight
                for each in sight.statuses:
                    if each.state is not State.ASKING and each.target not in through:
                        through.add(each.target)
                        yield Line(standing=self._standing(each))
                if not sight.is_last:
                    yield from self._new(sight, seen)
        except (Error, QueryError) as error:
            # The page has begun: no other one can be shown in its place.
            self.failure = message(error, self._naming.translate)

    @property
    def standings(self) -> list[Standing]:
        """Return how it stands with all servers in the end."""
        return [self._standing(each) for each in self._last.statuses]

    @property
    def total(self) -> int:
        """Return how many the union's own search found."""
        return self._last.total

    @property
    def found(self) -> list[Found]:
        """Return the publications, each to be chosen."""
        slots = self._slots()
        return [
            Found(each, self._sign(each), _lines(each), _classes(each, slots))
            for each in self._last.publications
        ]

    @property
    def facets(self) -> list[Facet]:
        """Return what the servers have by kind, year and so on."""
        slots = self._slots()
        return [
            Facet(
                self._naming.translate(_SERVER if name is FacetName.LIBRARY else LABELS[name]),
                tuple(
                    Value(slots[name, one.value], self._word(name, one.value), one.hits)
                    for one in values
                ),
            )
            for name, values in self._last.facets
        ]

    def _all(self) -> Iterator[Sight]:
        yield self._last
        yield from self._sights

    def _new(self, sight: Sight, seen: set[str]) -> Iterator[Line]:
        for each in sight.publications:
            told = f"{each.title}\0{each.author}\0{each.year}"
            if told not in seen:
                seen.add(told)
                yield Line(found=Found(each, "", ()))

    def _standing(self, status: Status) -> Standing:
        say: Translate = self._naming.translate
        return Standing(
            name=status.target,
            badge=_BADGES[status.state],
            word=say(STATES[status.state]),
            notes=tuple(notes(status, say)),
            why=why(status, say),
            seconds=status.seconds,
        )

    def _word(self, name: FacetName, value: str) -> str:
        return value if name is FacetName.LIBRARY else self._naming.value(name, value)

    def _slots(self) -> Slots:
        """Return a class for each value: the style sheet shows what has those that are ticked."""
        told = [(name, one.value) for name, values in self._last.facets for one in values]
        return {each: f"v{number}" for number, each in enumerate(told, 1)}


def _classes(each: Publication, slots: Slots) -> str:
    has = {slots.get((name, value)) for name, found in values(each) for value in found}
    return " ".join(sorted(filter(None, has)))


def _lines(each: Publication) -> tuple[str, ...]:
    return tuple(trials.lines(each.copies[0].record)[:_MOST_LINES]) if each.copies else ()
