"""A Z39.50 server as a harvest sees it: the client of ``client``, one question after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, TypeVar

from harvester.errors import HarvestError
from harvester.model import HttpSettings, SourceSpec
from harvester.searching.errors import UnknownSyntax
from harvester.searching.fetching import MOST
from harvester.searching.model import Brought, Described, Entry, Index, Indexes, Terms
from harvester.z3950.address import parse
from harvester.z3950.client import Client
from harvester.z3950.errors import TargetRefused
from harvester.z3950.model import Composition, Manners, Piece, Scanned
from protocols.pqf import read
from protocols.rpn.tree import Attribute, Query, Term
from protocols.z3950 import oids
from protocols.z3950.values.common import Option

T = TypeVar("T")

SYNTAXES = {
    "marcxml": Composition(syntax=oids.XML, elements="marcxml"),
    "usmarc": Composition(syntax=oids.USMARC, elements="F"),
    "unimarc": Composition(syntax=oids.UNIMARC, elements="F"),
    "dc": Composition(syntax=oids.XML, elements="dc"),
    "mods": Composition(syntax=oids.XML, elements="mods"),
}
"""As what records can be asked for, what is wanted most first."""
_FORMATS = {oids.USMARC: "iso2709", oids.UNIMARC: "unimarc"}
_ELEMENT_SETS = (24, 25, 26)
"""Diagnostics that refuse the element set."""
_LONG = 100
"""Terms of a list that is worth a session of its own."""
_NUMBER, _CHANGED, _ENTERED = 12, 1012, 1011


def _index(use: int | str, *more: Attribute) -> Index:
    return (Attribute(1, use), *more)


INDEXES = Indexes(
    everything=(
        read("@attr 1=_ALLRECORDS @attr 2=103 ''"),
        read("@attr 1=12 @attr 2=103 ''"),
        read("@attr 1=1016 @attr 2=103 ''"),
        read("@attr 1=4 @attr 2=103 ''"),
    ),
    numbers=(_index(_NUMBER), _index(_NUMBER, Attribute(4, 3)), _index("Local-number")),
    changed=(
        _index(_CHANGED),
        _index(_CHANGED, Attribute(4, 5)),
        # Koha's Zebra has the index by this name, and none for 1012.
        _index("Date/time-last-modified"),
    ),
    entered=(_index(_ENTERED), _index(_ENTERED, Attribute(4, 109))),
)


class Z3950Target:
    """One session at a time, in an event loop of its own."""

    indexes = INDEXES

    def __init__(self, spec: SourceSpec, http: HttpSettings) -> None:
        address = parse(spec.url)
        self.url = address.url
        self.formats = formats(spec.prefix)
        self._manners = Manners.of(http)
        self._client = Client(address, self._manners)
        self._lister: Client | None = None
        self._runner = asyncio.Runner()
        self._composition = SYNTAXES[self.formats[0]]
        self._hits = 0
        self._hurries = not http.requests_per_minute

    def open(self) -> Described:
        """Begin a session, anew if there was one; raise HarvestError."""
        opened = self._run(self._client.open())
        facts = {
            "options": ", ".join(
                option.name.lower().replace("_", "-") for option in Option if opened.can(option)
            ),
            "version": str(opened.version),
        }
        return Described(
            name=opened.name,
            software=opened.software,
            facts=facts,
            # Some can what they do not say; only who says what it can is believed in this.
            scans=not opened.options or opened.can(Option.SCAN),
        )

    def search(self, query: Query) -> int:
        """Search, and return how many hits the server says there are."""
        self._hits = self._run(self._client.search(query)).hits
        return self._hits

    def fetch(self, start: int, count: int) -> tuple[Brought, ...]:
        """Return records of the result, or the diagnostics in their places."""
        try:
            got = self._fetched(start, count)
        except TargetRefused as wrong:
            if wrong.said.condition not in _ELEMENT_SETS or not self._composition.elements:
                raise
            self._composition = Composition(syntax=self._composition.syntax, elements="")
            got = self._fetched(start, count)
        return tuple(map(_brought, got))

    def _fetched(self, start: int, count: int) -> tuple[Piece, ...]:
        return self._run(self._some(start, count))

    async def _some(self, start: int, count: int) -> tuple[Piece, ...]:
        # One answer's worth: how much of what was asked for comes at a time is the caller's.
        got = await self._client.some(start, count, composition=self._composition)
        following = start + len(got)
        left = min(count, self._hits - following + 1)
        # While these are worked on the server finds the next: a caller that asks for as much as
        # ever goes on like that.
        if self._hurries and count == len(got) == MOST and left > 0:
            await self._client.look_ahead(following, left, composition=self._composition)
        return got

    def scan(self, term: Term, count: int) -> Terms:
        """Return terms of the index that a term's attributes name, from that term on."""
        found = self._run(self._scanned(term, count))
        entries = tuple(Entry(each.term, each.records) for each in found.entries if not each.said)
        return Terms(entries[max(0, found.position - 1) :], found.ended)

    async def _scanned(self, term: Term, count: int) -> Scanned:
        """List long parts of an index in a session beside: the next is made while records come."""
        if not self._hurries or count < _LONG:
            return await self._client.scan(term, count)
        if self._lister is None or not self._lister.is_open:
            self._lister = Client(self._client.address, self._manners)
            try:
                await self._lister.open()
            except HarvestError:
                # One session is all that some servers give.
                self._hurries = False
                return await self._client.scan(term, count)
        found = await self._lister.scan(term, count)
        if len(found.entries) == count and not found.ended:
            last = replace(term, text=found.entries[-1].term)
            await self._lister.scan_ahead(last, count)
        return found

    def use_format(self, name: str) -> None:
        """Ask for records in one of ``formats`` from now on."""
        self._composition = SYNTAXES[name]

    def close(self) -> None:
        """End the session, and the event loop with it."""
        try:
            if self._lister is not None:
                self._run(self._lister.close())
            self._run(self._client.close())
        finally:
            self._runner.close()

    def _run(self, asked: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(asked)


def formats(prefix: str) -> tuple[str, ...]:
    """Return as what records are asked for; raise UnknownSyntax."""
    if not prefix:
        return tuple(SYNTAXES)
    if prefix.lower() not in SYNTAXES:
        raise UnknownSyntax(name=prefix, known=", ".join(SYNTAXES))
    return (prefix.lower(),)


def _brought(piece: Piece) -> Brought:
    if piece.said is not None:
        said = f"{piece.said.condition}: {piece.said.addinfo}".strip(": ")
        return Brought(piece.position, refused=said)
    return Brought(piece.position, piece.body, _FORMATS.get(piece.syntax, ""))
