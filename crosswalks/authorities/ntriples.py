"""N-Triples: a statement a line; those about one concept have to stand together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, NamedTuple

from crosswalks.authorities.skos import Statement
from crosswalks.formats import linefile

_STATEMENT = re.compile(
    r'\s*(?P<about><[^<>"{}|^`\\\s]*>|_:\S+)\s+<(?P<name>[^<>\s]+)>\s+'
    r'(?:<(?P<uri>[^<>\s]*)>|(?P<blank>_:[^\s.]+)|"(?P<text>(?:[^"\\]|\\.)*)"'
    r"(?:@(?P<language>[A-Za-z0-9-]+)|\^\^<[^<>\s]*>)?)\s*\.\s*(?:#.*)?"
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_PLAIN = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}
_HIGHEST = 0x10FFFF
_LOOKS = re.compile(rb"(?:\s|#[^\n]*\n)*(?:<[^<>\s]+>|_:\S+)\s+<[^<>\s]+>\s+[<\"_]")


class Group(NamedTuple):
    """What is said of one subject on lines next to each other; or a line that says nothing."""

    line: int
    """The first of them, from 1."""
    about: str
    said: list[Statement]


def sniff(head: bytes) -> bool:
    """Tell whether a file that begins so is one of N-Triples."""
    return _LOOKS.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


def groups(stream: IO[bytes]) -> Iterator[Group]:
    """Yield what is said of each subject; a line that cannot be read is a group about nothing."""
    held: Group | None = None
    for number, (_, data) in enumerate(linefile.lines(stream), 1):
        line = data.decode("utf-8", "replace").strip()
        if not line or line.startswith("#"):
            continue
        found = _STATEMENT.fullmatch(line)
        if found is None:
            yield Group(number, "", [])
            continue
        about = found["about"].strip("<>")
        if held is None or held.about != about:
            if held is not None:
                yield held
            held = Group(number, about, [])
        held.said.append(_said(found))
    if held is not None:
        yield held


def _said(found: re.Match[str]) -> Statement:
    text = found["text"]
    value = _unescaped(text) if text is not None else found["uri"] or found["blank"] or ""
    return Statement(found["name"], value, found["language"] or "")


def _unescaped(text: str) -> str:
    def meant(found: re.Match[str]) -> str:
        short, long, plain = found.groups()
        if plain is not None:
            return _PLAIN.get(plain, plain)
        code = int(short or long, 16)
        return chr(code) if code <= _HIGHEST else "\ufffd"

    return _ESCAPE.sub(meant, text)
