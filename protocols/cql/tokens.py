"""CQL cut into tokens (CQL 1.2 annex: symbols, words, quoted strings)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from protocols.errors import QueryEnds, QuoteOpen

_TOKEN = re.compile(
    r'(?P<symbol><=|>=|<>|==|[()=<>/])|"(?P<quoted>(?:\\.|[^"\\])*)"'
    r'|(?P<word>(?:\\.|[^ \t\r\n\f\v()=<>/"\\])+)',
    re.DOTALL,
)
_BETWEEN = re.compile(r"[ \t\r\n\f\v]*")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class Kind(Enum):
    """What a token is."""

    SYMBOL = "symbol"
    QUOTED = "quoted"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Token:
    """A token: its text, in quotes or words with its backslashes, and where the text begins."""

    kind: Kind
    text: str
    at: int

    @property
    def is_text(self) -> bool:
        """Whether it may be a term or a name."""
        return self.kind is not Kind.SYMBOL

    @property
    def keyword(self) -> str:
        """The word in lower case where it is not in quotes, so that it may be one of CQL's own."""
        return self.text.lower() if self.kind is Kind.WORD else ""

    @property
    def name(self) -> str:
        """The text as a name: a backslash only takes what follows for itself."""
        return _ESCAPED.sub(r"\1", self.text)


def tokens(query: str) -> list[Token]:
    """Return the tokens of a query; QuoteOpen or QueryEnds where one is not finished."""
    found = []
    at = _skip(query, 0)
    while at < len(query):
        match = _TOKEN.match(query, at)
        if match is None:
            raise QuoteOpen(at, '"') if query[at] == '"' else QueryEnds(len(query), query[at])
        name = match.lastgroup or ""
        found.append(Token(Kind(name), match[name], match.start(name)))
        at = _skip(query, match.end())
    return found


def _skip(query: str, at: int) -> int:
    found = _BETWEEN.match(query, at)
    return found.end() if found else at


class Cursor:
    """The tokens of a query, read one after the other."""

    def __init__(self, query: str) -> None:
        self._tokens = tokens(query)
        self._next = 0
        self.end = len(query)

    def peek(self, ahead: int = 0) -> Token | None:
        """Return a token to come, None behind the last one."""
        place = self._next + ahead
        return self._tokens[place] if place < len(self._tokens) else None

    def next(self) -> Token:
        """Return the next token and pass it; QueryEnds behind the last one."""
        found = self.peek()
        if found is None:
            raise QueryEnds(self.end)
        self._next += 1
        return found

    def passes(self, symbol: str) -> Token | None:
        """Pass a symbol and return it, None if something else is next."""
        found = self.peek()
        if found is None or found.kind is not Kind.SYMBOL or found.text != symbol:
            return None
        return self.next()
