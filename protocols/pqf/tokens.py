"""PQF cut into words: bare, in quotes or in braces, with their backslashes resolved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from protocols.errors import MalformedTerm, QuoteOpen

_BETWEEN = re.compile(r"[ \t\r\n\f\v]+")
_BARE = re.compile(r"(?:\\.|[^ \t\r\n\f\v\\]|\\$)+", re.DOTALL)
_QUOTED = {
    '"': re.compile(r'"((?:\\.|[^"\\])*)"', re.DOTALL),
    "{": re.compile(r"\{((?:\\.|[^}\\])*)\}", re.DOTALL),
}
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|([0-3][0-7]{2})|(.))", re.DOTALL)
_NAMED = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}


@dataclass(frozen=True, slots=True)
class Token:
    """A word, and whether it may be one of PQF's own, such as ``@and``."""

    text: str
    at: int
    own: bool


def tokens(query: str) -> Iterator[Token]:
    """Yield the words of a query; QuoteOpen, or MalformedTerm for what its escapes make no text."""
    at = _skip(query, 0)
    while at < len(query):
        pattern = _QUOTED.get(query[at], _BARE)
        found = pattern.match(query, at)
        if found is None:
            raise QuoteOpen(at, query[at])
        raw = found[0] if pattern is _BARE else found[1]
        yield Token(
            unescaped(raw, at), at, own=pattern is _BARE and raw[0] == "@" and "\\" not in raw
        )
        at = _skip(query, found.end())


def _skip(query: str, at: int) -> int:
    found = _BETWEEN.match(query, at)
    return found.end() if found else at


def unescaped(raw: str, at: int = 0) -> str:
    r"""Return text with its backslashes resolved.

    ``\xHH`` and ``\OOO`` are bytes of UTF-8: where they make none, it is a MalformedTerm.
    """
    if "\\" not in raw:
        return raw
    try:
        return _ESCAPE.sub(_meant, raw).encode("utf-8", "surrogateescape").decode("utf-8")
    except UnicodeError as wrong:
        raise MalformedTerm(at, raw) from wrong


def _meant(found: re.Match[str]) -> str:
    high, octal, other = found.groups()
    if other is not None:
        return _NAMED.get(other, other)
    byte = bytes([int(high, 16) if high else int(octal, 8)])
    return byte.decode("utf-8", "surrogateescape")
