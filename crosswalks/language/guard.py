"""How long a pattern may take: told before it ever runs, since Python cannot stop one that runs.

A backtracking matcher takes time in powers of the text's length, or worse. Patterns of the worse
kind (a repeat inside a repeat that can share its text in several ways) are refused; all others get
a longest text, so that none takes more than some hundred million steps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

_STEPS = 10**8
_MOST_POWERS = 3
_MOST_CHOICES = 64
_OPEN = 16
"""A repeat that may go on further than this counts as one without an end."""
_PROBES = frozenset(map(chr, range(32, 127))) | frozenset("\t\n\r àăâđêôơưĐ–—“”©一\u0301")

Chars = frozenset[str]
_NONE: Chars = frozenset()
_REPEATS = (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT)
_LOOKS = (kinds.ASSERT, kinds.ASSERT_NOT)
_CATEGORIES: dict[object, Callable[[str], bool]] = {
    kinds.CATEGORY_DIGIT: str.isdigit,
    kinds.CATEGORY_NOT_DIGIT: lambda char: not char.isdigit(),
    kinds.CATEGORY_SPACE: str.isspace,
    kinds.CATEGORY_NOT_SPACE: lambda char: not char.isspace(),
    kinds.CATEGORY_WORD: lambda char: char.isalnum() or char == "_",
    kinds.CATEGORY_NOT_WORD: lambda char: not (char.isalnum() or char == "_"),
}


class Endless(Exception):
    """A pattern that may take longer than anybody waits."""


class TooLong(ValueError):
    """A text on which a pattern may take longer than anybody waits."""

    def __init__(self, size: int, pattern: str) -> None:
        super().__init__(f"a text of {size} characters is too long for the pattern {pattern}")


class Guarded:
    """A pattern that refuses texts on which it might take too long, with TooLong."""

    def __init__(self, compiled: re.Pattern[str], longest: int) -> None:
        self.pattern, self.groups = compiled.pattern, compiled.groups
        self._compiled, self._longest = compiled, longest

    def search(self, text: str) -> re.Match[str] | None:
        """Search as ``re`` does."""
        return self._compiled.search(self._checked(text))

    def split(self, text: str) -> list[str | Any]:
        """Split as ``re`` does."""
        return self._compiled.split(self._checked(text))

    def sub(self, by: str, text: str) -> str:
        """Replace as ``re`` does."""
        return self._compiled.sub(by, self._checked(text))

    def _checked(self, text: str) -> str:
        if len(text) > self._longest:
            raise TooLong(len(text), self.pattern)
        return text


def guarded(compiled: re.Pattern[str]) -> re.Pattern[str] | Guarded:
    """Return a pattern that always ends soon; raise Endless where none can be made of it."""
    parsed = _parser.parse(compiled.pattern)
    walk = _Walk(_probes(parsed), ignore_case=_ignores_case(compiled))
    cost = walk.sequence(list(parsed), _NONE)
    powers = cost.shared + (1 if cost.repeats else 0)
    # A search begins anew at every character.
    powers += 1 if powers and not _is_anchored(parsed) else 0
    if powers > _MOST_POWERS or cost.choices > _MOST_CHOICES:
        raise Endless(compiled.pattern)
    return compiled if powers <= 1 else Guarded(compiled, int(_STEPS ** (1 / powers)))


class _Cost(NamedTuple):
    """What a part of a pattern can begin with, and how it may backtrack."""

    first: Chars
    empty: bool
    """It may match nothing."""
    shared: int = 0
    """Open repeats that can give up text to what follows: each is one more power."""
    repeats: bool = False
    choices: int = 1
    """In how many ways bounded parts can share one text."""


class _Walk:
    """One look through a parsed pattern, from its end to its beginning."""

    def __init__(self, probes: Chars, *, ignore_case: bool) -> None:
        self._probes, self._ignore_case = probes, ignore_case

    def sequence(self, items: Sequence[tuple[Any, Any]], follow: Chars) -> _Cost:
        """Return what items one after the other cost before something that follows them."""
        cost = _Cost(_NONE, empty=True)
        for kind, value in reversed(items):
            after = cost.first | follow if cost.empty else cost.first
            one = self._item(kind, value, after)
            cost = _Cost(
                one.first | cost.first if one.empty else one.first,
                one.empty and cost.empty,
                one.shared + cost.shared,
                one.repeats or cost.repeats,
                one.choices * cost.choices,
            )
        return cost

    def _item(self, kind: Any, value: Any, follow: Chars) -> _Cost:
        if kind in _REPEATS:
            return self._repeat(value, follow)
        if kind is kinds.BRANCH:
            return self._branch(value[1], follow)
        if kind is kinds.SUBPATTERN or kind is kinds.ATOMIC_GROUP:
            return self.sequence(list(value[-1] if kind is kinds.SUBPATTERN else value), follow)
        if kind in _LOOKS:
            return self.sequence(list(value[1]), _NONE)._replace(first=_NONE, empty=True)
        return self._one(kind, value)

    def _one(self, kind: Any, value: Any) -> _Cost:
        """Return what an anchor, a reference to a group, or a single character costs."""
        if kind is kinds.AT:
            return _Cost(_NONE, empty=True)
        if kind in (kinds.GROUPREF, kinds.GROUPREF_EXISTS):
            return _Cost(self._probes, empty=True, shared=1, repeats=True)
        chars = frozenset(char for char in self._probes if self._is(kind, value, char))
        return _Cost(chars, empty=False)

    def _repeat(self, value: tuple[Any, Any, Any], follow: Chars) -> _Cost:
        least, most, body = value
        once = self.sequence(list(body), _NONE)
        again = self.sequence(list(body), once.first)
        shares = bool(once.first & follow) or once.empty
        if least == most and most <= _OPEN:
            return self.sequence(list(body), once.first | follow)
        if most <= _OPEN:
            choices = again.choices * ((most - least + 1) if shares else 1)
            return again._replace(empty=once.empty or not least, choices=choices)
        if again.shared or again.choices > 1 or once.empty:
            raise Endless
        return _Cost(once.first, empty=not least, shared=1 if shares else 0, repeats=True)

    def _branch(self, alternatives: Sequence[Any], follow: Chars) -> _Cost:
        costs = [self.sequence(list(each), follow) for each in alternatives]
        firsts = [cost.first | (follow if cost.empty else _NONE) for cost in costs]
        overlap = sum(map(len, firsts)) > len(frozenset().union(*firsts))
        return _Cost(
            frozenset().union(*(cost.first for cost in costs)),
            any(cost.empty for cost in costs),
            max(cost.shared for cost in costs),
            any(cost.repeats for cost in costs),
            max(cost.choices for cost in costs) * (len(costs) if overlap else 1),
        )

    def _is(self, kind: Any, value: Any, char: str) -> bool:
        forms = {char, char.lower(), char.upper()} if self._ignore_case else {char}
        if kind is kinds.LITERAL:
            return chr(value) in forms
        if kind is kinds.NOT_LITERAL:
            return chr(value) not in forms
        if kind is kinds.IN:
            negated = value[0][0] is kinds.NEGATE
            return any(self._is(each[0], each[1], char) for each in value[negated:]) is not negated
        if kind is kinds.RANGE:
            return any(value[0] <= ord(form) <= value[1] for form in forms if len(form) == 1)
        if kind is kinds.CATEGORY:
            return _CATEGORIES[value](char)
        return True


def _ignores_case(compiled: re.Pattern[str]) -> bool:
    return bool(compiled.flags & re.IGNORECASE) or "(?i" in compiled.pattern


def _probes(parsed: Any) -> Chars:
    """Return characters that tell the sets of a pattern apart: some of every kind, and its own."""
    return _PROBES | frozenset(_literals(parsed))


def _literals(node: Any) -> Iterator[str]:
    if isinstance(node, tuple) and len(node) == 2 and node[0] in (kinds.LITERAL, kinds.NOT_LITERAL):  # noqa: PLR2004 - a pair
        yield chr(node[1])
    elif isinstance(node, (list, tuple, _parser.SubPattern)):
        for each in node:
            yield from _literals(each)


def _is_anchored(parsed: Any) -> bool:
    return bool(len(parsed)) and parsed[0] in (
        (kinds.AT, kinds.AT_BEGINNING),
        (kinds.AT, kinds.AT_BEGINNING_STRING),
    )
