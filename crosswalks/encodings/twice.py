"""UTF-8 that was taken for Windows-1252 or Latin-1, once or more, and written as UTF-8 again.

The bytes of such a text are UTF-8 to the last one, which hardly ever happens by chance.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from crosswalks.encodings.codecs import as_latin
from crosswalks.encodings.syllables import is_legal

_MOST = 6
_LED = re.compile("[\xc2-\xf4]")
_STRONG = re.compile("[\xe1-\xef][\x80-\xbf]{2}")
"""Three bytes of one letter: every Vietnamese text has one, and no language writes so."""
_PAIR = re.compile("[\xc2-\xdf][\x80-\xbf]")
_GAP = "\x1f"
_LOST = re.compile("Ã(?: |$)")
_AROUND = re.compile(rf"([^\W\d_]+){_GAP}([^\W\d_]*)( ?)")
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
    inner = _inner(text) or _with_lost_blanks(text)
    while layers < _MOST and inner is not None:
        latin, text = inner
        sure, layers = sure or _is_sure(latin), layers + 1
        inner = _inner(text)
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


def _with_lost_blanks(text: str) -> tuple[str, str] | None:
    """Return the same where à lost its second byte: a blank that does not break became one."""
    if not _LOST.search(text):
        return None
    inner = _inner(_LOST.sub(lambda found: f"Ã\xa0{_GAP if found[0][1:] else ''}", text))
    if inner is None or not _STRONG.search(inner[0]):
        return None
    return inner[0], _AROUND.sub(_joined, inner[1])


def _joined(found: re.Match[str]) -> str:
    """Return a word that the blank cut in two, or two words if they are no one word."""
    before, after, blank = found.groups()
    is_one = is_legal(before + after) if after else blank == " "
    return f"{before}{'' if is_one else ' '}{after}{blank}"


def _is_sure(latin: str) -> bool:
    if _STRONG.search(latin):
        return True
    pairs = {pair.encode("latin-1").decode("utf-8") for pair in _PAIR.findall(latin)}
    return sum(map(str.isalpha, pairs)) > 1
