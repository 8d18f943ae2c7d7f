"""Whole records of a source whose encoding is known: read in it, repaired, and each repair told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from crosswalks import reading
from crosswalks.encodings import rawmarc
from crosswalks.encodings.model import LEGACY, Encoding
from crosswalks.encodings.repairing import is_unicode, repair
from crosswalks.encodings.stops import USUAL
from crosswalks.formats import table
from crosswalks.model import Control, Element, Field, Problem, RawRecord, Record, Severity

_SAMPLE = 60
_BELOW_SPACE = (Encoding.VISCII, Encoding.VPS)
_ADDRESSES = frozenset("u0123456789")
"""Codes of subfields that hold addresses, numbers and codes."""
_OPENING = (b"<", b"\xef\xbb\xbf<")

Read = tuple[Record | None, tuple[Problem, ...]]
Mend = Callable[[str, str], str]
"""From a field's name and its text to the text as it was meant."""


def read(raw: RawRecord, encoding: Encoding | None) -> Read:
    """Return a record and what was wrong with it, its text not yet repaired.

    Bytes that are not UTF-8 are taken one for one where the encoding is a legacy one.
    """
    if encoding not in LEGACY or is_read_as_ever(raw.body, encoding):
        return reading.read(raw)
    if not raw.body.strip():
        return reading.read(raw)
    if raw.format == table.NAME or raw.body.lstrip().startswith(_OPENING):
        seen = raw.body.decode("latin-1").encode("utf-8")
        return reading.read(replace(raw, body=seen))
    record = rawmarc.read(raw.body)
    return reading.read(raw) if record is None else (record, ())


def texts(record: Record) -> Iterator[str]:
    """Yield the values of a record that may be in a legacy encoding."""
    for field in record.fields:
        yield from _texts(field)


def repair_record(
    record: Record, encoding: Encoding, stops: tuple[float, ...] = USUAL
) -> tuple[Record, tuple[Problem, ...]]:
    """Return a record with its text as it was meant, and the Problem that tells of the repair.

    The same record and no problem if there was nothing to repair: a text that would make sense
    either way is changed only beside one that does not as it came.
    """
    values = list(texts(record))
    is_mixed = any(map(is_unicode, values)) or not any(
        repair(text, encoding, is_mixed=True).changed for text in values
    )
    repairs: list[tuple[str, str]] = []

    def mend(name: str, text: str) -> str:
        repaired = repair(text, encoding, is_mixed=is_mixed, stops=stops)
        if repaired.changed:
            repairs.append((name, text))
        return repaired.text

    fields = tuple([_mended(field, mend) for field in record.fields])
    if not repairs:
        return record, ()
    name, sample = repairs[0]
    return replace(record, fields=fields), (_told(encoding, name, sample, len(repairs)),)


def _told(encoding: Encoding, field: str, sample: str, count: int) -> Problem:
    return Problem(
        code="repaired-encoding",
        severity=Severity.INFO,
        field=field,
        sample=sample[:_SAMPLE],
        detail=f"{encoding}: {count}",
    )


def is_read_as_ever(data: bytes, encoding: Encoding | None) -> bool:
    """Tell whether bytes are UTF-8, so that what is to be repaired is in their text."""
    # Letters of VISCII and VPS may all be ASCII's control characters, delimiters among them.
    return _is_utf8(data) and not (encoding in _BELOW_SPACE and data.isascii())


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _texts(field: Control | Field | Element) -> Iterator[str]:
    if isinstance(field, Field):
        yield from (text for code, text in field.subfields if code not in _ADDRESSES)
    elif isinstance(field, Control):
        if not _is_coded(field):
            yield field.value
    else:
        yield field.text
        for child in field.children:
            yield from _texts(child)


def _mended(field: Control | Field | Element, mend: Mend) -> Control | Field | Element:
    if isinstance(field, Field):
        return field._replace(
            subfields=tuple(
                [
                    (code, text if code in _ADDRESSES else mend(field.tag, text))
                    for code, text in field.subfields
                ]
            )
        )
    if isinstance(field, Control):
        return field if _is_coded(field) else field._replace(value=mend(*field))
    return _mended_element(field, mend)


def _mended_element(element: Element, mend: Mend) -> Element:
    children = tuple([_mended_element(child, mend) for child in element.children])
    return element._replace(text=mend(element.name, element.text), children=children)


def _is_coded(field: Control) -> bool:
    return field.tag.startswith("00")
