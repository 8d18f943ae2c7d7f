"""Present: records of a result, as many as an answer holds (Z39.50 s3.2.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from protocols.z3950 import diagnosing
from protocols.z3950.diagnosing import Diagnosed
from protocols.z3950.values.common import PresentStatus
from protocols.z3950.values.records import NamePlusRecord, Records, ResponseRecords
from protocols.z3950.values.searches import PresentRequest, PresentResponse
from provider.z3950 import forms
from provider.z3950.forms import How
from provider.z3950.model import Condition, Refused
from provider.z3950.opening import Agreed
from provider.z3950.results import Result, Results
from provider.z3950.room import Made, Room

_STEP = 100
_ENVELOPE = 48
"""Bytes around a record in an answer, and around a diagnostic in place of one."""


class Presented(NamedTuple):
    """Records for an answer, and where to go on."""

    records: Records
    given: int
    following: int
    status: PresentStatus

    @classmethod
    def none(cls, said: Diagnosed, agreed: Agreed) -> Presented:
        """Return that no record comes, and why."""
        told = diagnosing.response((said,), agreed.version)
        return cls(told, 0, 1, PresentStatus.FAILURE)


def present(room: Room, results: Results, pdu: PresentRequest, agreed: Agreed) -> PresentResponse:
    """Return the answer with the records asked for, or those of them that it has room for.

    Raises Refused, QueryError or CatalogueError. Further ranges are left out of account.
    """
    result = results.get(pdu.result_set_id)
    start, count = pdu.result_set_start_point, pdu.number_of_records_requested
    how = forms.how(pdu.record_composition, pdu.preferred_record_syntax, marc8=result.marc8)
    # The whole request fails, as with other servers, rather than the part that lies outside.
    if start < 1 or count < 0 or start + count - 1 > result.total:
        raise Refused(Condition.OUT_OF_RANGE, f"{start}+{count}/{result.total}")
    found = records(room, result, (start, count), how, agreed)
    results.weigh(pdu.result_set_id)
    return PresentResponse(
        reference_id=pdu.reference_id,
        number_of_records_returned=found.given,
        next_result_set_position=found.following,
        present_status=found.status,
        records=found.records,
    )


def records(
    room: Room, result: Result, asked: tuple[int, int], how: How, agreed: Agreed
) -> Presented:
    """Return so many records from a position on; it and they are in the result.

    A record that is too large for an answer has a diagnostic in its place: one that would come by
    itself 16, one that never can 17.
    """
    start, count = asked
    if count and start > room.limits.depth:
        raise Refused(Condition.TOO_MANY, room.limits.depth)
    given: list[NamePlusRecord] = []
    taken = 0
    for made in _each(room, result, asked, how):
        record, size = _fitting(made, result, agreed, is_alone=count == 1)
        taken += size + _ENVELOPE
        if given and (taken > agreed.preferred or len(given) >= room.limits.page):
            break
        given.append(record)
    following = start + len(given)
    return Presented(
        ResponseRecords(tuple(given)),
        len(given),
        following if following <= result.total else 0,
        PresentStatus.SUCCESS if len(given) == count else PresentStatus.PARTIAL_2,
    )


def _each(room: Room, result: Result, asked: tuple[int, int], how: How) -> Iterator[Made]:
    """Yield the records in this form, a few at a time: who knows how many there is room for."""
    start, count = asked
    end = min(start + count - 1, room.limits.depth)
    while start <= end:
        last = min(start + _STEP - 1, end)
        result.reach(room.lookup, last, room.limits)
        ids = result.ids[start - 1 : last]
        yield from room.records(ids, how, result.database)
        # What was deleted before it was ever seen has left its position to nobody.
        for _ in range(last - start + 1 - len(ids)):
            yield Made(None, Refused(Condition.DELETED), 0)
        start = last + 1


def _fitting(
    made: Made, result: Result, agreed: Agreed, *, is_alone: bool
) -> tuple[NamePlusRecord, int]:
    """Return a record, or the diagnostic in its place, and the bytes it takes."""
    said = made.refused.said if made.refused else None
    if made.size > agreed.exceptional:
        said = Diagnosed(condition=Condition.EXCEPTIONAL_EXCEEDED)
    elif made.size > agreed.preferred and not is_alone:
        said = Diagnosed(condition=Condition.PREFERRED_EXCEEDED)
    if said is None and made.record is not None:
        return made.record, made.size
    said = said or Diagnosed(condition=Condition.DELETED)
    return diagnosing.surrogate(said, result.database or None, agreed.version), len(said.addinfo)


def failed(pdu: PresentRequest, said: Diagnosed, agreed: Agreed) -> PresentResponse:
    """Return the answer to a request that cannot be carried out."""
    return PresentResponse(
        reference_id=pdu.reference_id,
        number_of_records_returned=0,
        next_result_set_position=0,
        present_status=PresentStatus.FAILURE,
        records=diagnosing.response((said,), agreed.version),
    )
