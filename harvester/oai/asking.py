"""One list request, put in the way in which this server takes it.

Servers contradict their own Identify: they refuse dates in the granularity they announce, dates of
any kind, or tokens without the prefix. What works is found once, kept in the position and told.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import NamedTuple

from crosswalks.model import Problem, Severity
from harvester.errors import BadArgument, HarvestError, HttpStatus, PageLost
from harvester.model import RepositoryInfo, SourceSpec
from harvester.oai import repository
from harvester.oai.client import StrictClient
from harvester.oai.ending import Ending
from harvester.oai.position import Position, server_time
from harvester.oai.windows import DAY, Limits
from harvester.oai.xml import Envelope
from protocols.oai import Granularity, Verb, parse_stamp

_REFUSING = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.INTERNAL_SERVER_ERROR,
}
_OTHER = {Granularity.DAY: Granularity.SECOND, Granularity.SECOND: Granularity.DAY}
_TOLERANCE = 2 * DAY
_LEAST_SPAN = 60


class Asked(NamedTuple):
    """A page of a list, and what was learnt of the server on the way."""

    envelope: Envelope
    position: Position
    """From which it was asked for, in the way that worked."""
    notes: tuple[Problem, ...] = ()


class Asking:
    """Asks for lists of one repository."""

    def __init__(self, client: StrictClient, spec: SourceSpec, info: RepositoryInfo) -> None:
        self.client = client
        self.sets = spec.sets or ("",)
        self._info = info
        self._known_sets: frozenset[str] | None = None
        self._takes_dates = False
        self._oldest: int | None = None

    def page(self, verb: Verb, position: Position) -> Asked:
        """Return the page of a list at a position; raise HarvestError."""
        asked = self._page(verb, position)
        envelope = asked.envelope
        if envelope.lost and position.token:
            _check_cursor(envelope, position)
        if not envelope.matched and not position.token:
            return asked._replace(notes=(*asked.notes, *self._vanished(position)))
        return asked

    def saw(self, datestamps: Iterable[str]) -> None:
        """Take note of the datestamps on a page."""
        # Text sorts as its dates do; what is none is no help, and one look at each page is enough.
        moment = _moment(min(filter(None, datestamps), default=""))
        if moment is not None:
            self._oldest = moment if self._oldest is None else min(self._oldest, moment)

    def limits(self, position: Position) -> Limits:
        """Return what windows can be cut by.

        What was seen says more than earliestDatestamp; it only serves to find a middle, too.
        """
        now = server_time(self._info.now, Granularity.SECOND)
        end = (parse_stamp(now) if now else int(time.time())) + 1
        earliest = _moment(self._info.earliest) if self._oldest is None else self._oldest
        if earliest is None or end - earliest < _LEAST_SPAN:
            earliest = 0
        return Limits(position.granularity, earliest, end)

    def is_there(self) -> bool:
        """Tell whether the server answers at all."""
        self.client.patient = True
        try:
            repository.identify(self.client)
        except HarvestError:
            return False
        return True

    def _page(self, verb: Verb, position: Position) -> Asked:
        try:
            return Asked(self._ask(verb, position), position)
        except (BadArgument, HttpStatus) as error:
            if isinstance(error, HttpStatus) and not self._may_be_refusal(error):
                raise
            for other, *told in self._ways(position):
                try:
                    return Asked(self._ask(verb, other), other, tuple(told))
                except (BadArgument, HttpStatus):
                    continue
            raise

    def _ask(self, verb: Verb, position: Position) -> Envelope:
        arguments = position.arguments(self.sets[position.set])
        envelope = self.client.ask({"verb": verb} | arguments, position.page + 1)
        self._takes_dates = self._takes_dates or not arguments.keys().isdisjoint(("from", "until"))
        return envelope

    def _may_be_refusal(self, error: HttpStatus) -> bool:
        """Tell whether a status may mean that the server does not like its arguments."""
        return error.details["status"] in _REFUSING and not self._takes_dates

    def _ways(self, position: Position) -> Iterator[tuple[Position, *tuple[Problem, ...]]]:
        """Yield other ways to put a request that was refused, with what is to be told of each."""
        if position.token:
            detail = "the server wants the metadata prefix with its token"
            if position.prefix_with_token:
                # It did so once, and that is kept with the place in the list.
                yield (replace(position, prefix_with_token=False),)
            else:
                yield replace(position, prefix_with_token=True), note("token-and-prefix", detail)
            return
        if position.dateless or not (position.low or position.high):
            return
        other = _OTHER[position.granularity]
        detail = f"the server takes no dates like {position.granularity}, but like {other}"
        yield replace(position, granularity=other), note("wrong-granularity", detail)
        if not position.high and not position.windows:
            detail = "the server takes no dates at all: everything is listed"
            yield replace(position, dateless=True), note("dates-refused", detail)

    def _vanished(self, position: Position) -> tuple[Problem, ...]:
        """Return the alarm where nothing matches since the set is no more."""
        wanted = self.sets[position.set]
        if not wanted:
            return ()
        if self._known_sets is None:
            try:
                found = repository.sets(self.client)
            except HarvestError:
                return ()
            self._known_sets = frozenset(one.spec for one in found)
        if wanted in self._known_sets or not self._known_sets:
            return ()
        detail = f"the server no longer has the set {wanted}"
        return (Problem(code="set-vanished", severity=Severity.ERROR, detail=detail),)


def are_outside(position: Position, datestamps: Sequence[str]) -> bool:
    """Tell whether most of these records are not of the dates that were asked for.

    Two days are allowed for time zones.
    """
    if position.dateless or not (position.low or position.high):
        return False
    low = parse_stamp(position.low) - _TOLERANCE if position.low else None
    high = parse_stamp(position.high, end=True) + _TOLERANCE if position.high else None
    moments = [moment for text in datestamps if (moment := _moment(text)) is not None]
    outside = sum(
        1
        for moment in moments
        if (low is not None and moment < low) or (high is not None and moment > high)
    )
    return outside * 2 > len(datestamps)


def _moment(text: str) -> int | None:
    """Return a datestamp as epoch seconds, whatever form it has; None where it is no date."""
    stamp = server_time(text, Granularity.SECOND)
    return parse_stamp(stamp) if stamp else None


def _check_cursor(envelope: Envelope, position: Position) -> None:
    """Raise PageLost where the server may have moved on by an answer that we never had.

    A cursor may count in its own way, so only its running ahead by more than before tells. Where
    there is none, the number of all records will tell at the end, and without that nothing does.
    """
    if envelope.cursor is not None and position.shift is not None:
        lost = envelope.cursor - position.records > position.shift
    else:
        lost = envelope.total is None and position.total is None
    if lost:
        raise PageLost(page=position.page + 1, url=envelope.url)


def note(code: str, detail: str) -> Problem:
    """Return what is to be told of how a list came."""
    return Problem(code=code, severity=Severity.WARNING, detail=detail)


def doubt(ending: Ending) -> tuple[Problem, ...]:
    """Return what is to be told where a list ended only because nothing came any more."""
    detail = "the last pages were empty, though each said that more follows"
    return (note("list-too-short", detail),) if ending.in_doubt else ()
