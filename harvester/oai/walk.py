"""One harvest: its lists one after the other, and the way round each of a server's faults.

A list that cannot be read to its end is cut in two by date, and again, down to what the server can
tell apart; what cannot be cut any more is asked for record by record. Each way is told. A harvest
ends well only if every one of its lists did.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NoReturn

from crosswalks.model import Page, Problem, RawRecord
from harvester.errors import BadArgument, BadResumptionToken, BadVerb, HarvestError, ListShort
from harvester.model import Header, Mode, SourceSpec
from harvester.oai import shortfall
from harvester.oai.asking import Asked, Asking, are_outside, doubt, note
from harvester.oai.container import pack, record_of
from harvester.oai.ending import Ending
from harvester.oai.onebyone import Identifiers, TooMany, are_few, ask_for, first_few
from harvester.oai.position import Plan, Position
from harvester.oai.records import read_headers, read_records
from harvester.oai.troubles import is_worth_another_way
from harvester.oai.windows import DAY, EVERYTHING, Window, halves
from protocols.oai import Verb

_MOST_FAILED = 20
"""After so many windows without a list that brought a record, none is cut to the end any more."""


class Walk:
    """Goes through the lists of a source from a position."""

    def __init__(self, asking: Asking, spec: SourceSpec, verb: Verb = Verb.LIST_RECORDS) -> None:
        one_by_one = spec.mode is Mode.IDENTIFIERS and verb is Verb.LIST_RECORDS
        self._asking = asking
        self._verb = verb
        self._spec = spec
        self._plan = Plan(
            Mode.IDENTIFIERS if one_by_one else Mode.RECORDS, spec.days_a_window * DAY
        )
        self._position = Position()
        self._stored = ""
        self._notes: tuple[Problem, ...] = ()
        self._giving = False
        self._cause: HarvestError | None = None
        self._short: ListShort | None = None
        self._failed = 0
        """How many windows had to be read one by one since a list brought a record."""

    def pages(self, position: Position, notes: tuple[Problem, ...]) -> Iterator[Page]:
        """Yield the pages after a position, the first with ``notes``; raise HarvestError."""
        self._position, self._notes, self._stored = position, notes, position.token
        if position == replace(position.restarted(), windows=()) and _is_whole(position):
            self._position = self._beginning(position)
        while self._position.set < len(self._asking.sets):
            try:
                yield from self._list()
            except TooMany:
                self._cut(self._position)
            except HarvestError as fault:
                self._go_round(fault)

    def first(self, position: Position) -> Page:
        """Return the first page, or the first few records where a list of records is broken.

        Asks for little and goes round nothing else: raises the HarvestError that a harvest would
        go round.
        """
        self._position = self._beginning(position)
        if self._position.mode is Mode.IDENTIFIERS:
            return self._first_few()
        try:
            return self._page(Ending())[0]
        except HarvestError as fault:
            if self._spec.mode is Mode.RECORDS or not is_worth_another_way(fault, position):
                raise
            self._tell("read-one-by-one", f"record by record: {fault}")
            try:
                return self._first_few()
            except HarvestError:
                raise fault from None

    def _first_few(self) -> Page:
        url, headers = first_few(self._asking, self._position)
        return self._given(url, headers, ended=False)

    def _beginning(self, position: Position) -> Position:
        return position.first_window(self._plan, self._asking.limits(position))

    def _list(self) -> Iterator[Page]:
        if self._position.mode is Mode.IDENTIFIERS:
            yield from self._one_by_one()
            return
        ending = Ending(self._position.token, self._position.records)
        ended = False
        while not ended:
            # The page's tree, many times its bytes, is gone before the page is handed out.
            page, ended = self._page(ending)
            yield page
            self._raise_if_short()

    def _raise_if_short(self) -> None:
        if self._short is not None:
            raise self._short

    def _page(self, ending: Ending) -> tuple[Page, bool]:
        asked = self._asking.page(self._verb, self._position)
        self._asking.client.patient = True
        records, problems = self._records(asked)
        self._failed = 0 if records else self._failed
        self._asking.saw(one.datestamp for one in records)
        position, ignored = _dates_ignored(asked.position, records)
        strayed = bool(ignored) and not _is_whole(position)
        ended = ending.reached(asked.envelope, _names(records))
        after = position.after_page(asked.envelope, len(records))
        told = (*self._take_notes(), *asked.notes, *ignored, *problems)
        page = Page(
            number=after.page,
            url=asked.envelope.url,
            records=records,
            next_checkpoint={},
            raw=asked.envelope.raw,
            last=False,
            total=None if after.windows or after.check else after.total,
        )
        if strayed:
            after, more = self._without_dates(after)
        elif ended:
            after, more = self._ended(after, page.url)
            more = (*more, *doubt(ending))
        else:
            more = ()
        return self._turn(page, after, (*told, *more)), ended or strayed

    def _ended(self, after: Position, url: str) -> tuple[Position, tuple[Problem, ...]]:
        """Return where the end of a list leads, and what is to be told of it."""
        after, told, self._short = shortfall.judge(after, self._asking.limits(after), url)
        return self._next(after), told

    def _without_dates(self, after: Position) -> tuple[Position, tuple[Problem, ...]]:
        """Return where to go on where windows turn out to be none.

        What came may be a part of the whole all the same, with datestamps that mean nothing.
        """
        if after.check is not None:
            return self._next(shortfall.once_more(after, after.check, after.whole)), ()
        lists = self._cause is None or self._spec.mode is Mode.RECORDS
        mode = self._plan.mode if lists else Mode.IDENTIFIERS
        return replace(_without_windows(after), mode=mode), ()

    def _turn(self, page: Page, after: Position, told: tuple[Problem, ...]) -> Page:
        """Move on to the position after a page, and return the page with it."""
        self._position = after
        last = after.set == len(self._asking.sets)
        checkpoint = after.final() if last else after.checkpoint()
        return replace(page, next_checkpoint=checkpoint, last=last, problems=told)

    def _records(self, asked: Asked) -> tuple[tuple[RawRecord, ...], tuple[Problem, ...]]:
        if self._verb is Verb.LIST_RECORDS:
            return read_records(asked.envelope)
        headers = read_headers(asked.envelope)
        return tuple(map(_of_header, headers)), asked.envelope.problems

    def _next(self, position: Position) -> Position:
        return position.next_window(self._plan, self._asking.limits(position))

    def _one_by_one(self) -> Iterator[Page]:
        found = Identifiers(self._asking, self._position)
        self._position, self._notes = found.position, (*self._notes, *found.notes)
        if found.position.dateless and not _is_whole(found.position):
            self._position = _without_windows(found.position)
        chunks = [*found.chunks()] or [()]
        for number, chunk in enumerate(chunks, start=1):
            yield self._given(found.url, chunk, ended=number == len(chunks))
        self._raise_if_short()

    def _given(self, url: str, headers: tuple[Header, ...], *, ended: bool) -> Page:
        """Return a page of records that were asked for one by one."""
        position = self._position
        self._giving = True
        given = ask_for(self._asking, headers, position.prefix)
        self._giving = False
        after = replace(
            position,
            page=position.page + 1,
            records=position.records + len(headers),
            after=headers[-1].identifier if headers else position.after,
        )
        page = Page(
            number=after.page,
            url=url,
            records=tuple(record_of(one, place, url) for place, one in enumerate(given)),
            next_checkpoint={},
            raw=pack(given),
            last=False,
        )
        more: tuple[Problem, ...] = ()
        if ended:
            after, more = self._ended(after, url)
        return self._turn(page, after, (*self._take_notes(), *more))

    def _take_notes(self) -> tuple[Problem, ...]:
        notes, self._notes = self._notes, ()
        return notes

    def _go_round(self, fault: HarvestError) -> None:
        """Plan another way to what a fault stands before; raise it where there is none."""
        position = self._position
        if self._giving:
            raise fault
        stored, self._stored = self._stored, ""
        if isinstance(fault, BadResumptionToken) and position.token and position.token == stored:
            # Tokens die between two harvests. One that dies within a minute will die again.
            self._position = position.restarted()
            self._tell("token-died", f"the list was begun anew: {fault}")
            return
        if self._cause is not None and _are_windows_refused(fault, position):
            self._turn_to_identifiers(_without_windows(position), self._cause)
            return
        if not is_worth_another_way(fault, position):
            self._give_up(fault)
        few = self._are_few(position)
        if few is None and not self._asking.is_there():
            self._give_up(fault)
        if self._cause is None or (_is_whole(position) and position.mode is Mode.RECORDS):
            self._cause = fault
        hopeless = position.mode is Mode.RECORDS and (
            few or isinstance(fault, BadVerb) or self._failed >= _MOST_FAILED
        )
        if hopeless or not self._cut(position, fault):
            self._turn_to_identifiers(position, fault)
            return
        # What fails from its first page on is likely to fail again: it is cut without delay.
        self._asking.client.patient = bool(position.token)

    def _are_few(self, position: Position) -> bool | None:
        """Tell whether a window is better read record by record; None where nothing tells."""
        is_window = not (position.token or position.dateless or _is_whole(position))
        is_list = position.mode is Mode.RECORDS and self._verb is Verb.LIST_RECORDS
        if is_window and is_list and self._spec.mode is Mode.BOTH:
            return are_few(self._asking, position)
        return None

    def _cut(self, position: Position, fault: HarvestError | None = None) -> bool:
        """Cut the list at hand in two; return whether that was possible."""
        limits = self._asking.limits(position)
        cut = None if position.dateless else halves(position.window, limits)
        if cut is None:
            return False
        self._position = position.listing(*cut)
        if fault is not None and _is_whole(position):
            self._tell("cut-into-windows", f"the list is read in pieces, by date: {fault}")
        return True

    def _turn_to_identifiers(self, position: Position, fault: HarvestError) -> None:
        is_list = position.mode is Mode.RECORDS and self._verb is Verb.LIST_RECORDS
        if not is_list or self._spec.mode is Mode.RECORDS:
            self._give_up(fault)
        self._position = replace(position.restarted(), mode=Mode.IDENTIFIERS)
        self._failed += 1
        low, high = position.low or "...", position.high or "..."
        self._tell("read-one-by-one", f"from {low} to {high}, record by record: {fault}")

    def _give_up(self, fault: HarvestError) -> NoReturn:
        """Raise what was first in the way: what other ways met with says less."""
        if self._cause is None or self._cause is fault:
            raise fault
        raise self._cause from fault

    def _tell(self, code: str, detail: str) -> None:
        self._notes = (*self._notes, note(code, detail))


def _are_windows_refused(fault: HarvestError, position: Position) -> bool:
    """Tell whether a server that took the whole list's dates takes none of a part of it."""
    return isinstance(fault, BadArgument) and not (position.token or _is_whole(position))


def _is_whole(position: Position) -> bool:
    """Tell whether a list is that of a whole set."""
    return position.window == Window(position.start, position.until)


def _without_windows(position: Position) -> Position:
    """Return the beginning of a whole set, in place of its windows."""
    whole = position.listing(Window(position.start, position.until))
    return replace(whole, windows=(), check=None, whole=EVERYTHING)


def _dates_ignored(
    position: Position, records: Sequence[RawRecord]
) -> tuple[Position, tuple[Problem, ...]]:
    """Return a position without dates where a list turns out to go by none."""
    if position.token or not are_outside(position, [record.datestamp for record in records]):
        return position, ()
    told = note("dates-ignored", "the server lists everything, whatever dates are asked for")
    return replace(position, dateless=True), (told,)


def _names(records: Sequence[RawRecord]) -> list[str]:
    return [f"{one.identifier}\0{one.datestamp}\0{len(one.body)}" for one in records]


def _of_header(header: Header) -> RawRecord:
    return RawRecord(
        identifier=header.identifier,
        datestamp=header.datestamp,
        sets=header.sets,
        deleted=header.deleted,
    )
