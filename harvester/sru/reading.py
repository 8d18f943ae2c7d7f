"""Answers of SRU servers read as they come: any version, any prefix, namespaces seldom right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy

from lxml import etree

from crosswalks.errors import Said
from crosswalks.formats.xml import descendants, local_name, safe_parser
from harvester.sru.model import Answered, Diagnostic, Explained, Listed, SruRecord

_NUMBER = re.compile(r"([0-9]+)\s*$")
_DIGITS = re.compile(r"[0-9]{1,15}")
"""A number that somebody means: what is longer is none."""
_DIAGNOSTICS = "diagnostics"
_VERSION_2 = "docs.oasis-open.org"


class NotSru(Exception):
    """An answer that is none, and why."""


def root_of(body: bytes, wanted: str) -> etree._Element:
    """Return the root of an answer, which has this name; raise NotSru."""
    try:
        root = etree.fromstring(body, safe_parser(huge_tree=True))
    except etree.XMLSyntaxError as error:
        raise NotSru(str(error)) from error
    name = local_name(root.tag)
    if name == wanted:
        return root
    inside = next(descendants(root, wanted), None)
    if inside is not None:
        # Of SOAP, which some servers answer by whatever was asked.
        return inside
    if name == _DIAGNOSTICS or any(True for _ in descendants(root, "diagnostic")):
        return root
    raise NotSru(Said("the answer is called {name}", {"name": name[:80]}))


def version_of(root: etree._Element) -> str:
    """Return the version that an answer is in, empty where it does not tell."""
    if _VERSION_2 in str(etree.QName(root).namespace or ""):
        return "2.0"
    return _text(root, "version")


def answered(root: etree._Element, start: int) -> Answered:
    """Return what an answer to searchRetrieve has; its first record is number ``start``."""
    hits = _number(_text(root, "numberOfRecords"))
    listed = next((each for each in root if local_name(each.tag) == "records"), ())
    rows = [each for each in listed if local_name(each.tag) == "record"]
    records = tuple(_record(row, start + place) for place, row in enumerate(rows))
    return Answered(hits, records, tuple(diagnostics(root)))


def listed(root: etree._Element) -> tuple[tuple[Listed, ...], tuple[Diagnostic, ...]]:
    """Return the terms of an answer to scan, and what was wrong."""
    terms = []
    for each in descendants(root, "term"):
        count = _text(each, "numberOfRecords")
        known = _number(count) if _DIGITS.fullmatch(count) else None
        terms.append(Listed(_text(each, "value"), known))
    return tuple(terms), tuple(diagnostics(root))


def explained(root: etree._Element) -> Explained:
    """Return what a server says of itself."""
    record = _inside(root)
    schemas = {}
    for each in descendants(record, "schema"):
        name, uri = each.get("name", ""), each.get("identifier", "")
        if name and each.get("retrieve", "true") != "false":
            schemas[uri or name] = name
    return Explained(
        version=version_of(root),
        name=_first(record, "title"),
        software=_software(record),
        schemas=schemas,
        indexes=frozenset(_indexes(record)),
        most=_most(record),
        scans=_scans(record),
    )


def _record(row: etree._Element, position: int) -> SruRecord:
    schema = _text(row, "recordSchema")
    data = next((each for each in row if local_name(each.tag) == "recordData"), None)
    # What it says of the position is not asked: some count from 1 on each page.
    said = next(diagnostics(data), None) if data is not None else None
    if said is not None:
        return SruRecord(position, schema, b"", said=said)
    return SruRecord(position, schema, _body(data), _text(row, "recordIdentifier"))


def _body(data: etree._Element | None) -> bytes:
    """Return a record's XML, be it packed as XML or as the text of XML."""
    if data is None:
        return b""
    for child in data:
        if isinstance(child.tag, str):
            # Without the names that the answer gives to its own namespaces: they differ by server.
            alone = deepcopy(child)
            alone.tail = None
            etree.cleanup_namespaces(alone)
            return bytes(etree.tostring(alone, encoding="unicode").encode())
    return (data.text or "").strip().encode()


def _inside(root: etree._Element) -> etree._Element:
    """Return the ZeeRex record, which may be packed as text."""
    data = next(descendants(root, "recordData"), None)
    if data is None or len(data):
        return root
    try:
        return etree.fromstring(_body(data), safe_parser())
    except etree.XMLSyntaxError:
        return root


def _indexes(record: etree._Element) -> Iterator[str]:
    for index in descendants(record, "index"):
        for name in descendants(index, "name"):
            # A server that lists its indexes by sets of its own may name them bare.
            text = (name.text or "").strip().lower()
            of = name.get("set", "").lower()
            yield f"{of}.{text}" if of and "." not in text else text


def _software(record: etree._Element) -> str:
    for info in descendants(record, "implementation"):
        found = [_first(info, "title"), info.get("identifier", ""), info.get("version", "")]
        return " ".join(filter(None, found))
    return ""


def _most(record: etree._Element) -> int:
    for each in (*descendants(record, "setting"), *descendants(record, "default")):
        if each.get("type") == "maximumRecords" and local_name(each.tag) == "setting":
            return _number((each.text or "").strip())
    return 0


def _scans(record: etree._Element) -> bool:
    """Tell whether a server that says which indexes it scans names any."""
    told = [each.get("scan") for each in descendants(record, "index")]
    return not told or any(each != "false" for each in told)


def diagnostics(root: etree._Element) -> Iterator[Diagnostic]:
    """Yield what an answer, or what stands in place of a record, says is wrong."""
    if local_name(root.tag) not in ("recordData", _DIAGNOSTICS):
        inside = [each for each in root if local_name(each.tag) in (_DIAGNOSTICS, "diagnostic")]
    else:
        inside = [root]
    for part in inside:
        for each in descendants(part, "diagnostic"):
            yield _diagnostic(each)


def _diagnostic(each: etree._Element) -> Diagnostic:
    found = _NUMBER.search(_text(each, "uri") or _text(each, "code"))
    number = _number(found[1]) if found else 0
    return Diagnostic(number, _text(each, "message"), _text(each, "details"))


def _text(parent: etree._Element, name: str) -> str:
    for each in parent:
        if local_name(each.tag) == name:
            return (each.text or "").strip()
    return ""


def _first(parent: etree._Element, name: str) -> str:
    found = next(descendants(parent, name), None)
    return "" if found is None else (found.text or "").strip()


def _number(text: str) -> int:
    return int(text) if _DIGITS.fullmatch(text) else 0
