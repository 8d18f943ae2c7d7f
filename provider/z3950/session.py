"""One session: message after message, each answered before the next is looked at.

Nothing here waits or knows of sockets; ``answer`` is called from one thread at a time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from catalogue.errors import CatalogueError
from protocols.errors import QueryError
from protocols.z3950 import diagnosing
from protocols.z3950.diagnosing import Diagnosed
from protocols.z3950.values.common import CloseCause, DeleteStatus, ExtendedStatus
from protocols.z3950.values.pdus import Pdu
from protocols.z3950.values.searches import (
    DeleteResultSetRequest,
    DeleteResultSetResponse,
    ListStatus,
    PresentRequest,
    ScanRequest,
    SearchRequest,
    SortRequest,
)
from protocols.z3950.values.sessions import (
    Close,
    ExtendedServicesRequest,
    ExtendedServicesResponse,
    InitializeRequest,
    ResourceReportRequest,
    ResourceReportResponse,
    TriggerResourceControlRequest,
)
from provider.lookup import NotKnown
from provider.z3950 import opening, presenting, scanning, searching, sorting
from provider.z3950.model import Answer, Condition, Refused
from provider.z3950.opening import Agreed
from provider.z3950.results import Results
from provider.z3950.room import Room

_log = logging.getLogger(__name__)
_NO_REPORT = 3
"""The server has no report to give (Z39.50 s3.2.6.3.2, failure-2)."""
_ALL = 1


class Session:
    """What one client has agreed on, and the results it has."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.agreed: Agreed | None = None
        self._is_known = True
        """Whether what is kept for everybody answers this session too."""
        self.results = Results(room.limits, room.pool)

    def answer_at_once(self, known: Room, pdu: Pdu, room_for: int = 1 << 62) -> Answer | None:
        """Return what is known of the answer already, None where the catalogue has to be asked."""
        if not self._is_known:
            return None
        room, self.room = self.room, known
        try:
            return self.answer(pdu, room_for)
        except NotKnown:
            return None
        finally:
            self.room = room

    def answer(self, pdu: Pdu, room_for: int = 1 << 62) -> Answer:
        """Return what a message is answered with; the answer is not much longer than told.

        Whatever goes wrong is a diagnostic or a Close, never an exception.
        """
        if isinstance(pdu, InitializeRequest):
            return self._begin(pdu)
        if isinstance(pdu, Close):
            told = Close(reference_id=pdu.reference_id, close_reason=CloseCause.FINISHED)
            return Answer(pdus=(told,), ends=True)
        if self.agreed is None:
            return refusal(CloseCause.PROTOCOL_ERROR, "Init comes first")
        service = _SERVICES.get(type(pdu))
        if service is None:
            return refusal(CloseCause.PROTOCOL_ERROR, f"unexpected {type(pdu).__name__}")
        agreed = replace(self.agreed, preferred=min(self.agreed.preferred, room_for))
        return Answer(pdus=service(self, pdu, agreed))

    def end(self) -> None:
        """Give back what the session kept."""
        self.results.clear()

    def _begin(self, pdu: InitializeRequest) -> Answer:
        self.results.clear()
        key = opening.key_of(pdu)
        holder = self.room.holder(key) if key else None
        self.agreed, response = opening.agree(pdu, self.room.limits)
        if key and holder is None:
            # Who has a key wants to see what it opens, and not the public part unawares.
            response = replace(response, result=False)
        if holder is not None:
            self.room = self.room.seen_by(holder.view.value)
            self._is_known = False
        return Answer(pdus=(response,), ends=not response.result)


def refusal(cause: CloseCause, why: str) -> Answer:
    """Return the answer that ends a session."""
    return Answer(pdus=(Close(close_reason=cause, diagnostic_information=why),), ends=True)


def _search(session: Session, pdu: SearchRequest, agreed: Agreed) -> tuple[Pdu, ...]:
    try:
        return (searching.search(session.room, session.results, pdu, agreed),)
    except (Refused, QueryError, CatalogueError) as wrong:
        session.results.remove(pdu.result_set_name) if _may_remove(wrong) else None
        return (searching.failed(pdu, said_of(wrong), agreed),)


