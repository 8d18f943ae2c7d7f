"""A window on an XML stream that moves from markup to markup, in UTF-8 whatever the file is in.

It never holds more than what the caller keeps: one record, and that only up to 64 MiB.
"""

from __future__ import annotations

import codecs
import re
from typing import IO, NamedTuple

_CHUNK = 1 << 18
_HOPELESS = 64 << 20
_HEAD = 1024
_STRAY, _UNFINISHED = -1, 0

_TAG = re.compile(rb"<(?:[^<>\"']++|\"[^\"<]*+(?:\"|\Z)|'[^'<]*+(?:'|\Z))*+")
_DOCTYPE = re.compile(
    rb"<!D(?:[^<>\"'\[]++|\"[^\"]*+\"|'[^']*+'"
    rb"|\[(?:[^\]\"'<]++|\"[^\"]*+\"|'[^']*+'|<!--(?s:.*?)-->|<\?(?s:.*?)\?>|<(?!!--|\?))*+\])*+>"
)
_DECLARATION = re.compile(rb"<\?xml\s[^>]*?encoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]*)[\"']")
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DAMAGED = "lienthong-damaged"
_AS_IT_IS = frozenset({"utf-8", "ascii"})
_ASCII = bytes(range(0x20, 0x7F))

# What cannot be decoded must not look sound in UTF-8: a lone surrogate is an error there.
codecs.register_error(_DAMAGED, lambda error: ("\udcff", getattr(error, "end", 0)))


class Markup(NamedTuple):
    """A tag, comment or the like: where it is in the window, and how it begins."""

    begin: int
    end: int
    text: bytes
    slash: bytes | None
    prefixed: bytes
    local: bytes
    """The name without its prefix; empty if this is no tag."""

    @property
    def name(self) -> bytes:
        """The name as it stands in the file."""
        return self.prefixed + self.local

    @property
    def prefix(self) -> bytes:
        """The prefix without its colon."""
        return self.prefixed[:-1]

    @property
    def is_end(self) -> bool:
        """Whether this is an end tag."""
        return self.slash == b"/"

    @property
    def is_start(self) -> bool:
        """Whether this is a start tag, of an empty element perhaps."""
        return self.slash == b""

    @property
    def is_empty(self) -> bool:
        """Whether this is an element without content (``<a/>``)."""
        return self.text.endswith(b"/>")


class Window:
    """The bytes being looked at; ``keep`` is where those begin that are still wanted."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.source = _in_utf8(stream)
        self.held = b""
        self.offset = 0
        """Where in the stream the held bytes begin."""
        self.at = 0
        self.keep = 0
        self.ended = False

    def next(self, pattern: re.Pattern[bytes]) -> Markup | None:
        """Return the next whole markup that a pattern finds; None where no more can be held.

        The pattern's groups are the slash of an end tag, the prefix with its colon, the name.
        """
        while True:
            found = pattern.search(self.held, self.at)
            if found is None:
                self.at = max(self.at, self.held.rfind(b"<", self.at))
            elif (end := _end(self.held, found.start())) > 0:
                return self._markup(found, end)
            else:
                self.at = found.start() - end
                if end == _STRAY:
                    continue
            if not self._read_on():
                if found is None:
                    return None
                # It never ends: a stray character, or the file does.
                self.at += 1

    def forget(self) -> None:
        """Let go of everything before the place reached."""
        self.keep = self.at

    def _markup(self, found: re.Match[bytes], end: int) -> Markup:
        self.at = end
        begin = found.start()
        slash, prefix, local = found.groups()
        return Markup(begin, end, self.held[begin:end], slash, prefix or b"", local or b"")

    def _read_on(self) -> bool:
        wanted = len(self.held) - self.keep
        if wanted > _HOPELESS:
            return False
        # Twice as much each time: a long record is not searched over and over.
        chunk = self.source.read(max(_CHUNK, wanted))
        self.held = self.held[self.keep :] + chunk
        self.offset += self.keep
        self.at -= self.keep
        self.keep = 0
        self.ended = not chunk
        return bool(chunk)


def _end(held: bytes, begin: int) -> int:
    """Return where a markup ends; 0 if the bytes end before it, -1 if it is none."""
    second = held[begin + 1 : begin + 2]
    if second == b"/":
        return _tag_end(held, begin)
    if second == b"?":
        return _after(held, b"?>", begin + 2)
    if second != b"!":
        return _tag_end(held, begin)
    if held.startswith(b"<!--", begin):
        return _after(held, b"-->", begin + 4)
    if held.startswith(b"<![", begin):
        return _after(held, b"]]>", begin)
    doctype = _DOCTYPE.match(held, begin)
    return doctype.end() if doctype else _UNFINISHED


def _after(held: bytes, closing: bytes, start: int) -> int:
    found = held.find(closing, start)
    return found + len(closing) if found >= 0 else _UNFINISHED


def _tag_end(held: bytes, begin: int) -> int:
    tag = _TAG.match(held, begin)
    end = tag.end() if tag else begin
    if end == len(held):
        return _UNFINISHED
    return end + 1 if held[end : end + 1] == b">" else _STRAY


class _Transcoded:
    """A stream of another encoding, read as UTF-8."""

    def __init__(self, head: bytes, stream: IO[bytes], encoding: str) -> None:
        self.head = head
        self.stream = stream
        self.decoder = codecs.getincrementaldecoder(encoding)(_DAMAGED)

    def read(self, size: int) -> bytes:
        """Return some more bytes in UTF-8, about as many as asked for; none at the end."""
        text = ""
        while not text:
            data = self.head or self.stream.read(size)
            self.head = b""
            text = self.decoder.decode(data, final=not data)
            if not data:
                break
        return text.encode("utf-8", "surrogatepass")


class _Joined:
    """A stream whose first bytes have been looked at already."""

    def __init__(self, head: bytes, stream: IO[bytes]) -> None:
        self.head = head
        self.stream = stream

    def read(self, size: int) -> bytes:
        """Return some more bytes, about as many as asked for; none at the end."""
        data = self.head or self.stream.read(size)
        self.head = b""
        return data


def _in_utf8(stream: IO[bytes]) -> _Transcoded | _Joined:
    head = stream.read(_HEAD)
    encoding = _encoding(head)
    return _Transcoded(head, stream, encoding) if encoding else _Joined(head, stream)


def _encoding(head: bytes) -> str:
    """Return what a file has to be decoded from; empty if it is in UTF-8 or who knows what."""
    marked = next((encoding for mark, encoding in _MARKS if head.startswith(mark)), "")
    declared = _DECLARATION.match(head.removeprefix(codecs.BOM_UTF8).lstrip())
    if marked or not declared or head.startswith(codecs.BOM_UTF8):
        return marked
    try:
        name = codecs.lookup(declared[1].decode()).name
        # A declaration that could be read says that the encoding agrees with ASCII.
        known = name not in _AS_IT_IS and _ASCII.decode(name, _DAMAGED) == _ASCII.decode()
    except (LookupError, ValueError):
        return ""
    return name if known else ""
