"""A line of a crosswalk in words, quoted texts and signs, each with its column."""

from __future__ import annotations

import re
from typing import NamedTuple

from crosswalks.language.errors import Misplaced

ARROW, PIPE, COMMA = "<-", "|", ","
_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<comment>\#.*)
    |(?P<text>"(?:[^"\\]|\\.)*")
    |(?P<sign><-|\||,(?=\s|$))
    |(?P<word>(?:="(?:[^"\\]|\\.)*"|\[(?:[^\]"]|"[^"]*")*\]|[^\s|"\[\],]|,(?!\s|$))+)""",
    re.VERBOSE,
)


class Token(NamedTuple):
    """One piece of a line: ``kind`` is text, sign or word; columns count from 1."""

    kind: str
    text: str
    column: int

    def is_sign(self, *signs: str) -> bool:
        """Tell whether it is one of these signs."""
        return self.kind == "sign" and self.text in signs

    def is_word(self, *words: str) -> bool:
        """Tell whether it is one of these words."""
        return self.kind == "word" and self.text in words


def tokens(line: str) -> list[Token]:
    """Return the tokens of a line without its comment; raise Misplaced for what is none."""
    found: list[Token] = []
    at = 0
    while at < len(line):
        match = _TOKEN.match(line, at)
        if match is None:
            raise Misplaced(at + 1, "{text} cannot stand here", text=line[at])
        kind = str(match.lastgroup)
        if kind == "comment":
            break
        if kind != "space":
            text = unquoted(match[0]) if kind == "text" else match[0]
            found.append(Token(kind, text, at + 1))
        at = match.end()
    return found


def unquoted(text: str) -> str:
    r"""Return what stands between quotation marks; a backslash stays but before \" ."""
    return text[1:-1].replace('\\"', '"')
