"""A Z39.50 server of someone else's, with all that can be wrong with one.

It holds records in memory, each with a control number and a date, and answers the queries that a
harvest puts. ``Habits`` say what it can and how it misbehaves; ``dialled`` counts its sessions.
"""

from __future__ import annotations

import socket
import ssl
import threading
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from protocols.rpn import tree
from protocols.rpn.tree import AttributeType, Operator
from protocols.z3950 import Framer, decode, diagnosing, encode, oids, queries
from protocols.z3950.diagnosing import Diagnosed
from protocols.z3950.externals import octet_aligned
from protocols.z3950.values import searches, sessions
from protocols.z3950.values.common import Bits, Option, PresentStatus, ScanStatus
from protocols.z3950.values.queries import GeneralTerm
from protocols.z3950.values.records import NamePlusRecord, Records, ResponseRecords

CONTROL, ENTERED, MODIFIED, ANYWHERE = 12, 1011, 1012, 1016
_ALL = frozenset({"_ALLRECORDS"})


class Kept(NamedTuple):
    """A record: its number, when it was changed last (YYYYMMDD), and its bytes."""

    number: str
    date: str
    body: bytes


@dataclass(slots=True, kw_only=True)
class Habits:
    """What a server can, and what is wrong with it."""

    use: frozenset[int | str] = frozenset({CONTROL, MODIFIED, ANYWHERE}) | _ALL
    relations: frozenset[int] = frozenset({1, 2, 3, 4, 5, 103})
    ignores_relations: bool = False
    """Takes any relation for equality, as some do."""
    truncates: bool = True
    scans: bool = True
    options: frozenset[int] | None = None
    """What it agrees to; None = all that it can."""
    capped: int | None = None
    """Says that it found no more than so many, and gives no more."""
    refuses_above: int | None = None
    """Answers larger results with diagnostic 12."""
    syntaxes: tuple[str, ...] = (oids.USMARC,)
    gives: str = ""
    """The syntax that it says its records are in, whatever was asked for."""
    page: int = 1 << 30
    """The most records it gives in an answer."""
    too_long: frozenset[int] = frozenset()
    """Positions whose records do not come with others."""
    lost: frozenset[str] = frozenset()
    """Numbers of records that never come."""
    hits: Callable[[int], int] = int
    """What it says that it found."""
    begins_again: bool = False
    """Gives its first records wherever it is asked to begin."""
    drops_after: int = 0
    """Hangs up after so many answers with records in a session; 0 = never."""
    silent_at: type[Any] | None = None
    """A kind of message that is never answered."""
    password: str = ""
    tls: ssl.SSLContext | None = None
    """What its connections are made private by."""
    talks: Callable[[Any], bytes | None] = {}.get
    """Bytes to answer a message with, in place of what it should be."""


