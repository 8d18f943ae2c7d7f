"""A file of chosen records, for the library's own system to read: added to, never spoilt.

Each record is in it once. It is written beside the old one and then put in its place, so a full
disk or a power failure leaves what was there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path

from lxml import etree

from crosswalks.errors import CrosswalkError
from crosswalks.formats import iso2709, marcxml
from crosswalks.formats.xml import descendants, safe_parser
from crosswalks.model import Record
from hub.errors import BasketUnreadable
from hub.filing import outgoing

_COLLECTION = b'<collection xmlns="http://www.loc.gov/MARC21/slim">\n'
_HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n'


class BasketFormat(StrEnum):
    """How records stand in the file."""

    MARC = "marc"
    """ISO 2709 in UTF-8."""
    MARCXML = "marcxml"


def put(path: Path, records: Iterable[Record], form: BasketFormat) -> tuple[int, int]:
    """Add records to a basket, which may not exist yet; return how many were new, and how many all.

    Raises BasketUnreadable where there is a file that is no such basket.
    """
    write = iso2709.write if form is BasketFormat.MARC else marcxml.write
    held = dict.fromkeys(_held(path, form)) if path.exists() else {}
    before = len(held)
    held |= dict.fromkeys(write(each) for each in records)
    body = b"".join(held)
    if form is BasketFormat.MARCXML:
        body = _HEAD + _COLLECTION + b"".join(each + b"\n" for each in held) + b"</collection>\n"
    try:
        with outgoing(str(path)) as file:
            file.write(body)
    except OSError as error:
        raise BasketUnreadable(path=path, reason=str(error)) from error
    return len(held) - before, len(held)


def _held(path: Path, form: BasketFormat) -> Iterator[bytes]:
    try:
        if form is BasketFormat.MARCXML:
            yield from _rows(path)
            return
        with path.open("rb") as file:
            for _, data in iso2709.split(file):
                iso2709.read(data)
                yield data
    except (OSError, CrosswalkError, etree.XMLSyntaxError) as error:
        raise BasketUnreadable(path=path, reason=str(error)) from error


def _rows(path: Path) -> Iterator[bytes]:
    root = etree.fromstring(path.read_bytes(), safe_parser())
    for row in descendants(root, "record"):
        yield marcxml.write(marcxml.read(etree.tostring(row)))
