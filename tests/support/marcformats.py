"""The MARC formats as a file of unknown kind meets them, and what pymarc and YAZ make of the same.

All three are brought to one plain form: text in NFC, without control characters (YAZ gives XML,
which cannot hold them), ligatures as one character over two letters (YAZ) and not as halves (the
standard's other way), so that only real differences are left.
"""

from __future__ import annotations

import io
import subprocess
import unicodedata
import warnings
from collections.abc import Sequence
from typing import Any, cast

import pymarc
from lxml import etree

from crosswalks.errors import FormatError
from crosswalks.formats import iso2709, marcjson, marcxml, mrk, tagged, unimarc
from crosswalks.model import Control, Field, Record

FORMATS: tuple[Any, ...] = (unimarc, marcxml, marcjson, mrk, tagged, iso2709)
"""In the order in which they are tried."""

Plain = list[tuple[Any, ...]]

_LIGATURES = {0xFE20: 0x361, 0xFE21: None, 0xFE22: 0x360, 0xFE23: None}
_PLAIN = {**_LIGATURES, **dict.fromkeys(range(32))}


def format_of(data: bytes) -> Any:
    """Return the first format that the bytes look like, or None."""
    return next((form for form in FORMATS if form.sniff(data)), None)


def records_of(data: bytes, form: Any = None) -> list[Record]:
    """Return the records of a file that can be read, strictly or leniently."""
    form = form or format_of(data)
    found = [readable(piece, form) for _, piece in form.split(io.BytesIO(data))] if form else []
    return [record for record in found if record]


def readable(piece: bytes, form: Any) -> Record | None:
    """Return a record read strictly if it goes, else leniently, else None."""
    for reader in (form.read, lambda data: form.read_leniently(data)[0]):
        try:
            record: Record = reader(piece)
        except FormatError:
            continue
        return record
    return None


def plain(record: Record) -> Plain:
    """Return a record's fields in the form in which they are compared."""
    return [
        (field.tag, _text(field.value))
        if isinstance(field, Control)
        else (field.tag, field.indicators, tuple((c, _text(v)) for c, v in field.subfields))
        for field in record.fields
        if isinstance(field, Control | Field)
    ]


def by_pymarc(data: bytes) -> Plain | None:
    """Return what pymarc makes of one record, None if it refuses."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            record = pymarc.Record(data=data, to_unicode=True, hide_utf8_warnings=True)
        except (pymarc.exceptions.PymarcException, UnicodeError, ValueError, LookupError):
            return None
    return [
        (field.tag, _text(field.data or ""))
        if field.control_field
        else (
            field.tag,
            "".join(field.indicators or ()),
            tuple((part.code, _text(part.value)) for part in field.subfields),
        )
        for field in record.fields
    ]


def by_yaz(records: Sequence[bytes], program: str, encoding: str = "marc8") -> list[Plain]:
    """Return what YAZ makes of records; leader/09 goes before the encoding where it says UTF-8."""
    command = [program, "-i", "marc", "-o", "marcxml", "-f", encoding, "-t", "utf-8", "/dev/stdin"]
    done = subprocess.run(command, input=b"".join(records), capture_output=True, check=False)
    # Control characters that it lets through are left out by the parser.
    if not done.stdout.strip():
        return []
    parser = etree.XMLParser(recover=True, huge_tree=True)
    # Despite its type, lxml gives None where nothing at all could be recovered.
    root = cast(Any, etree.fromstring(done.stdout, parser))
    if root is None:
        return []
    return [
        [_element(field) for field in record.iterchildren("{*}controlfield", "{*}datafield")]
        for record in root.iter("{*}record")
    ]


def _element(element: etree._Element) -> tuple[Any, ...]:
    tag = element.get("tag", "")
    if etree.QName(element).localname != "datafield":
        return tag, _text(element.text or "")
    subfields = tuple((part.get("code"), _text(part.text or "")) for part in element)
    return tag, f"{element.get('ind1')}{element.get('ind2')}", subfields


def _text(value: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", value).translate(_PLAIN))
