r"""What stands in a term of CQL: ``*`` and ``?`` mask letters, ``^`` anchors, ``\`` escapes.

A term is a tuple of characters with whether each is a mark. Masks become a truncation attribute:
right, left, both, and else Z39.58 (``#`` one letter, ``?`` any number, a backslash before either,
or before another backslash, if it is meant).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

from protocols.errors import AnchorMisplaced, NeedlessEscape

Marked: TypeAlias = tuple[tuple[str, bool], ...]

_PIECE = re.compile(r"\\(.)|(.)", re.DOTALL)
_MARKS = "*?^"
_ESCAPABLE = '*?^"\\'
_Z3958 = {"*": "?", "?": "#"}
_UNMASKED = {"?": "*", "#": "?"}
_Z3958_PIECE = re.compile(r"\\([\\#?])|([^\\])", re.DOTALL)
_SPECIAL = re.compile(r'[*?^"\\]')
BOTH, LEFT, RIGHT, Z3958 = 3, 2, 1, 104


@dataclass(frozen=True, slots=True)
class Pattern:
    """A term: its text, the truncation it needs (None: none), and where it is anchored."""

    text: str
    truncation: int | None
    first: bool
    last: bool


def marked(raw: str, at: int) -> Marked:
    """Return a term's characters; a backslash before what needs none is a NeedlessEscape."""
    found = []
    for piece in _PIECE.finditer(raw):
        escaped, plain = piece.groups()
        if escaped is not None and escaped not in _ESCAPABLE:
            raise NeedlessEscape(at + piece.start(), escaped)
        found.append((plain, plain in _MARKS) if plain is not None else (escaped, False))
    return tuple(found)


def words(term: Marked) -> list[Marked]:
    """Return the words of a term."""
    groups = groupby(term, key=lambda each: each[0].isspace())
    return [tuple(letters) for blank, letters in groups if not blank]


def pattern(term: Marked, at: int) -> Pattern:
    """Return what a term or a word asks for; AnchorMisplaced for a ``^`` within it."""
    first = bool(term) and term[0] == ("^", True)
    rest = term[1:] if first else term
    last = bool(rest) and rest[-1] == ("^", True)
    rest = rest[:-1] if last else rest
    if ("^", True) in rest:
        raise AnchorMisplaced(at, "^")
    return Pattern(*_truncated(rest), first, last)


def _truncated(term: Marked) -> tuple[str, int | None]:
    if not any(mark for _, mark in term):
        return _text(term), None
    left, right = term[0] == ("*", True), term[-1] == ("*", True)
    inner = term[left : len(term) - right]
    if not inner or any(mark for _, mark in inner):
        return "".join(_z3958(*each) for each in term), Z3958
    return _text(inner), BOTH if left and right else LEFT if left else RIGHT


def _text(term: Marked) -> str:
    return "".join(letter for letter, _ in term)


def _z3958(letter: str, mark: bool) -> str:  # noqa: FBT001 - the two of a pair
    if mark:
        return _Z3958[letter]
    return f"\\{letter}" if letter in "#?\\" else letter


def escaped(text: str) -> str:
    """Return text as a term of CQL that means nothing but itself."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def masked(text: str, truncation: object) -> str:
    """Return text in CQL with the masks a truncation attribute says, escaped where none say it."""
    if truncation == Z3958:
        return _from_z3958(text)
    left = "*" if truncation in {LEFT, BOTH} else ""
    right = "*" if truncation in {RIGHT, BOTH} else ""
    return f"{left}{escaped(text)}{right}"


def _from_z3958(text: str) -> str:
    found = []
    for piece in _Z3958_PIECE.finditer(text):
        meant, plain = piece.groups()
        found.append(escaped(meant) if meant else _UNMASKED.get(plain, escaped(plain)))
    return "".join(found)
