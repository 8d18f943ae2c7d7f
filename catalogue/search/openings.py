"""How titles begin, as codes of a column: so that a known title is found before all others.

A title has a token for its first word, for its first two and three, and for the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b

OPENING, OPENING_MARKED = "opening", "opening_m"
"""The columns of them: of folded words, and of those with their marks."""
_FIRST = 3
_JOIN, _WHOLE = "\ue001", "\ue002"
"""Of the private use area, as no word is."""
_LONGEST = 60


def openings(titles: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Return the tokens of titles, each given as its words."""
    return tuple(dict.fromkeys(token for title in titles for token in _of(title)))


def opening(words: Sequence[str]) -> str:
    """Return the token of a title that begins with these words, of which three count at most."""
    return _token("", words[:_FIRST])


def whole(words: Sequence[str]) -> str:
    """Return the token of a title that is these words."""
    return _token(_WHOLE, words)


def _of(title: Sequence[str]) -> Iterator[str]:
    if title:
        yield from (opening(title[:count]) for count in range(1, _FIRST + 1))
        yield whole(title)


def _token(sign: str, words: Sequence[str]) -> str:
    token = sign + _JOIN.join(words)
    if len(token) <= _LONGEST:
        return token
    # PostgreSQL's lexemes are no longer than 2,046 bytes, and an index of them should be short.
    return sign + _JOIN + blake2b(token.encode(), digest_size=12).hexdigest()
