"""A client of one Z39.50 server (ANSI/NISO Z39.50-2003), a question at a time.

Whatever the server does, what comes out is an answer or a HarvestError: a diagnostic in any of its
shapes is TargetRefused, or said of a record in its place. After any other failure the connection is
gone, and with it the results; ``open`` begins anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self, TypeVar

from crosswalks.errors import Said
from harvester.errors import HarvestError
from harvester.z3950 import asking, reading
from harvester.z3950.address import Address
from harvester.z3950.errors import (
    TargetClosed,
    TargetFailed,
    TargetGarbled,
    TargetGaveNothing,
    TargetRefused,
    TargetTurnedAway,
)
from harvester.z3950.line import Line
from harvester.z3950.model import (
    Answered,
    Composition,
    Found,
    Manners,
    Opened,
    Piece,
    Scanned,
    Trace,
)
from protocols.rpn.tree import Query, SortKey, Term
from protocols.z3950.charsets import Letters, letters_of, readable, utf8_or_latin1
from protocols.z3950.diagnosing import Diagnosed
from protocols.z3950.values import searches, sessions
from protocols.z3950.values.common import CloseCause, PresentStatus, SortStatus
from protocols.z3950.values.pdus import Pdu

DEFAULT_SET = "default"
FULL = Composition()
_TOO_LONG = (16, 17)
"""The record does not fit into the answer, or into any."""
_MOST_ASIDE = 20
"""Messages that a server may send before the one that is waited for."""

P = TypeVar("P", bound=Pdu)


class Client:
    """An async context manager: the session is begun on entry and ended on exit."""

    def __init__(self, address: Address, manners: Manners, trace: Trace | None = None) -> None:
        self.address = address
        self.opened: Opened | None = None
        self._manners = manners
        self._trace = trace
        self._line = Line(address, manners, trace)
        self._letters: Letters = utf8_or_latin1
        self._encoding = manners.encoding
        self._ahead: tuple[Pdu, type[Pdu]] | None = None
        """What was asked for already and not answered yet, and what answers it."""

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    @property
    def is_open(self) -> bool:
        """Whether there is a session."""
        return self.opened is not None and self._line.is_open

    async def open(self) -> Opened:
        """Connect and begin a session, anew if there was one; raise HarvestError."""
        self._line.drop()
        self.opened = self._ahead = None
        self._line = Line(self.address, self._manners, self._trace)
        await self._line.open()
        response = await self._ask(
            asking.init(self._manners), sessions.InitializeResponse, asked="Init"
        )
        if not response.result:
            self._line.drop()
            text = reading.why_turned_away(response)
            raise TargetTurnedAway(url=self.address.url, text=text)
        self.opened = reading.opened(response)
        if self.opened.charset:
            self._letters = letters_of(self.opened.charset)
            self._encoding = asking.codec(self.opened.charset, self._manners.encoding)
        return self.opened

    async def search(
        self,
        query: Query,
        *,
        name: str = DEFAULT_SET,
        first: int = 0,
        composition: Composition = FULL,
    ) -> Found:
        """Search, and keep the result by a name; ``first`` records come at once, where they can.

        Raises TargetRefused with the server's diagnostic, QueryError for a query that cannot be
        sent.
        """
        pdu = asking.search(query, self._octets, name=name, first=first, composition=composition)
        pdu = asking.in_databases(pdu, self.address.databases)
        response = await self._ask(pdu, searches.SearchResponse, asked="Search")
        pieces = reading.pieces(response.records, 1, self._letters)
        said = reading.refusals(response.records, self._letters)
        if not response.search_status or (said and not response.result_count):
            raise self._refused(said, asked="Search")
        return Found(
            hits=max(0, response.result_count),
            pieces=pieces[: max(first, 0)],
            partial=response.result_set_status in reading.PARTIAL_RESULTS,
        )

    async def present(
        self,
        start: int,
        count: int,
        *,
        name: str = DEFAULT_SET,
        composition: Composition = FULL,
    ) -> Answered:
        """Ask once for records from ``start`` (from 1) on: fewer may come, see their positions.

        Raises TargetRefused where none came for a reason.
        """
        pdu = asking.present(start, count, name=name, composition=composition)
        response = await self._ask(pdu, searches.PresentResponse, asked="Present")
        said = reading.refusals(response.records, self._letters)
        pieces = reading.pieces(response.records, start, self._letters)[:count]
        if said or (not pieces and response.present_status == PresentStatus.FAILURE):
            raise self._refused(said, asked="Present")
        return Answered(pieces, response.present_status)

    async def look_ahead(
        self,
        start: int,
        count: int,
        *,
        name: str = DEFAULT_SET,
        composition: Composition = FULL,
    ) -> None:
        """Ask for what ``present`` will be asked for next, so that the server need not wait.

        Whoever then asks for anything else waits for this answer first, which nobody sees.
        """
        pdu = asking.present(start, count, name=name, composition=composition)
        await self._line.send(pdu, "Present")
        self._ahead = pdu, searches.PresentResponse

    async def scan_ahead(self, term: Term, count: int) -> None:
        """Ask for what ``scan`` will be asked for next, as ``look_ahead`` does."""
        pdu = asking.scan(term, self._octets, count=count, position=1)
        pdu = asking.in_databases(pdu, self.address.databases)
        await self._line.send(pdu, "Scan")
        self._ahead = pdu, searches.ScanResponse

    async def fetch(
        self,
        start: int,
        count: int,
        *,
        name: str = DEFAULT_SET,
        composition: Composition = FULL,
    ) -> tuple[Piece, ...]:
        """Ask until all of these records have come, or a diagnostic in place of each.

        A record that did not fit into an answer with others is asked for alone. Raises
        TargetGaveNothing where the server goes on giving none.
        """
        got: list[Piece] = []
        while len(got) < count:
            at, left = start + len(got), count - len(got)
            got += await self.some(at, left, name=name, composition=composition)
        return tuple(got)

    async def some(
        self,
        start: int,
        count: int,
        *,
        name: str = DEFAULT_SET,
        composition: Composition = FULL,
    ) -> tuple[Piece, ...]:
        """Ask for records as ``fetch`` does, and return those of the first answer that has any."""
        answered = await self.present(start, count, name=name, composition=composition)
        if not answered.pieces:
            hits = start + count - 1
            raise TargetGaveNothing(url=self.address.url, hits=hits, position=start)
        return tuple(
            [
                await self._alone(piece, name, composition) if _fits_alone(piece, count) else piece
                for piece in answered.pieces
            ]
        )

    async def _alone(self, piece: Piece, name: str, composition: Composition) -> Piece:
        answered = await self.present(piece.position, 1, name=name, composition=composition)
        return answered.pieces[0] if answered.pieces else piece

    async def scan(self, term: Term, count: int, *, position: int = 1) -> Scanned:
        """Return terms of the index that a term's attributes name, from that term on.

        ``position`` is where in the answer the term is wanted, from 1. Raises TargetRefused.
        """
        pdu = asking.scan(term, self._octets, count=count, position=position)
        pdu = asking.in_databases(pdu, self.address.databases)
        response = await self._ask(pdu, searches.ScanResponse, asked="Scan")
        said = reading.scan_refusals(response, self._letters)
        if said and not (response.entries and response.entries.entries):
            raise self._refused(said, asked="Scan")
        return reading.scanned(response, self._letters)

    async def sort(
        self, keys: Sequence[SortKey], *, name: str = DEFAULT_SET, into: str = DEFAULT_SET
    ) -> None:
        """Put a result in order; raise TargetRefused."""
        pdu = asking.sort(keys, name=name, into=into)
        response = await self._ask(pdu, searches.SortResponse, asked="Sort")
        if response.sort_status != SortStatus.SUCCESS:
            told = response.diagnostics or ()
            raise self._refused(reading.said(told, self._letters), asked="Sort")

    async def close(self) -> None:
        """End the session, with a word to the server where there is one to hear it."""
        if self._line.is_open:
            with suppress(HarvestError):
                async with asyncio.timeout(1):
                    await self._line.send(
                        sessions.Close(close_reason=CloseCause.FINISHED), asked="Close"
                    )
        self.opened = None
        await self._line.close()

    def _octets(self, text: str) -> bytes:
        return text.encode(self._encoding, "replace")

    def _refused(self, said: Sequence[Diagnosed], *, asked: str) -> TargetRefused:
        first = said[0] if said else Diagnosed(condition=100)
        return TargetRefused(url=self.address.url, asked=asked, said=first)

    async def _ask(self, pdu: Pdu, wanted: type[P], asked: str) -> P:
        """Send a message and return its answer."""
        if self._ahead is not None:
            (before, kind), self._ahead = self._ahead, None
            if before == pdu:
                return await self._answer(wanted, asked)
            await self._answer(kind, asked)
        await self._line.send(pdu, asked)
        return await self._answer(wanted, asked)

    async def _answer(self, wanted: type[P], asked: str) -> P:
        """Return the answer to what was sent; what comes between is seen to."""
        for _ in range(_MOST_ASIDE):
            answer = await self._line.receive(asked)
            if isinstance(answer, wanted):
                return answer
            await self._aside(answer, asked)
        raise self._garbled(asked, "Segment")

    async def _aside(self, answer: Pdu, asked: str) -> None:
        match answer:
            case sessions.Close():
                self._line.drop()
                raise self._closed(answer, asked)
            case sessions.ResourceControlRequest(response_required=True):
                # It says what the search costs and asks whether to go on (s3.2.6.1).
                go_on = sessions.ResourceControlResponse(
                    reference_id=answer.reference_id, continue_flag=True
                )
                await self._line.send(go_on, asked)
            case sessions.ResourceControlRequest():
                pass
            case sessions.AccessControlRequest():
                self._line.drop()
                raise TargetTurnedAway(url=self.address.url, text="AccessControl")
            case _:
                raise self._garbled(asked, type(answer).__name__)

    def _closed(self, answer: sessions.Close, asked: str) -> TargetFailed:
        text = readable(answer.diagnostic_information or "", self._letters)
        reason = reading.CLOSED.get(answer.close_reason, reading.CLOSED[CloseCause.UNSPECIFIED])
        return TargetClosed(url=self.address.url, asked=asked, reason=reason, text=text)

    def _garbled(self, asked: str, kind: str) -> TargetGarbled:
        self._line.drop()
        reason = Said("{kind} came where it does not belong.", {"kind": kind})
        return TargetGarbled(url=self.address.url, asked=asked, reason=reason)


def _fits_alone(piece: Piece, asked_for: int) -> bool:
    return asked_for > 1 and piece.said is not None and piece.said.condition in _TOO_LONG
