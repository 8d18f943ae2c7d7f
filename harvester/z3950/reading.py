"""The messages of a server made into what was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crosswalks.errors import Said
from harvester.z3950.model import Entry, Opened, Piece, Scanned
from protocols.errors import QueryError
from protocols.z3950 import charsets, diagnosing, queries
from protocols.z3950.charsets import Letters, readable
from protocols.z3950.diagnosing import Diagnosed
from protocols.z3950.values import searches, sessions
from protocols.z3950.values.common import (
    CharacterInfo,
    CloseCause,
    External,
    ResultSetStatus,
    ScanStatus,
)
from protocols.z3950.values.contents import TargetResponse
from protocols.z3950.values.records import (
    DiagRec,
    NamePlusRecord,
    Records,
    ResponseRecords,
    SurrogateDiagnostic,
)

PARTIAL_RESULTS = frozenset({ResultSetStatus.SUBSET, ResultSetStatus.INTERIM})
_FRAGMENT = Diagnosed(condition=100, addinfo="fragment")
CLOSED: Mapping[int, Said] = {
    CloseCause.FINISHED: Said("it has finished.", {}),
    CloseCause.SHUTDOWN: Said("it is being shut down.", {}),
    CloseCause.SYSTEM_PROBLEM: Said("its system has a problem.", {}),
    CloseCause.COST_LIMIT: Said("the limit of costs is reached.", {}),
    CloseCause.RESOURCES: Said("it has no room for more.", {}),
    CloseCause.SECURITY_VIOLATION: Said("it does not let us in.", {}),
    CloseCause.PROTOCOL_ERROR: Said("it does not understand us.", {}),
    CloseCause.LACK_OF_ACTIVITY: Said("nothing was asked for too long.", {}),
    CloseCause.PEER_ABORT: Said("it gave up.", {}),
    CloseCause.UNSPECIFIED: Said("it does not say why.", {}),
}
_VERSIONS = 3


def opened(response: sessions.InitializeResponse) -> Opened:
    """Return what a server said when the session began."""
    said = charsets.negotiated(response.other_info)
    chosen = said.selected_char_sets if isinstance(said, TargetResponse) else None
    versions = [each + 1 for each in range(_VERSIONS) if each in response.protocol_version]
    return Opened(
        version=max(versions, default=0),
        options=frozenset(response.options),
        preferred=response.preferred_message_size,
        exceptional=response.exceptional_record_size,
        id=readable(response.implementation_id or ""),
        name=readable(response.implementation_name or ""),
        software=readable(response.implementation_version or ""),
        charset=charsets.name_of(chosen) if chosen is not None else "",
    )


def why_turned_away(response: sessions.InitializeResponse) -> str:
    """Return what a server says when it does not begin a session; it need not say anything."""
    for each in response.other_info or ():
        if isinstance(each.information, CharacterInfo):
            return readable(each.information.value)
    return readable(response.implementation_name or "")


def pieces(records: Records | None, start: int, letters: Letters) -> tuple[Piece, ...]:
    """Return the records of a response, which begin at a position of the result."""
    if not isinstance(records, ResponseRecords):
        return ()
    return tuple(
        _piece(each, position, letters) for position, each in enumerate(records.value, start=start)
    )


def _piece(each: NamePlusRecord, position: int, letters: Letters) -> Piece:
    database = readable(each.name or "", letters)
    match each.record:
        case External():
            return Piece(position, each.record, None, database)
        case SurrogateDiagnostic(told):
            return Piece(position, None, diagnosing.read(told, letters), database)
        case _:
            return Piece(position, None, _FRAGMENT, database)


def refusals(records: Records | None, letters: Letters) -> tuple[Diagnosed, ...]:
    """Return the diagnostics in place of records, in whichever shape they came."""
    return diagnosing.of_response(records, letters)


def said(told: Iterable[DiagRec], letters: Letters) -> tuple[Diagnosed, ...]:
    """Return diagnostics in one form."""
    return tuple(diagnosing.read(each, letters) for each in told)


def scan_refusals(response: searches.ScanResponse, letters: Letters) -> tuple[Diagnosed, ...]:
    """Return why there are no terms; nothing where there are."""
    told = response.entries and response.entries.nonsurrogate_diagnostics
    if told:
        return said(told, letters)
    failed = response.scan_status == ScanStatus.FAILURE
    return (Diagnosed(condition=100),) if failed else ()


def scanned(response: searches.ScanResponse, letters: Letters) -> Scanned:
    """Return the terms of a response."""
    found = (response.entries and response.entries.entries) or ()
    return Scanned(
        entries=tuple(_entry(each, letters) for each in found),
        position=1 if response.position_of_term is None else response.position_of_term,
        ended=response.scan_status == ScanStatus.PARTIAL_5,
    )


def _entry(each: searches.Entry, letters: Letters) -> Entry:
    if isinstance(each, SurrogateDiagnostic):
        return Entry("", None, "", diagnosing.read(each.value, letters))
    display = readable(each.display_term or "", letters)
    try:
        _, text = queries.read_text(each.term, letters)
    except QueryError:
        text = ""
    return Entry(text, each.global_occurrences, display)
