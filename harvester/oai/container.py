"""Records that were asked for one by one, with all the answers, as the bytes of one page.

The first line is ``lienthong-answers 1``. Then each record has a line of JSON (its header's values,
how many bytes its answer has, the error that came instead of one) and the answer's bytes as they
came, followed by a line feed; a deletion has no answer, its header has said all. So a page of many
answers is kept and read again like any other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from crosswalks.model import Problem, RawRecord, Severity
from harvester.errors import HarvestError, PageBroken
from harvester.model import Answer, Header
from harvester.oai.mending import read_answer
from harvester.oai.records import read_records
from protocols.oai import Verb

MAGIC = b"lienthong-answers 1\n"


class Given(NamedTuple):
    """What came of asking for one record."""

    header: Header
    answer: bytes = b""
    failure: str = ""
    """Why there is no answer, in words."""


def pack(all_given: Sequence[Given]) -> bytes:
    """Return the bytes of a page."""
    return MAGIC + b"".join(map(_packed, all_given))


def is_packed(raw: bytes) -> bool:
    """Tell whether a page's bytes are such a page."""
    return raw.startswith(MAGIC)


def unpack(raw: bytes, number: int, url: str) -> Iterator[Given]:
    """Yield what was packed; raise PageBroken where bytes are missing."""
    start = len(MAGIC)
    while start < len(raw):
        try:
            end = raw.index(b"\n", start)
            told: dict[str, Any] = json.loads(raw[start:end])
            size = told.pop("bytes")
            failure = told.pop("failure")
            header = Header(**told | {"sets": tuple(told["sets"])})
        except (ValueError, KeyError, TypeError) as error:
            raise PageBroken(page=number, url=url, offset=start, reason=str(error)) from error
        answer = raw[end + 1 : end + 1 + size]
        start = end + 1 + size + 1
        if start > len(raw):
            raise PageBroken(page=number, url=url, offset=len(raw), reason="it is cut short")
        yield Given(header, answer, failure)


def record_of(given: Given, position: int, url: str) -> RawRecord:
    """Return the record as it came; with an error-level problem where it did not."""
    header = given.header
    bare = RawRecord(
        identifier=header.identifier,
        datestamp=header.datestamp,
        sets=header.sets,
        deleted=header.deleted,
        position=position,
    )
    if header.deleted:
        return bare
    if given.failure:
        return _refused(bare, given.failure)
    try:
        return _read(given, bare, url)
    except HarvestError as error:
        return _refused(bare, str(error))


def _read(given: Given, bare: RawRecord, url: str) -> RawRecord:
    answer = Answer(url=url, status=200, headers={}, body=given.answer)
    records, problems = read_records(read_answer(answer, 1, Verb.GET_RECORD))
    if len(records) != 1:
        return _refused(bare, f"the answer holds {len(records)} records")
    [record] = records
    problems = (*record.problems, *problems)
    if record.identifier != bare.identifier:
        problem = Problem(
            code="other-identifier",
            severity=Severity.WARNING,
            sample=record.identifier,
            detail="the server gave this identifier when it was asked for another",
        )
        problems = (*problems, problem)
    return replace(
        record,
        identifier=bare.identifier,
        datestamp=record.datestamp or bare.datestamp,
        position=bare.position,
        problems=problems,
    )


def _refused(record: RawRecord, why: str) -> RawRecord:
    problem = Problem(code="record-not-given", severity=Severity.ERROR, detail=why)
    return replace(record, problems=(problem,))


def _packed(given: Given) -> bytes:
    told = given.header._asdict() | {"bytes": len(given.answer), "failure": given.failure}
    return json.dumps(told, ensure_ascii=False).encode() + b"\n" + given.answer + b"\n"
