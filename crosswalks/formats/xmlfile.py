"""The records of an XML file, one after the other, each with what it needs to be read alone.

The file is cut at the records' own tags and never parsed as a whole: damage costs the record that
it is in, memory is bounded by one record, and the bytes and their offset are the file's own. Only
files in UTF-16, UTF-32 or a declared legacy encoding are read as UTF-8, which offsets then count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, NamedTuple

from crosswalks.formats.xmlwindow import Markup, Window

_OAI = b"http://www.openarchives.org/OAI/2.0/"
_DELETED = re.compile(rb"header\s[^<>]*\bstatus\s*=\s*[\"']deleted")
_ENVELOPE = re.compile(rb"<(?:[^\s<>/:]+:)?(?:metadata|recordData)(?:\s[^<>]*)?>\s*\Z")
_ANY = re.compile(rb"<(/?)((?:[^\s<>/:!?]+:)?)([^\s<>/!?]+)(?=[\s/>])|<!--|<!\[CDATA\[|<\?|<!D")
_ATTRIBUTE = re.compile(rb"([^\s=<>\"'/]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_UNPREFIXED = re.compile(rb"<[^\s<>/:!?]+[\s/>]")
_DEEPEST = 256
"""How many open elements are remembered: far more than any real file has around its records."""

Namespaces = dict[bytes, bytes]
"""Namespaces by prefix, as they were quoted."""


class _Opened(NamedTuple):
    """An element around the records: its name, and the namespaces known inside it."""

    name: bytes
    scope: Namespaces


def split(stream: IO[bytes], *names: str) -> Iterator[tuple[int, bytes]]:
    """Yield (offset, bytes) for each element with one of these local names, the innermost ones.

    A piece carries the namespaces it uses of those declared around it; where it uses none, its
    bytes are the file's. A record without its end or its beginning, or longer than 64 MiB, is a
    damaged piece. A document type is skipped, its entities stay unknown (no bomb goes off). Deleted
    records of an OAI-PMH answer have no content and are left out.
    """
    return _Cutter(stream, names).pieces()


class _Cutter:
    """Goes through a file, tag by tag around the records and in one leap through each of them."""

    def __init__(self, stream: IO[bytes], names: tuple[str, ...]) -> None:
        local = "|".join(map(re.escape, names)).encode()
        self.names = frozenset(name.encode() for name in names)
        self.window = Window(stream)
        self.record = re.compile(
            rb"<(/?)((?:[^\s<>/:!?]+:)?)(" + local + rb")(?=[\s/>])|<!--|<!\[CDATA\[|<\?"
        )
        self.doubts = (
            *(b"<!", b"<?"),
            *(mark + name for name in self.names for mark in (b"<", b":")),
        )
        self.around: list[_Opened] = []
        self.depth = 0
        """How many elements were open around the last record."""

    def pieces(self) -> Iterator[tuple[int, bytes]]:
        window = self.window
        while True:
            markup = window.next(_ANY)
            if markup is None:
                if window.ended:
                    return
                window.forget()
            elif markup.is_end:
                yield from self._leave(markup)
            elif markup.local in self.names:
                yield from self._enter(markup)
            elif markup.is_start and not markup.is_empty:
                self._open(markup)

    def _enter(self, start: Markup) -> Iterator[tuple[int, bytes]]:
        """Yield the record that begins here, unless it is only what wraps the real one."""
        window = self.window
        window.keep = start.begin
        end = start if start.is_empty else self._leap(start) or self._next_tag()
        if end is None:
            yield self._piece(start, len(window.held))
            self._skip()
        elif end is start or end.is_end:
            if not self._is_deleted(start, end):
                yield self._piece(start, end.end)
        elif self._wraps(start, end):
            window.at = window.keep + len(start.text)
            self._open(start)
            return
        else:
            yield self._piece(start, end.begin)
            window.at = end.begin
        window.keep = window.at
        self.depth = len(self.around)

    def _leap(self, start: Markup) -> Markup | None:
        """Return the record's end tag by its bytes alone, if nothing before it raises a doubt."""
        window, held = self.window, self.window.held
        closing = b"</" + start.name
        begin = held.find(closing, window.at)
        end = begin + len(closing)
        if begin < 0 or held[end : end + 1] != b">":
            return None
        for doubt in self.doubts:
            if held.find(doubt, window.at, begin) >= 0:
                return None
        window.at = end + 1
        return Markup(begin, end + 1, closing, b"/", start.prefixed, start.local)

    def _next_tag(self) -> Markup | None:
        """Return the next tag of a record, past comments and the like."""
        while (found := self.window.next(self.record)) and not found.local:
            pass
        return found

    def _skip(self) -> None:
        """Go to the next tag of a record: what was too long to hold has been given already."""
        window = self.window
        window.at = len(window.held)
        while True:
            window.forget()
            found = self._next_tag()
            if found:
                window.at = found.end if found.is_end else found.begin
            if found or window.ended:
                return

    def _leave(self, end: Markup) -> Iterator[tuple[int, bytes]]:
        """Close what this tag ends; the end of a record that never began makes a damaged piece."""
        for place in range(len(self.around) - 1, -1, -1):
            if self.around[place].name == end.name:
                del self.around[place:]
                return
        if end.local in self.names:
            window = self.window
            data = window.held[window.keep : end.end]
            yield window.offset + window.keep + len(data) - len(data.lstrip()), data.lstrip()
            window.keep = end.end
            del self.around[self.depth :]

    def _open(self, start: Markup) -> None:
        if len(self.around) < _DEEPEST:
            scope = {**self._scope(), **_declared(start.text)}
            self.around.append(_Opened(start.name, scope))

    def _scope(self) -> Namespaces:
        return self.around[-1].scope if self.around else {}

    def _wraps(self, outer: Markup, inner: Markup) -> bool:
        """Tell an envelope (an OAI-PMH record around a MARC one) from a record without its end."""
        if outer.name != inner.name:
            return True
        declared = _declared(inner.text).get(inner.prefix)
        if declared is not None:
            return declared[1:-1] != self._namespace(outer)
        return bool(_ENVELOPE.search(self.window.held, self.window.keep, inner.begin))

    def _namespace(self, start: Markup) -> bytes:
        known = {**self._scope(), **_declared(start.text)}
        return known.get(start.prefix, b"")[1:-1]

    def _is_deleted(self, start: Markup, end: Markup) -> bool:
        """Tell an OAI-PMH record (2.0 s3.7.1) that says it has nothing in it."""
        held, keep = self.window.held, self.window.keep
        if start is not end and held.find(b"deleted", keep, end.begin) < 0:
            return False
        is_deleted = start is end or _DELETED.search(held, keep, end.begin)
        return bool(is_deleted) and self._namespace(start) == _OAI

    def _piece(self, start: Markup, end: int) -> tuple[int, bytes]:
        window = self.window
        data = window.held[window.keep : end]
        added = self._missing(start, data)
        if added:
            head = 1 + len(start.name)
            data = b"".join((data[:head], added, data[head:]))
        return window.offset + window.keep, data

    def _missing(self, start: Markup, data: bytes) -> bytes:
        """Return the declarations that the bytes use and do not have themselves."""
        scope = self._scope()
        if not scope:
            return b""
        own = _declared(start.text)
        return b"".join(
            b" xmlns%s=%s" % (b":" + prefix if prefix else b"", value)
            for prefix, value in scope.items()
            if prefix not in own and _is_used(prefix, data)
        )


def _is_used(prefix: bytes, data: bytes) -> bool:
    # A value may hold a prefix too: xsi:type="dcterms:W3CDTF".
    return prefix + b":" in data if prefix else bool(_UNPREFIXED.search(data))


def _declared(tag: bytes) -> Namespaces:
    if b"xmlns" not in tag:
        return {}
    return {
        name[6:]: value
        for name, value in _ATTRIBUTE.findall(tag)
        if name == b"xmlns" or name.startswith(b"xmlns:")
    }
