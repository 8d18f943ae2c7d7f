"""A damaged page cut into what is around its records and the bytes of each.

Goes by the beginnings of records, ``<record>`` with ``<header>`` in it, since ends may be missing
and other elements have the same name (MARCXML's ``record``).
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple

from crosswalks.model import DAMAGED, Problem, RawRecord, Severity
from protocols.oai import OAI

_ROOT = re.compile(rb"<((?:[\w.-]+:)?)OAI-PMH(\s[^<>]*)?>")
_DECLARATION = re.compile(rb"<\?xml[^>]*\?>")
_BOM = b"\xef\xbb\xbf"
_SAMPLE = 200
_DELETED = re.compile(rb"<(?:[\w.-]+:)?header\s[^<>]*status\s*=\s*[\"']deleted[\"']")
_HEADER_ENDS = re.compile(rb"</(?:[\w.-]+:)?header\s*>|<(?:[\w.-]+:)?metadata[\s>]")


class Pieces(NamedTuple):
    """A page in pieces; ``head + tail`` is the document without its records."""

    start: int
    """Where its root element begins."""
    before: bytes
    """What stands before the document, but for its declaration."""
    head: bytes
    records: tuple[bytes, ...]
    tail: bytes
    after: bytes
    opening: bytes
    """The start tags of the elements that records stand in."""
    closing: bytes
    named: bool
    """Whether the root element says of which namespace it is."""


def pieces(body: bytes, verb: str) -> Pieces | None:
    """Return a page in pieces, or None where it has no beginning or no end."""
    root = _ROOT.search(body)
    if root is None:
        return None
    end = _end(body, root)
    if end is None:
        return None
    tag = _in_namespace(root)
    inner = body[root.end() : end]
    list_tag = re.search(rb"<" + re.escape(root[1]) + verb.encode() + rb"(?:\s[^<>]*)?>", inner)
    starts, rest = _starts(inner, root[1])
    head = inner[: starts[0]] if starts else inner
    name = root[1].decode()
    return Pieces(
        start=root.start(),
        before=_DECLARATION.sub(b"", body[: root.start()].removeprefix(_BOM)).strip(),
        head=tag + head,
        records=tuple(inner[one:two] for one, two in zip(starts, [*starts[1:], rest], strict=True))
        if starts
        else (),
        tail=inner[rest:] if starts else b"",
        after=body[end:].strip(),
        opening=tag + (list_tag[0] if list_tag else f"<{name}{verb}>".encode()),
        closing=f"</{name}{verb}></{name}OAI-PMH>".encode(),
        named=tag == root[0],
    )


def cut_record(data: bytes, reason: str) -> RawRecord:
    """Return a record that cannot be read, with its bytes, under the name its header gives.

    A deletion has said all that it had to say if its header can be read.
    """
    problem = Problem(
        code="damaged-record",
        severity=Severity.ERROR,
        sample=data[:_SAMPLE].decode("utf-8", "replace"),
        detail=f"cut out of its page: {reason}",
    )
    # The metadata may have an identifier too, which is the name of something else.
    header = _HEADER_ENDS.split(data, maxsplit=1)[0]
    identifier = _value(header, b"identifier")
    deleted = _DELETED.search(header) is not None and identifier != ""
    return RawRecord(
        identifier=identifier,
        datestamp=_value(header, b"datestamp"),
        deleted=deleted,
        format=DAMAGED,
        body=data.strip(),
        problems=() if deleted else (problem,),
    )


def _end(body: bytes, root: re.Match[bytes]) -> int | None:
    """Return where the document ends: the last end tag, unless another document begins."""
    close = re.compile(rb"</" + re.escape(root[1]) + rb"OAI-PMH\s*>")
    ends = [found.end() for found in close.finditer(body, root.end())]
    if not ends:
        return None
    return ends[0] if _ROOT.search(body, ends[0]) else ends[-1]


def _in_namespace(root: re.Match[bytes]) -> bytes:
    """Return the root's start tag, put into the namespace of OAI-PMH where it is in none."""
    prefix = root[1].rstrip(b":")
    name = b"xmlns:" + prefix if prefix else b"xmlns"
    if re.search(rb"\s" + name + rb"\s*=", root[0]):
        return root[0]
    return root[0][:-1] + b" " + name + f'="{OAI}">'.encode()


def _starts(inner: bytes, prefix: bytes) -> tuple[list[int], int]:
    """Return where each record begins, and where the last one ends."""
    name = re.escape(prefix)
    start = re.compile(
        rb"<" + name + rb"record(?:\s[^<>]*)?>\s*(?:<!--.*?-->\s*)?<" + name + rb"header[\s>/]",
        re.DOTALL,
    )
    starts = [found.start() for found in start.finditer(inner)]
    ends = [found.end() for found in re.finditer(rb"</" + name + rb"record\s*>", inner)]
    # Where the last record lacks its end, what is left is no document and the page stays broken.
    return starts, max([end for end in ends if starts and end > starts[-1]], default=len(inner))


def _value(data: bytes, name: bytes) -> str:
    found = re.search(rb"<(?:[\w.-]+:)?" + name + rb"(?:\s[^<>]*)?>([^<>]*)<", data)
    return html.unescape(found[1].decode("utf-8", "replace")).strip() if found else ""
