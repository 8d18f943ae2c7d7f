"""Capitals that TCVN3 lost: its capital fonts drew small letters with marks as capitals.

Told by the shape of the word, and of its neighbours where one word says too little; a word that
could be either way stays as it is.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from itertools import pairwise

_WORD = re.compile(r"[^\W\d_]+")
_LOST = re.compile("[àáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ][a-zà-ỹ]+$")
"""A word of more than one small letter that begins with a vowel whose capital TCVN3 lacks."""
_SHOUTED = re.compile(r"[A-Z][^\W\d_]*[A-Z]|[^\x00-\x7f][A-Z]")
"""Without a word like this none is all capitals."""
_STATEMENT = re.compile("[^/]+")
"""ISBD parts the title from the names by a stroke."""
_FEWEST = 2
"""Plain capitals in a word that say for certain how it was meant."""


class _Case(Enum):
    CAPITAL = 1
    SMALL = 2
    EITHER = 3


def restore(text: str) -> str:
    """Return text with its lost capitals: ``GIáO DụC`` is ``GIÁO DỤC``, ``Bộ`` stays ``Bộ``."""
    if text.isascii() or text.islower():
        return text
    text = _STATEMENT.sub(lambda found: _named(found[0]), text)
    if not _SHOUTED.search(text):
        return text
    words = list(_WORD.finditer(text))
    cases = [_case(word[0]) for word in words]
    known = {case for case in cases if case is not _Case.EITHER}
    is_all = known == {_Case.CAPITAL} and cases.count(_Case.CAPITAL) >= _FEWEST
    padded = [_Case.EITHER, *cases, _Case.CAPITAL if is_all else _Case.EITHER]
    pieces = [text[: words[0].start()]] if words else [text]
    for place, (word, following) in enumerate(pairwise([*words, None])):
        assert word is not None
        around = padded[place], padded[place + 2]
        lifted = cases[place] is _Case.CAPITAL or (
            cases[place] is _Case.EITHER and around == (_Case.CAPITAL, _Case.CAPITAL)
        )
        if lifted:
            padded[place + 1] = _Case.CAPITAL
        end = following.start() if following else len(text)
        pieces += [word[0].upper() if lifted else word[0], text[word.end() : end]]
    return "".join(pieces)


def _named(text: str) -> str:
    """Return a name with the capitals that begin its words, another statement as it is."""
    words = _WORD.findall(text)
    others = [word for word in words if not _LOST.match(word)]
    is_name = _FEWEST <= len(others) < len(words) and all(map(str.istitle, others))
    return _WORD.sub(lambda found: found[0][0].upper() + found[0][1:], text) if is_name else text


@lru_cache(maxsize=1 << 14)
def _case(word: str) -> _Case:
    """Return how a word was meant: by its plain letters, since those kept their case."""
    plain = [letter for letter in word if letter.isascii()]
    capitals = sum(letter.isupper() for letter in plain)
    if capitals < len(plain):
        return _Case.SMALL
    if capitals >= _FEWEST or (capitals and word.isupper()):
        return _Case.CAPITAL
    # One capital after the first letter (``HóA`` has two, ``ÁN`` is whole) is as certain.
    if capitals and not word[0].isascii():
        return _Case.CAPITAL
    return _Case.EITHER
