"""Records asked for one by one, for the lists that cannot be read.

ListIdentifiers is read to its end before the first record is asked for, since tokens die while one
does something else; then the records come in the order of their identifiers, so that a harvest that
was broken off goes on behind the last one whatever order the server has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from crosswalks.model import Problem
from harvester.errors import (
    HarvestError,
    HttpStatus,
    NotOai,
    PageBroken,
    ProtocolRefused,
    TooLarge,
    TooSlow,
)
from harvester.model import Header
from harvester.oai.asking import Asked, Asking, are_outside, doubt, note
from harvester.oai.container import Given
from harvester.oai.ending import Ending
from harvester.oai.position import Position
from harvester.oai.records import read_headers
from harvester.oai.windows import halves
from protocols.oai import Verb

AT_ONCE = 50
"""How many records make a page."""
_MOST_AT_ONCE = 200_000
"""More identifiers are not kept in memory where they can be listed in smaller windows."""
_MOST_REFUSED = 20
_FEW = 3
_LITTLE = 20
"""So many are asked for one by one rather than searched for the one that is at fault."""
_FAULTS = (HttpStatus, NotOai, PageBroken, ProtocolRefused, TooLarge, TooSlow)


class TooMany(Exception):
    """A window holds more identifiers than are kept in memory."""


class Identifiers:
    """The identifiers of one list, all of them, in order."""

    def __init__(self, asking: Asking, position: Position) -> None:
        self._asking = asking
        self._found: dict[str, Header] = {}
        self.notes: tuple[Problem, ...] = ()
        self.position, self.url = self._read(position)

    def chunks(self) -> Iterator[tuple[Header, ...]]:
        """Yield the headers after the position's last identifier, so many as make a page."""
        names = sorted(name for name in self._found if name > self.position.after)
        rest = iter(names)
        while chunk := tuple(islice(rest, AT_ONCE)):
            yield tuple(self._found[name] for name in chunk)

    def _read(self, position: Position) -> tuple[Position, str]:
        """Read the list to its end; return the position with what was learnt of the server."""
        ending, at, url = Ending(), position.restarted(), ""
        cuttable = halves(position.window, self._asking.limits(position)) is not None
        while True:
            asked = self._asking.page(Verb.LIST_IDENTIFIERS, at)
            headers = read_headers(asked.envelope)
            self._take(asked, headers)
            at = self._dated(asked.position, headers)
            at = at.after_page(asked.envelope, len(headers))
            url = url or asked.envelope.url
            if ending.reached(asked.envelope, [f"{one[0]}\0{one[1]}" for one in headers]):
                self.notes = (*self.notes, *doubt(ending))
                return _begun(position, at), url
            if cuttable and not at.dateless and len(self._found) > _MOST_AT_ONCE:
                raise TooMany

    def _dated(self, position: Position, headers: tuple[Header, ...]) -> Position:
        """Return a position without dates where the list turns out to go by none."""
        if position.token or not are_outside(position, [one.datestamp for one in headers]):
            return position
        detail = "the server lists everything, whatever dates are asked for"
        self.notes = (*self.notes, note("dates-ignored", detail))
        return replace(position, dateless=True)

    def _take(self, asked: Asked, headers: tuple[Header, ...]) -> None:
        self.notes = (*self.notes, *asked.notes, *asked.envelope.problems)
        nameless = sum(1 for header in headers if not header.identifier)
        if nameless:
            detail = f"records without an identifier, which cannot be asked for: {nameless}"
            self.notes = (*self.notes, note("nameless-headers", detail))
        for header in headers:
            other = self._found.get(header.identifier)
            if other is None or _counts_more(header, other):
                self._found[header.identifier] = header


def first_few(asking: Asking, position: Position) -> tuple[str, tuple[Header, ...]]:
    """Return the first headers of a list, and the address of the page they are on."""
    envelope = asking.page(Verb.LIST_IDENTIFIERS, position).envelope
    return envelope.url, read_headers(envelope)[:_FEW]


def are_few(asking: Asking, position: Position) -> bool | None:
    """Tell whether a list names so few records that to ask for each is less than to cut it.

    None where it names none, or cannot be had either.
    """
    try:
        envelope = asking.page(Verb.LIST_IDENTIFIERS, position).envelope
        headers = read_headers(envelope)
    except HarvestError:
        return None
    return (not envelope.token and len(headers) <= _LITTLE) if headers else None


def ask_for(asking: Asking, headers: tuple[Header, ...], prefix: str) -> tuple[Given, ...]:
    """Return what came of asking for each of these records.

    One that cannot be had is told as such. Raises HarvestError where the server gives none at all
    any more.
    """
    given: list[Given] = []
    refused = 0
    for header in headers:
        if header.deleted:
            given.append(Given(header))
            continue
        try:
            given.append(_one(asking, header, prefix))
            refused = 0
        except _FAULTS as fault:
            refused += 1
            if refused > _MOST_REFUSED or not asking.is_there():
                raise
            given.append(Given(header, failure=str(fault)))
    return tuple(given)


def _one(asking: Asking, header: Header, prefix: str) -> Given:
    arguments = {"verb": Verb.GET_RECORD, "identifier": header.identifier, "metadataPrefix": prefix}
    return Given(header, asking.client.ask(arguments).raw)


def _counts_more(header: Header, other: Header) -> bool:
    """Tell which of two headers of one identifier counts: the later, and of equals the live one."""
    return (header.datestamp, not header.deleted) > (other.datestamp, not other.deleted)


def _begun(first: Position, last: Position) -> Position:
    """Return the position before the list was read, with what was learnt of the server on it."""
    return replace(
        first,
        started=last.started,
        # As many as were announced are all, though some may be named twice or not at all.
        total=None if last.records >= (last.total or 0) else last.total,
        granularity=last.granularity,
        dateless=last.dateless,
        prefix_with_token=last.prefix_with_token,
    )
