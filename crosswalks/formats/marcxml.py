"""MARCXML, read under any prefix or wrong namespace, written as MARC21slim.xsd wants it.

Reading changes no text. What the schema cannot express (control fields with other tags than 00X,
strange indicators or subfield codes) is written as the nearest thing that it can.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import IO

from lxml import etree

from crosswalks.errors import FormatError
from crosswalks.formats import leader as leaders
from crosswalks.formats import xmlfile
from crosswalks.formats.marcxml_common import read_common
from crosswalks.formats.unimarc_signs import is_unimarc
from crosswalks.formats.xml import descendants, escape, legal_bytes, local_name, parse
from crosswalks.formats.xml import parse_leniently as parse_xml_leniently
from crosswalks.model import Control, Field, Problem, Record, Schema, Severity, Subfield

NAME = "marcxml"
NAMESPACE = "http://www.loc.gov/MARC21/slim"
NAMES: tuple[str, ...] = (
    NAMESPACE,
    "http://www.loc.gov/MARC21/slim/",
    "info:lc/xmlns/marcxchange-v1",
    "info:lc/xmlns/marcxchange-v2",
    "marcxml",
    "marc21",
)
SCHEMA = Schema.MARC21
OPENING = f'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="{NAMESPACE}">\n'.encode()
BETWEEN = b"\n"
CLOSING = b"\n</collection>\n"

_RECORD = re.compile(rb"<(?:[\w.-]+:)?(?:record|collection)[\s>/]")
_INSIDE = re.compile(rb"<(?:[\w.-]+:)?(?:leader|controlfield|datafield)[\s>/]")
_CONTROL_TAG = re.compile("00[1-9A-Za-z]")
_DATA_TAG = re.compile(
    "0[1-9A-Z][0-9A-Z]|0[1-9a-z][0-9a-z]|[1-9A-Z][0-9A-Z]{2}|[1-9a-z][0-9a-z]{2}"
)
_INDICATOR = re.compile("[0-9a-z ]")
_CODE = re.compile(r"[!-~]")
_UNKNOWN_CODES = "@|"
_CODES: dict[str | None, str] = {chr(code): chr(code) for code in range(33, 127)}
_kind: Callable[[object], str] = lru_cache(maxsize=256)(local_name)
_OPEN = f'<record xmlns="{NAMESPACE}"><leader>'


def sniff(data: bytes) -> bool:
    """Tell whether the bytes look like a MARCXML record, and not like UNIMARC in the same form."""
    head = data[:4096]
    if not _INSIDE.search(head) and not (NAMESPACE.encode() in head and _RECORD.search(head)):
        return False
    return b'"245"' in head or not is_unimarc(data)


def split(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield (offset, bytes) for each record of a collection, or of an answer that wraps it."""
    return xmlfile.split(stream, "record")


def read(data: bytes) -> Record:
    """Return the one record in a document; raise FormatError if there is any doubt about it."""
    return read_common(data) or read_element(_only_record(parse(data, NAME)))


def read_leniently(data: bytes) -> tuple[Record, tuple[Problem, ...]]:
    """Return what can be read of a damaged record, and what had to be overlooked for it."""
    root, problems = parse_xml_leniently(data, NAME)
    element = next(descendants(root, "record"), root)
    mended = tuple(_mend(element))
    return read_element(element), (*problems, *mended)


def read_element(element: etree._Element) -> Record:
    """Return a ``record`` element's content as it stands; raise FormatError for missing parts."""
    leader = ""
    fields: list[Control | Field] = []
    for child in element:
        kind = _kind(child.tag)
        if kind == "datafield":
            fields.append(_read_data(child))
        elif kind == "controlfield":
            fields.append(Control(_required(child, "tag"), _text(child)))
        elif kind == "leader":
            leader = _text(child)
    if not fields and not leader:
        raise FormatError(schema=NAME, reason="a record without leader and fields")
    return Record(schema=Schema.MARC21, leader=leader, fields=tuple(fields))


def write(record: Record) -> bytes:
    """Return the record as one ``record`` element, without XML declaration, in UTF-8."""
    controls: list[str] = []
    data: list[str] = []
    for field in record.fields:
        if isinstance(field, Field):
            data.append(_write_data(field.tag, field.indicators, field.subfields))
        elif isinstance(field, Control) and _CONTROL_TAG.fullmatch(field.tag):
            controls.append(_write_control(field))
        elif isinstance(field, Control):
            data.append(_write_data(field.tag, "  ", (("a", field.value),)))
    leader = leaders.valid(record.leader or leaders.DEFAULT)
    body = "".join(controls) + "".join(data)
    return legal_bytes(f"{_OPEN}{leader}</leader>{body}</record>")