def _may_remove(wrong: Exception) -> bool:
    """Tell whether a search that failed leaves no result under its name (s3.2.2.1.11)."""
    return not (isinstance(wrong, Refused) and wrong.said.condition == Condition.SET_EXISTS)


def _present(session: Session, pdu: PresentRequest, agreed: Agreed) -> tuple[Pdu, ...]:
    try:
        return (presenting.present(session.room, session.results, pdu, agreed),)
    except (Refused, QueryError, CatalogueError) as wrong:
        return (presenting.failed(pdu, said_of(wrong), agreed),)


def _scan(session: Session, pdu: ScanRequest, agreed: Agreed) -> tuple[Pdu, ...]:
    try:
        return (scanning.scan(session.room, pdu, agreed),)
    except (Refused, QueryError, CatalogueError) as wrong:
        return (scanning.failed(pdu, said_of(wrong), agreed),)


def _sort(session: Session, pdu: SortRequest, agreed: Agreed) -> tuple[Pdu, ...]:
    try:
        return (sorting.sort(session.results, pdu, agreed),)
    except (Refused, QueryError, CatalogueError) as wrong:
        return (sorting.failed(pdu, said_of(wrong), agreed),)


def said_of(wrong: Exception) -> Diagnosed:
    """Return the diagnostic for what went wrong: what is our own fault may pass."""
    if isinstance(wrong, Refused):
        return wrong.said
    if isinstance(wrong, QueryError):
        return diagnosing.of_error(wrong)
    _log.warning("z3950: %s", wrong)
    return Diagnosed(condition=Condition.TEMPORARY, addinfo=type(wrong).__name__)


def _delete(session: Session, pdu: DeleteResultSetRequest, _: Agreed) -> tuple[Pdu, ...]:
    statuses = []
    if pdu.delete_function == _ALL:
        session.results.clear()
    else:
        for name in pdu.result_set_list or ():
            gone = session.results.remove(name)
            status = DeleteStatus.SUCCESS if gone else DeleteStatus.DID_NOT_EXIST
            statuses.append(ListStatus(id=name, status=status))
    is_done = all(each.status == DeleteStatus.SUCCESS for each in statuses)
    status = DeleteStatus.SUCCESS if is_done else DeleteStatus.NOT_ALL_REQUESTED_DELETED
    if len(statuses) == 1:
        status = DeleteStatus(statuses[0].status)
    return (
        DeleteResultSetResponse(
            reference_id=pdu.reference_id,
            delete_operation_status=status,
            delete_list_statuses=tuple(statuses) or None,
        ),
    )


def _extended(_: Session, pdu: ExtendedServicesRequest, agreed: Agreed) -> tuple[Pdu, ...]:
    said = Diagnosed(condition=Condition.SERVICE, addinfo=pdu.package_type)
    return (
        ExtendedServicesResponse(
            reference_id=pdu.reference_id,
            operation_status=ExtendedStatus.FAILURE,
            diagnostics=(diagnosing.written(said, agreed.version),),
        ),
    )


def _report(_: Session, pdu: ResourceReportRequest, __: Agreed) -> tuple[Pdu, ...]:
    return (
        ResourceReportResponse(reference_id=pdu.reference_id, resource_report_status=_NO_REPORT),
    )


def _trigger(*_: object) -> tuple[Pdu, ...]:
    """Say nothing: the request it is about has been answered, and this one never is (s3.2.6.2)."""
    return ()


_SERVICES: Mapping[type[Any], Callable[[Session, Any, Agreed], tuple[Pdu, ...]]] = {
    SearchRequest: _search,
    PresentRequest: _present,
    ScanRequest: _scan,
    SortRequest: _sort,
    DeleteResultSetRequest: _delete,
    ExtendedServicesRequest: _extended,
    ResourceReportRequest: _report,
    TriggerResourceControlRequest: _trigger,
}
