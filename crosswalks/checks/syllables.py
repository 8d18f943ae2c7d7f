"""Is this word a Vietnamese syllable? The spelling is so regular that damage shows at once."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from crosswalks import tables

_TONES = {
    "\u0300": "grave",
    "\u0301": "acute",
    "\u0309": "hook",
    "\u0303": "tilde",
    "\u0323": "dot",
}
_STOPS = ("c", "ch", "p", "t")
_STOP_TONES = ("acute", "dot")
_FRONT = ("i", "e", "ê", "y")
_ONLY_FRONT = ("k", "gh", "ngh")
_NEVER_FRONT = ("c", "g", "ng")
VIETNAMESE_ONLY = frozenset("ăđơưĂĐƠƯ") | {
    unicodedata.normalize("NFC", letter + tone)
    for letter in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
    for tone in _TONES
    if letter not in "aeiouyAEIOUY" or tone in ("\u0309", "\u0323")
}
"""Letters that hardly any other language writes."""


@lru_cache(maxsize=1 << 14)
def is_syllable(word: str) -> bool:
    """Tell whether a word can be one Vietnamese syllable, in either case."""
    base, tones = _split(word.lower())
    return len(tones) <= 1 and any(
        _fits(onset, base[len(onset) :], _TONES.get(tones, ""))
        for onset in _ONSETS
        if base.startswith(onset)
    )


def _split(word: str) -> tuple[str, str]:
    spread = unicodedata.normalize("NFD", word)
    tones = "".join(letter for letter in spread if letter in _TONES)
    base = "".join(letter for letter in spread if letter not in _TONES)
    return unicodedata.normalize("NFC", base), tones


def _fits(onset: str, rime: str, tone: str) -> bool:
    if onset == "qu":
        known = rime in _AFTER_Q
    elif onset == "gi":
        known = rime in _RIMES or rime in ("", "n", "m", "p", "êt", "êng")
    else:
        front = rime.startswith(_FRONT)
        known = rime in _RIMES and not (
            (onset in _ONLY_FRONT and not front)
            or (onset in _NEVER_FRONT and front and onset != "g")
        )
    if not known or not rime.endswith(_STOPS):
        return known
    return tone in _STOP_TONES or (not tone and rime.isascii())


def _parts(wanted: str) -> frozenset[str]:
    return frozenset(
        letters
        for part, cell in tables.rows("vietnamese-syllables.tsv")
        if part == wanted
        for letters in cell.split()
    )


_ONSETS = (*_parts("onset"), "")
_RIMES = _parts("rime")
_AFTER_Q = _parts("after-q")