def _only_record(root: etree._Element) -> etree._Element:
    records = list(descendants(root, "record"))
    if len(records) != 1:
        raise FormatError(schema=NAME, reason=f"{len(records)} records where one was expected")
    return records[0]


def _read_data(element: etree._Element) -> Field:
    get = element.get
    tag, indicators = get("tag"), (get("ind1") or " ") + (get("ind2") or " ")
    try:
        subfields = [(_CODES[sub.get("code")], sub.text or "") for sub in element if not len(sub)]
    except KeyError:
        subfields = []
    if not tag or len(indicators) != 2 or not subfields or len(subfields) != len(element):  # noqa: PLR2004
        return _read_data_carefully(element, indicators)
    return Field(tag, indicators, tuple(subfields))


def _read_data_carefully(element: etree._Element, indicators: str) -> Field:
    """Read a field that is out of the common: comments in it, no subfields, strange codes."""
    if len(indicators) != 2:  # noqa: PLR2004 - MARC 21 has two
        raise FormatError(schema=NAME, reason=f"indicators {indicators!r}")
    subfields = [(_code(child), _text(child)) for child in element if _kind(child.tag)]
    return Field(_required(element, "tag"), indicators, tuple(subfields))


def _code(element: etree._Element) -> str:
    code = element.get("code")
    if code is None or len(code) != 1:
        raise FormatError(schema=NAME, reason=f"a subfield with the code {code!r}")
    return code


def _required(element: etree._Element, name: str) -> str:
    value = element.get(name)
    if not value:
        raise FormatError(schema=NAME, reason=f"a {local_name(element.tag)} without {name}")
    return value


def _text(element: etree._Element) -> str:
    return "".join(element.itertext(etree.Element)) if len(element) else element.text or ""


def _mend(record: etree._Element) -> list[Problem]:
    """Give missing tags, indicators and codes a stand-in, so that their text is not lost."""
    problems = []
    for element in record.iter(etree.Element):
        for name, length, stand_in in _ATTRIBUTES.get(local_name(element.tag), ()):
            found = element.get(name) or ""
            if len(found) != length and (found or stand_in != " "):
                element.set(name, found[:length].ljust(length, stand_in))
                sample = (
                    f'{local_name(element.tag)} {name}="{found}" {(element.text or "").strip()}'
                )
                problems.append(_bad_structure(name, sample[:60]))
    return problems


_ATTRIBUTES = {
    "controlfield": (("tag", 3, "9"),),
    "datafield": (("tag", 3, "9"), ("ind1", 1, " "), ("ind2", 1, " ")),
    "subfield": (("code", 1, "?"),),
}


def _bad_structure(name: str, sample: str) -> Problem:
    return Problem(
        code="bad-structure",
        severity=Severity.WARNING,
        sample=sample,
        detail=f"missing or bad {name}",
    )


def _write_control(field: Control) -> str:
    return f'<controlfield tag="{field.tag}">{escape(field.value)}</controlfield>'


def _write_data(tag: str, indicators: str, subfields: tuple[Subfield, ...]) -> str:
    start = _start(tag, indicators)
    if not start or not subfields:
        return ""
    inner = [f"{_subfield(code)}{escape(value)}</subfield>" for code, value in subfields]
    return f"{start}{''.join(inner)}</datafield>"


@lru_cache(maxsize=8192)
def _start(tag: str, indicators: str) -> str:
    """Return a start tag; empty where no valid MARCXML could name such a field."""
    if not _DATA_TAG.fullmatch(tag):
        return ""
    first, second = (char if _INDICATOR.fullmatch(char) else " " for char in f"{indicators:2.2}")
    return f'<datafield tag="{tag}" ind1="{first}" ind2="{second}">'


@lru_cache(maxsize=1024)
def _subfield(code: str) -> str:
    """Return a start tag; a code that MARCXML cannot express becomes the first of the text."""
    if _CODE.fullmatch(code) and code not in _UNKNOWN_CODES:
        return f'<subfield code="{escape(code)}">'
    return f'<subfield code="?">{escape(code)}'
