"""XML of strangers to a tree: no document type, no entity, no network, and bounded in depth.

Text as long as an answer may be is read, which libxml2 only does with all of its limits off; those
that matter are then held here.
"""

from __future__ import annotations

import re

from lxml import etree
from lxml.etree import XMLSyntaxError, _Element

from crosswalks.formats.xml import safe_parser
from crosswalks.model import Problem, Severity

DOCTYPE = b"<!DOCTYPE"
_ENCODING = rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)[\"']"
_DECLARED = re.compile(rb"(?:\xef\xbb\xbf)?\s*" + _ENCODING)
_ANYWHERE = re.compile(_ENCODING)
_UNICODE = (b"utf", b"ucs", b"us-ascii", b"iso-10646")
_OVER_A_LIMIT = 114
"""libxml2's XML_ERR_RESOURCE_LIMIT."""
_DEEPEST = 256
_SAMPLE = 60


class _Nothing:
    """Takes what a parser finds and makes nothing of it: takes less than half of a tree's time."""

    def close(self) -> None:
        """Do nothing at the end either."""


def parse(body: bytes) -> tuple[_Element, tuple[Problem, ...]]:
    """Return the root of a well-formed document, and what was wrong with it all the same.

    Bytes that are UTF-8 are read as such whatever they are declared to be. Raises XMLSyntaxError.
    """
    misdeclared = _misdeclared(body)
    options = {"encoding": "utf-8" if misdeclared else None, "collect_ids": False}
    try:
        root = etree.fromstring(body, safe_parser(**options))
    except XMLSyntaxError as error:
        if error.code != _OVER_A_LIMIT or DOCTYPE in body.replace(b"\0", b""):
            raise
        root = etree.fromstring(body, safe_parser(**options, huge_tree=True))
        if _is_too_deep(root):
            raise
    return root, misdeclared


def is_well_formed(body: bytes) -> bool:
    """Tell whether a document is well-formed and within libxml2's limits, without making its tree.

    For documents without a type. What is only doubtful counts as not well-formed.
    """
    parser = safe_parser(target=_Nothing(), collect_ids=False)
    try:
        etree.fromstring(body, parser)
    except XMLSyntaxError:
        return False
    # Names that are in no namespace are only noted where there is no tree.
    return len(parser.error_log) == 0


def has_doctype(root: _Element) -> bool:
    """Tell whether a document declares a type."""
    return root.getroottree().docinfo.internalDTD is not None


def declared_encoding(before: bytes) -> str:
    """Return the encoding declared in what stands before the root element, UTF-8 if none is."""
    found = _ANYWHERE.search(before)
    return found[1].decode("ascii") if found else "utf-8"


def offset_of(body: bytes, line: int, column: int) -> int:
    """Return the byte offset of libxml2's line and column, both from 1, columns in characters."""
    start = 0
    for _ in range(line - 1):
        start = body.find(b"\n", start) + 1
    end = body.find(b"\n", start)
    text = body[start : end if end >= 0 else len(body)].decode("utf-8", "surrogateescape")
    return min(start + len(text[: column - 1].encode("utf-8", "surrogateescape")), len(body))


def _misdeclared(body: bytes) -> tuple[Problem, ...]:
    """Return a Problem where bytes that can only be UTF-8 are declared to be something else."""
    found = _DECLARED.match(body)
    if found is None or found[1].lower().startswith(_UNICODE) or body.isascii():
        return ()
    try:
        body.decode()
    except UnicodeDecodeError:
        return ()
    detail = f"declared as {found[1].decode('ascii')}, but it is UTF-8"
    return (
        Problem(
            code="wrong-encoding-declared",
            severity=Severity.WARNING,
            sample=_first_beyond_ascii(body),
            detail=detail,
        ),
    )


def _first_beyond_ascii(body: bytes) -> str:
    start = next(at for at, byte in enumerate(body) if byte > 0x7F)  # noqa: PLR2004 - beyond ASCII
    return body[max(0, start - _SAMPLE // 2) : start + _SAMPLE // 2].decode("utf-8", "replace")


def _is_too_deep(root: _Element) -> bool:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST:
            return True
    return False
