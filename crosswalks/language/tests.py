"""Tests of one value: ``is "a" "b"``, ``in TABLE``, ``matches "PATTERN"``, ``like url``.

The same tests serve conditions (``if 008/6 is "s"``) and the transforms ``only`` and ``except``,
where a name may stand without like.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from crosswalks import tables
from crosswalks.hosts import is_numbered
from crosswalks.identifiers import Kind, identify
from crosswalks.language.arguments import pattern
from crosswalks.language.errors import Misplaced
from crosswalks.language.lookup import table
from crosswalks.language.syntax import Argument
from crosswalks.languages import marc_code
from crosswalks.names import is_corporate, is_inverted, is_meeting

Test = Callable[[str], bool]

_MIME = re.compile(
    r"(?:application|audio|image|text|video|model|multipart)/[\w.+-]+", re.IGNORECASE
)
_WEB = re.compile(r"(?:https?|ftp)://\S+", re.IGNORECASE)


def test(name: str, arguments: Sequence[Argument], column: int) -> Test:
    """Return a test; raise Misplaced where there is none of this name or arguments are wrong."""
    if name == "is" and arguments:
        wanted = frozenset(argument.text for argument in arguments)
        return wanted.__contains__
    if name == "in" and len(arguments) == 1:
        return table(arguments[0]).holds
    if name == "matches" and len(arguments) == 1:
        search = pattern(arguments[0]).search
        return lambda text: search(text) is not None
    if name == "like" and len(arguments) == 1:
        return test(arguments[0].text, (), arguments[0].column)
    if name in _NAMED and not arguments:
        return _NAMED[name]
    known = ", ".join(sorted(_NAMED))
    raise Misplaced(
        column,
        '{text} is none of: is "TEXT", in TABLE, matches "PATTERN", {known}',
        text=name,
        known=known,
    )


def _is_kind(kind: Kind) -> Test:
    return lambda text: identify(text).kind is kind


def _found_by(pattern_: str) -> Test:
    search = re.compile(pattern_, re.IGNORECASE).search
    return lambda text: search(text) is not None


_NAMED: dict[str, Test] = {
    **{name: _found_by(pattern_) for name, pattern_ in tables.rows("kinds.tsv")},
    "corporate": is_corporate,
    "inverted": is_inverted,
    "meeting": is_meeting,
    "numbered": is_numbered,
    "mime": lambda text: _MIME.match(text) is not None,
    "web": lambda text: _WEB.fullmatch(text) is not None,
    "language": lambda text: bool(marc_code(text)),
    **{str(kind): _is_kind(kind) for kind in Kind},
}
