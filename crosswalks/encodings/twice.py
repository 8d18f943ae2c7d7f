"""UTF-8 that was taken for Windows-1252 or Latin-1, once or more, and written as UTF-8 again.

The bytes of such a text are UTF-8 to the last one, which hardly ever happens by chance.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from crosswalks.encodings.codecs import as_latin

_MOST = 6
_LED = re.compile("[\xc2-\xf4]")
_STRONG = re.compile("[\xe1-\xef][\x80-\xbf]{2}")
"""Three bytes of one letter: every Vietnamese text has one, and no language writes so."""
_PAIR = re.compile("[\xc2-\xdf][\x80-\xbf]")
_CONTROL = re.compile("[\x80-\x9f]")


class Misread(NamedTuple):
    """A text that is UTF-8 once its misreading is undone."""

    text: str
    layers: int
    """How often it was misread."""
    sure: bool
    """Whether this text alone says so; else others of the source have to."""


def misread(text: str) -> Misread | None:
    """Return a text with the misreading of its UTF-8 undone, or None if there was none."""
    layers, sure = 0, False
    while layers < _MOST and (inner := _inner(text)) is not None:
        latin, text = inner
        sure, layers = sure or _is_sure(latin), layers + 1
    return Misread(text, layers, sure) if layers else None


def _inner(text: str) -> tuple[str, str] | None:
    """Return the bytes (as Latin-1) of a misread text and what they say in UTF-8."""
    if not _LED.search(text):
        return None
    latin = as_latin(text)
    if latin is None:
        return None
    try:
        meant = latin.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return None
    # Control characters are no text: that is right only if there is another layer.
    return None if _CONTROL.search(meant) and _inner(meant) is None else (latin, meant)


def _is_sure(latin: str) -> bool:
    if _STRONG.search(latin):
        return True
    pairs = {pair.encode("latin-1").decode("utf-8") for pair in _PAIR.findall(latin)}
    return sum(map(str.isalpha, pairs)) > 1
