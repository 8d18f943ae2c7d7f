"""What every XML format shares: a strict parser, a lenient one, and always legal writing.

No parser here follows a document type, an entity or the network (XXE, billion laughs).
"""

from __future__ import annotations

import codecs
import re
import threading
from collections.abc import Iterator
from typing import Any, NamedTuple

from lxml import etree

from crosswalks.errors import FormatError
from crosswalks.formats import xmlmend
from crosswalks.model import Problem, Severity

XSI = "http://www.w3.org/2001/XMLSchema-instance"

_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*?\?>")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_PLAIN = re.compile(rb"<[^?!\0]")
_DOCTYPE = b"<!DOCTYPE"
_CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 13))
_NONCHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_SAMPLE = 60


class Lenient(NamedTuple):
    """What a lenient parse found: a tree, and everything that had to be changed to get it."""

    root: etree._Element
    problems: tuple[Problem, ...]


def parse(data: bytes, schema: str) -> etree._Element:
    """Return the root of a well-formed document without a document type, or raise FormatError."""
    try:
        root = etree.fromstring(data, _PARSERS.strict)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FormatError(
            schema=schema, reason=str(error), position=_offset(data, error)
        ) from error
    # Quick: without a declaration the bytes are UTF-8, where a document type cannot hide.
    is_plain = _PLAIN.match(data) and _DOCTYPE not in data
    return root if is_plain else _without_doctype(root, schema)


def parse_leniently(data: bytes, schema: str) -> Lenient:
    """Return a tree from a damaged document and what was overlooked, or raise FormatError."""
    text, problems = _legal_text(data)
    text = _with_characters(text, problems)
    try:
        return Lenient(parse(text.encode(), schema), tuple(problems))
    except FormatError as error:
        # lxml knows undeclared prefixes only as a syntax error.
        text = _with_namespaces(text, problems)
        problems += _unless_mended(text, schema, error)
    clean = xmlmend.escape_ampersands(text).encode()
    try:
        root = etree.fromstring(clean, _PARSERS.lenient)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FormatError(schema=schema, reason=str(error)) from error
    # Despite its type, lxml gives None where nothing at all could be recovered.
    if not isinstance(root, etree._Element):  # noqa: SLF001 - the public name of the type
        raise FormatError(schema=schema, reason="no element in it")
    return Lenient(_without_doctype(root, schema), tuple(problems))


def escape(text: str) -> str:
    """Return text for element content or a quoted attribute; ``legal_bytes`` does the rest."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    return text.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def legal_bytes(markup: str) -> bytes:
    """Return finished markup as UTF-8 without the characters XML 1.0 cannot hold (s2.2)."""
    # A bare CR would come back as LF (XML 1.0 s2.11).
    data = markup.replace("\r", "&#13;").encode("utf-8", "ignore").translate(None, _CONTROLS)
    for noncharacter in () if markup.isascii() else _NONCHARACTERS:
        data = data.replace(noncharacter, b"")
    return data


def local_name(tag: object) -> str:
    """Return a tag without its namespace; empty for comments and processing instructions."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def descendants(root: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the elements with this local name, whatever their namespace, the root included."""
    return (element for element in root.iter(f"{{*}}{name}"))


def safe_parser(**options: Any) -> etree.XMLParser:
    """Return a parser that reads nothing but the bytes it is given, with other options of lxml's.

    Whatever a document declares: no entity is expanded, no file and no address is opened.
    """
    parser: etree.XMLParser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, **options
    )
    return parser


def standing_alone(data: bytes) -> bytes | None:
    """Return one element's bytes as they can stand within another document in UTF-8.

    Without a declaration of XML; None for what is not well-formed or has a document type.
    """
    try:
        root = parse(data, "xml")
    except FormatError:
        return None
    plain = data.strip()
    if _PLAIN.match(plain):
        return plain
    return etree.tostring(root, encoding="utf-8")


class _Parsers(threading.local):
    """Each thread's own parsers: making one costs as much as reading a small record."""

    def __init__(self) -> None:
        self.strict = safe_parser()
        self.lenient = safe_parser(recover=True)


_PARSERS = _Parsers()


def _without_doctype(root: etree._Element, schema: str) -> etree._Element:
    if root.getroottree().docinfo.internalDTD is not None:
        raise FormatError(schema=schema, reason="a document type (DOCTYPE) is not accepted")
    return root


def _legal_text(data: bytes) -> tuple[str, list[Problem]]:
    problems = []
    body = _DECLARATION.sub(b"", data.removeprefix(codecs.BOM_UTF8), count=1)
    try:
        text = body.decode(_declared_encoding(data))
    except (UnicodeDecodeError, LookupError) as error:
        text = body.decode("utf-8", "replace")
        problems.append(_problem("bad-encoding", _around_error(body, error), str(error)))
    legal = xmlmend.drop_illegal(text)
    if legal != text:
        problems.append(_problem("illegal-character", xmlmend.first_illegal(text), "removed"))
    return legal, problems


def _with_characters(text: str, problems: list[Problem]) -> str:
    entity = xmlmend.first_entity(text)
    if not entity:
        return text
    problems.append(_problem("html-entity", entity, "not XML: taken as the character it means"))
    return xmlmend.resolve_entities(text)


def _with_namespaces(text: str, problems: list[Problem]) -> str:
    prefixes = xmlmend.undeclared_prefixes(text)
    if not prefixes:
        return text
    problems.append(_problem("undeclared-prefix", " ".join(prefixes), "taken as commonly meant"))
    return xmlmend.declare(text, prefixes)


def _unless_mended(text: str, schema: str, before: FormatError) -> list[Problem]:
    """Return what is still wrong with a text, said as it was first met."""
    try:
        parse(text.encode(), schema)
    except FormatError:
        sample = _around(text.encode(), before.position)
        return [_problem("not-well-formed", sample, before.reason)]
    return []


def _declared_encoding(data: bytes) -> str:
    declaration = _DECLARATION.match(data.removeprefix(codecs.BOM_UTF8))
    encoding = _ENCODING.search(declaration[0]) if declaration else None
    return encoding[1].decode("ascii") if encoding else "utf-8"


def _problem(code: str, sample: str, detail: str) -> Problem:
    return Problem(code=code, severity=Severity.WARNING, sample=sample, detail=detail)


def _around(data: bytes, position: int) -> str:
    start = max(0, position - _SAMPLE // 2)
    return data[start : start + _SAMPLE].decode("utf-8", "replace")


def _around_error(data: bytes, error: Exception) -> str:
    return _around(data, error.start if isinstance(error, UnicodeDecodeError) else 0)


def _offset(data: bytes, error: Exception) -> int:
    """Return the byte offset of a syntax error, which lxml tells as line and column."""
    line, column = getattr(error, "position", (1, 1))
    lines = data.split(b"\n", line)
    return min(len(data), sum(len(text) + 1 for text in lines[: line - 1]) + max(0, column - 1))