@dataclass(slots=True, kw_only=True)
class Target:
    """What it holds, how it behaves, and what it was asked."""

    kept: list[Kept]
    habits: Habits = field(default_factory=Habits)
    port: int = 0
    database: str = "books"
    scheme: str = "z3950"
    sessions: int = 0
    asked: list[Any] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Return its address."""
        return f"{self.scheme}://127.0.0.1:{self.port}/{self.database}"

    def count(self, kind: type[Any]) -> int:
        """Return how often it was asked something."""
        return sum(isinstance(each, kind) for each in self.asked)


@contextmanager
def serving(kept: Sequence[Kept], **habits: Any) -> Iterator[Target]:
    """Serve records on a free port of loopback."""
    target = Target(kept=list(kept), habits=Habits(**habits))
    listener = socket.create_server(("127.0.0.1", 0))
    target.port = listener.getsockname()[1]
    open_now: set[socket.socket] = set()
    thread = threading.Thread(target=_accept, args=(listener, target, open_now), daemon=True)
    thread.start()
    try:
        yield target
    finally:
        # A listener that is only closed leaves its thread in accept.
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for each in list(open_now):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def _accept(listener: socket.socket, target: Target, open_now: set[socket.socket]) -> None:
    threads = []
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            break
        open_now.add(connection)
        target.sessions += 1
        thread = threading.Thread(target=_converse, args=(connection, target), daemon=True)
        thread.start()
        threads.append(thread)
    for each in threads:
        each.join(10)


def _converse(connection: socket.socket, target: Target) -> None:
    session = _Session(target)
    framer = Framer()
    with suppress(OSError), _private(connection, target.habits.tls) as line:
        while data := line.recv(1 << 16):
            for message in framer.feed(data):
                answer = session.answer(decode(message))
                if answer is None:
                    return
                line.sendall(answer)


@contextmanager
def _private(connection: socket.socket, tls: ssl.SSLContext | None) -> Iterator[socket.socket]:
    with connection:
        if tls is None:
            yield connection
            return
        with tls.wrap_socket(connection, server_side=True) as line:
            yield line


class _Session:
    def __init__(self, target: Target) -> None:
        self.target = target
        self.habits = target.habits
        self.results: dict[str, list[Kept]] = {}
        self.answered = 0

    def answer(self, pdu: Any) -> bytes | None:
        """Return what a message is answered with; None hangs up."""
        self.target.asked.append(pdu)
        said = self.habits.talks(pdu)
        if said is not None:
            return said
        if self.habits.silent_at is not None and isinstance(pdu, self.habits.silent_at):
            return b""
        if isinstance(pdu, searches.PresentRequest):
            self.answered += 1
            if self.habits.drops_after and self.answered > self.habits.drops_after:
                return None
        answered = _SERVICES.get(type(pdu))
        return answered and encode(answered(self, pdu))

    def init(self, pdu: sessions.InitializeRequest) -> sessions.InitializeResponse:
        who = pdu.id_authentication
        given = who.password if isinstance(who, sessions.IdPass) else ""
        can = {Option.SEARCH, Option.PRESENT, Option.NAMED_RESULT_SETS}
        can |= {Option.SCAN} if self.habits.scans else set()
        agreed = self.habits.options if self.habits.options is not None else can
        return sessions.InitializeResponse(
            protocol_version=Bits.of(0, 1, 2),
            options=Bits.of(*agreed),
            preferred_message_size=pdu.preferred_message_size,
            exceptional_record_size=pdu.exceptional_record_size,
            result=given == self.habits.password or not self.habits.password,
            implementation_name="Pretended",
        )

    def search(self, pdu: searches.SearchRequest) -> searches.SearchResponse:
        try:
            root = queries.read(pdu.query).root
            chosen = tree.fold(root, self._leaf, _joined)
        except _Refused as wrong:
            return _failed(wrong.said)
        found = [each for place, each in enumerate(self.target.kept) if place in chosen]
        most = self.habits.refuses_above
        if most is not None and len(found) > most:
            return _failed(Diagnosed(condition=12, addinfo=str(most)))
        found = found[: self.habits.capped]
        self.results[pdu.result_set_name] = found
        return searches.SearchResponse(
            result_count=self.habits.hits(len(found)),
            number_of_records_returned=0,
            next_result_set_position=1,
            search_status=True,
        )

    def _leaf(self, term: Any) -> frozenset[int]:
        use = term.value(AttributeType.USE) or ANYWHERE
        relation = term.value(AttributeType.RELATION) or 3
        if use not in self.habits.use:
            raise _Refused(114, str(use))
        if relation not in self.habits.relations:
            raise _Refused(117, str(relation))
        if self.habits.ignores_relations:
            relation = 3
        cut = term.value(AttributeType.TRUNCATION) == 1
        if cut and not self.habits.truncates:
            raise _Refused(120, "1")
        return frozenset(
            place
            for place, each in enumerate(self.target.kept)
            if _holds(_key(each, use), int(relation), term.text, cut=cut)
        )

    def present(self, pdu: searches.PresentRequest) -> searches.PresentResponse:
        found = self.results.get(pdu.result_set_id)
        start, count = pdu.result_set_start_point, pdu.number_of_records_requested
        if found is None:
            return _no_records(Diagnosed(condition=30, addinfo=pdu.result_set_id))
        if start + count - 1 > len(found):
            return _no_records(Diagnosed(condition=13))
        syntax = pdu.preferred_record_syntax or oids.USMARC
        if not self.habits.gives and syntax not in self.habits.syntaxes:
            return _no_records(Diagnosed(condition=239, addinfo=syntax))
        begin = 0 if self.habits.begins_again else start - 1
        given = found[begin : begin + min(count, self.habits.page)]
        alone = count == 1
        told = tuple(
            self._record(each, start + place, syntax, alone=alone)
            for place, each in enumerate(given)
        )
        return searches.PresentResponse(
            number_of_records_returned=len(told),
            next_result_set_position=start + len(told),
            present_status=PresentStatus.SUCCESS if len(told) == count else PresentStatus.PARTIAL_2,
            records=ResponseRecords(told),
        )

    def _record(self, each: Kept, position: int, syntax: str, *, alone: bool) -> NamePlusRecord:
        if each.number in self.habits.lost:
            return diagnosing.surrogate(Diagnosed(condition=14, addinfo=each.number), "books")
        if position in self.habits.too_long and not alone:
            return diagnosing.surrogate(Diagnosed(condition=16), "books")
        external = octet_aligned(self.habits.gives or syntax, each.body)
        return NamePlusRecord(name="books", record=external)

    def scan(self, pdu: searches.ScanRequest) -> searches.ScanResponse:
        term = queries.read_term(pdu.term_list_and_start_point, tree.BIB1)
        use = term.value(AttributeType.USE)
        if not self.habits.scans or use not in self.habits.use:
            return _no_terms(Diagnosed(condition=114, addinfo=str(use)))
        terms = sorted({_key(each, use or 0) for each in self.target.kept})
        begin = bisect_left(terms, term.text)
        given = terms[begin : begin + pdu.number_of_terms_requested]
        count = partial(self._occurrences, use or 0)
        status = (
            ScanStatus.SUCCESS
            if len(given) == pdu.number_of_terms_requested
            else ScanStatus.PARTIAL_5
        )
        entries = tuple(
            searches.TermInfo(term=GeneralTerm(each.encode()), global_occurrences=count(each))
            for each in given
        )
        return searches.ScanResponse(
            scan_status=status,
            number_of_entries_returned=len(given),
            position_of_term=1,
            entries=searches.ListEntries(entries=entries),
        )

    def _occurrences(self, use: int | str, term: str) -> int:
        return sum(_key(each, use) == term for each in self.target.kept)


_SERVICES: Mapping[type[Any], Callable[[_Session, Any], Any]] = {
    sessions.InitializeRequest: _Session.init,
    searches.SearchRequest: _Session.search,
    searches.PresentRequest: _Session.present,
    searches.ScanRequest: _Session.scan,
}


class _Refused(Exception):
    def __init__(self, condition: int, addinfo: str) -> None:
        super().__init__(condition)
        self.said = Diagnosed(condition=condition, addinfo=addinfo)


def _key(each: Kept, use: int | str) -> str:
    return each.date if use in (MODIFIED, ENTERED, "Date/time-last-modified") else each.number


def _holds(key: str, relation: int, term: str, *, cut: bool) -> bool:
    if cut:
        return key.startswith(term)
    return {
        1: key < term,
        2: key <= term,
        3: key == term,
        4: key >= term,
        5: key > term,
        103: True,
    }[relation]


def _joined(node: tree.Joined, left: frozenset[int], right: frozenset[int]) -> frozenset[int]:
    match node.operator:
        case Operator.AND:
            return left & right
        case Operator.OR:
            return left | right
        case _:
            return left - right


def _failed(said: Diagnosed) -> searches.SearchResponse:
    return searches.SearchResponse(
        result_count=0,
        number_of_records_returned=0,
        next_result_set_position=0,
        search_status=False,
        records=diagnosing.response((said,)),
    )


def _no_records(said: Diagnosed) -> searches.PresentResponse:
    told: Records = diagnosing.response((said,))
    return searches.PresentResponse(
        number_of_records_returned=0,
        next_result_set_position=0,
        present_status=PresentStatus.FAILURE,
        records=told,
    )


def _no_terms(said: Diagnosed) -> searches.ScanResponse:
    return searches.ScanResponse(
        scan_status=ScanStatus.FAILURE,
        number_of_entries_returned=0,
        entries=searches.ListEntries(nonsurrogate_diagnostics=(diagnosing.written(said),)),
    )
