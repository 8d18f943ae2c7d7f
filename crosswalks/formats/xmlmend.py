"""Repairs of XML that is almost well-formed: what was surely meant is written as XML wants it.

libxml2's own recovery drops what it does not understand; these come first, so that no text is lost.
"""

from __future__ import annotations

import re
import sys
from html.entities import html5

from crosswalks import tables

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile("&#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}));")
_ASIDE = r"<!\[CDATA\[.*?\]\]>|<!--.*?-->"
_ENTITY = re.compile(rf"(?s:{_ASIDE})|&([A-Za-z][A-Za-z0-9]*);")
_AMPERSAND = re.compile(rf"(?s:{_ASIDE})|&(?!#[0-9]+;|#x[0-9A-Fa-f]+;|(?:amp|lt|gt|quot|apos);)")
_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_MEANT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_USED = re.compile(r"</?([A-Za-z_][\w.-]*):|\s([A-Za-z_][\w.-]*):[\w.-]+\s*=\s*[\"']")
_DECLARED = re.compile(r"\sxmlns:([\w.-]+)\s*=")
_FIRST = re.compile(r"<[A-Za-z_][^\s/>]*")
_BUILT_IN = ("xml", "xmlns")
_NAMESPACES = {
    prefix: namespace
    for table in ("containers.tsv", "namespaces.tsv")
    for prefix, namespace in reversed(tables.rows(table))
}


def drop_illegal(text: str) -> str:
    """Return markup without the characters XML 1.0 cannot hold (s2.2), as such or as numbers."""
    return _REFERENCE.sub(_legal_reference, _ILLEGAL.sub("", text))


def first_illegal(text: str) -> str:
    """Return the first character that XML cannot hold with what is around it, in quotes."""
    found = _ILLEGAL.search(text) or next(
        (each for each in _REFERENCE.finditer(text) if not _legal_reference(each)), None
    )
    start = found.start() if found else 0
    return repr(text[max(0, start - 20) : start + 20])


def resolve_entities(text: str) -> str:
    """Return markup with HTML's named characters (``&nbsp;``) as characters."""
    return _ENTITY.sub(_character, text)


def first_entity(text: str) -> str:
    """Return the first of HTML's named characters in markup, or an empty string."""
    found = (match for match in _ENTITY.finditer(text) if _character(match) != match[0])
    return next((match[0] for match in found), "")


def escape_ampersands(text: str) -> str:
    """Return markup in which an ampersand that begins no reference is text."""
    return _AMPERSAND.sub(lambda match: "&amp;" if match[0] == "&" else match[0], text)


def undeclared_prefixes(text: str) -> list[str]:
    """Return the prefixes that markup uses and declares nowhere, in the order of their use."""
    used = dict.fromkeys(one or other for one, other in _USED.findall(text))
    known = {*_DECLARED.findall(text), *_BUILT_IN}
    return [prefix for prefix in used if prefix not in known]


def declare(text: str, prefixes: list[str]) -> str:
    """Return markup whose first element declares these prefixes, by what is usual for each."""
    declared = "".join(
        f' xmlns:{prefix}="{_NAMESPACES.get(prefix, f"urn:undeclared:{prefix}")}"'
        for prefix in prefixes
    )
    return _FIRST.sub(lambda match: match[0] + declared, text, count=1)


def _legal_reference(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else int(match[2])
    legal = code <= sys.maxunicode and not _ILLEGAL.match(chr(code))
    return match[0] if legal else ""


def _character(match: re.Match[str]) -> str:
    name = match[1]
    if not name or name in _XML:
        return match[0]
    meant = html5.get(f"{name};")
    return match[0] if meant is None else _MEANT.get(meant, meant)
