"""A live search as its page tells it: what comes as it comes, and all of it in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from catalogue.search.model import FacetName
from crosswalks import trials
from crosswalks.errors import Error
from protocols.errors import QueryError
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
    State.FAILED: "failed",
}
_SERVER = mark("Server")
_MOST_LINES = 400
"""Lines of a record that are shown."""

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


class Line(NamedTuple):
    """What came: a server that is through, or a publication."""

    standing: Standing | None = None
    found: Found | None = None


class Facet(NamedTuple):
    """A facet with its values in words and how many publications have each."""

    label: str
    values: tuple[tuple[str, int], ...]


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
        return [Found(each, self._sign(each), _lines(each)) for each in self._last.publications]

    @property
    def facets(self) -> list[Facet]:
        """Return what the servers have by kind, year and so on."""
        return [self._facet(name, values) for name, values in self._last.facets]

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

    def _facet(self, name: FacetName, values: tuple[tuple[str, int], ...]) -> Facet:
        say = self._naming.translate
        is_server = name is FacetName.LIBRARY
        told = ((v if is_server else self._naming.value(name, v), hits) for v, hits in values)
        return Facet(say(_SERVER if is_server else LABELS[name]), tuple(told))


def _lines(each: Publication) -> tuple[str, ...]:
    return tuple(trials.lines(each.copies[0].record)[:_MOST_LINES]) if each.copies else ()
