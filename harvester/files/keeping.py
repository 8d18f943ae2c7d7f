"""The records of one page with the bytes they were delivered in, as the bytes of the page.

The first line is ``lienthong-records 1``. Then each record has a line of JSON (what it is called,
where it stood, how many bytes it has) and its bytes as they came, followed by a line feed. So a
page of a large file is kept and read again like any answer of a server.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from crosswalks.model import Page, Problem, RawRecord, Severity
from harvester.errors import PageBroken
from harvester.files.model import Cut

MAGIC = b"lienthong-records 1\n"
_MOST_RECORDS = 250
"""Of a page."""
_MOST_BYTES = 1 << 20
_written = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class Placed:
    """A record, and where it stood: file, member of the archive, byte or row."""

    cut: Cut
    place: str


@dataclass(slots=True)
class Batch:
    """The records of a page to come, and what is to be told with it."""

    placed: list[Placed] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    bytes: int = 0

    def add(self, placed: Placed) -> None:
        """Put a record behind the others."""
        self.placed.append(placed)
        self.bytes += len(placed.cut.body)

    @property
    def is_full(self) -> bool:
        """Tell whether a page is made of it now."""
        return len(self.placed) >= _MOST_RECORDS or self.bytes >= _MOST_BYTES


def pack(placed: Iterable[Placed]) -> bytes:
    """Return the bytes of a page."""
    return MAGIC + b"".join(map(_packed, placed))


def unpack(raw: bytes, number: int, url: str) -> tuple[RawRecord, ...]:
    """Return the records of a page; raise PageBroken where the bytes are none."""
    if not raw.startswith(MAGIC):
        raise PageBroken(page=number, url=url, offset=0, reason="it is no page of records")
    records: list[RawRecord] = []
    start = len(MAGIC)
    while start < len(raw):
        try:
            end = raw.index(b"\n", start)
            told: dict[str, Any] = json.loads(raw[start:end])
            size = told["bytes"]
            record = _record(told, raw[end + 1 : end + 1 + size], len(records))
        except (ValueError, KeyError, TypeError) as error:
            raise PageBroken(page=number, url=url, offset=start, reason=str(error)) from error
        start = end + 1 + size + 1
        if start > len(raw):
            raise PageBroken(page=number, url=url, offset=len(raw), reason="it is cut short")
        records.append(record)
    return tuple(records)


def again(raw: bytes, number: int, url: str) -> Page:
    """Return a page that was kept, with the records as they came.

    Its checkpoint is empty and it is never the last. Raises PageBroken where the bytes are no page
    of records.
    """
    return Page(
        number=number,
        url=url,
        records=unpack(raw, number, url),
        next_checkpoint={},
        raw=raw,
        last=False,
    )


def record_of(cut: Cut, position: int) -> RawRecord:
    """Return the record as the catalogue takes it."""
    return RawRecord(
        identifier=cut.identifier,
        deleted=cut.deleted,
        format=cut.format,
        body=b"" if cut.deleted else cut.body,
        position=position,
        problems=cut.problems,
    )


def _record(told: dict[str, Any], body: bytes, position: int) -> RawRecord:
    problems = tuple(
        Problem(code=code, severity=Severity(severity), field=field, sample=sample, detail=detail)
        for code, severity, field, sample, detail in told.get("problems", ())
    )
    return RawRecord(
        identifier=told["identifier"],
        deleted=told.get("deleted", False),
        format=told.get("format", ""),
        body=b"" if told.get("deleted") else body,
        position=position,
        problems=problems,
    )


def _packed(placed: Placed) -> bytes:
    cut = placed.cut
    told: dict[str, Any] = {"identifier": cut.identifier, "place": placed.place}
    if cut.format:
        told["format"] = cut.format
    if cut.deleted:
        told["deleted"] = True
    if cut.problems:
        told["problems"] = [
            [each.code, each.severity, each.field, each.sample, each.detail]
            for each in cut.problems
        ]
    told["bytes"] = len(cut.body)
    head = _written(told).encode("utf-8", "surrogatepass")
    return b"".join((head, b"\n", cut.body, b"\n"))
