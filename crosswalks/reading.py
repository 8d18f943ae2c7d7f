"""From bytes as delivered to a Record: strictly if it goes, leniently if it must, never silently.

One bad record never stops a run, so nothing here raises: what went wrong is a Problem.
"""

from __future__ import annotations

from crosswalks import formats
from crosswalks.errors import FormatError
from crosswalks.model import DAMAGED, Problem, RawRecord, Record, Severity

_SAMPLE = 80


def read(raw: RawRecord) -> tuple[Record | None, tuple[Problem, ...]]:
    """Return the record and what was wrong with it; None and an error-level Problem if unreadable.

    A deleted record without a body is neither read nor wrong. What was wrong with how it came is
    told first.
    """
    if any(problem.severity is Severity.ERROR for problem in raw.problems):
        return None, raw.problems
    if raw.format == DAMAGED:
        # Also when it is read again later, from what was stored of it.
        return None, (_error("damaged-record", raw.body, "it was cut out of a broken answer"),)
    record, problems = _read(raw)
    return record, (*raw.problems, *problems)


def _read(raw: RawRecord) -> tuple[Record | None, tuple[Problem, ...]]:
    if not raw.body.strip():
        return None, () if raw.deleted else (
            _error("empty-record", raw.body, "there is nothing in it"),
        )
    try:
        form = formats.find(raw)
    except FormatError as error:
        return None, (_error("unknown-format", raw.body, error.reason),)
    return read_as(form, raw.body)


def read_as(form: formats.Readable, data: bytes) -> tuple[Record | None, tuple[Problem, ...]]:
    """Return the record in bytes of a known format and what was wrong, as ``read`` does."""
    try:
        return form.read(data), ()
    except FormatError as strict:
        reason = f"{strict.reason} (byte {strict.position})"
    try:
        record, problems = form.read_leniently(data)
    except FormatError:
        return None, (_error("unreadable", data, reason),)
    return record, problems or (_overlooked(form.NAME, reason),)


def _overlooked(schema: str, reason: str) -> Problem:
    """Return the Problem of a record that only the lenient reader took, with no more to say."""
    return Problem(
        code="read-leniently", severity=Severity.WARNING, detail=f"not strictly {schema}: {reason}"
    )


def _error(code: str, data: bytes, detail: str) -> Problem:
    sample = data[:_SAMPLE].decode("utf-8", "replace")
    return Problem(code=code, severity=Severity.ERROR, sample=sample, detail=detail)
