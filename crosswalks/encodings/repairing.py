"""One text repaired by a source's encoding, and brought back as it came.

The encoding is the source's; a single text is left alone where the table would make it worse.
"""

from __future__ import annotations

import re

from crosswalks.checks.syllables import VIETNAMESE_ONLY
from crosswalks.encodings import capitals, codecs, viqr, western
from crosswalks.encodings.model import LEGACY, MISREAD, Encoding, Repaired
from crosswalks.encodings.stops import USUAL
from crosswalks.encodings.syllables import Shape, shape
from crosswalks.encodings.twice import misread

_BLANK = re.compile(r"[ \t\r\n]+")
_PIECES = re.compile(r"[ \t\r\n]+|[^ \t\r\n]+")
_ALONE = re.compile("[\u2013\u2014\u2026]")
_PLAIN = re.compile("[A-Za-z]")
_SIGNS = re.compile("([\u2013\u2014\u2018-\u201e\u2026]+)")
"""What Windows-1252 has in place of letters of VISCII and VPS, and texts have too."""
_APART = re.compile(r"((?<![^,.;:)\]])[\u2013\u2014\u2026]+(?![^,.;:)\]\[]))")
"""The same with nothing but punctuation around them, as no letter stands."""
_CLASS_MARK = re.compile(r"\s*\d[\d.]*\s+\S+\s*")
_WORTH = {Shape.BROKEN: -2, Shape.FOREIGN: -1, Shape.PLAIN: 0, Shape.LEGAL: 1}
_COMBINING = re.compile("[\u0300-\u036f]")


def repair(
    text: str,
    encoding: Encoding,
    *,
    is_mixed: bool = False,
    stops: tuple[float, ...] = USUAL,
) -> Repaired:
    """Return a text as it was meant, by one encoding; unchanged if it plainly is not in it.

    ``is_mixed`` if other text beside it is sound Unicode: then it must become better, not as good.
    ``stops`` is the source's habit of full stops, as a Decision tells it.
    """
    if encoding is Encoding.VIQR:
        meant = text if "://" in text else viqr.decode(text, stops)
    else:
        meant = _meant(text, encoding, is_mixed=is_mixed)
    return Repaired(text=meant, encoding=encoding, original=text)


def undo(repaired: Repaired) -> str:
    """Return the text as it came."""
    return repaired.original


def is_unicode(text: str) -> bool:
    """Tell whether a text holds Vietnamese that can only have come as Unicode."""
    return not VIETNAMESE_ONLY.isdisjoint(text) or _COMBINING.search(text) is not None


def _meant(text: str, encoding: Encoding, *, is_mixed: bool) -> str:
    if encoding in MISREAD:
        found = misread(text)
        return found.text if found else text
    if encoding not in LEGACY or is_unicode(text):
        return text
    decoded = _decoded(text, encoding)
    if decoded is None or decoded == text:
        return text
    before, after = quality(text), quality(decoded)
    if is_mixed:
        return decoded if after > before else text
    # Foreign words stay, if nothing else in the text says that they are none.
    pairs = list(zip(_BLANK.split(text), _BLANK.split(decoded), strict=False))
    before -= sum(_is_name(seen, word) for seen, word in pairs)
    if after == before:
        is_meant = shape(text) is Shape.PLAIN or _CLASS_MARK.fullmatch(text) is not None
        return decoded if is_meant or any(map(_is_mended, pairs)) else text
    return decoded if after > before else text


def _decoded(text: str, encoding: Encoding) -> str | None:
    if encoding is Encoding.TCVN3:
        decoded = codecs.decode_seen(text, encoding)
        return decoded and capitals.restore(decoded)
    if encoding is Encoding.CP1258 or _SIGNS.search(text) is None:
        return codecs.decode_seen(text, encoding)
    pieces = [_piece(piece, encoding) for piece in _PIECES.findall(text)]
    return None if None in pieces else "".join(map(str, pieces))


def _piece(piece: str, encoding: Encoding) -> str | None:
    """Return a piece between blanks; its quotes and dashes stay where letters would spoil it."""
    parts = _APART.split(piece)
    if len(parts) > 1:
        read = [part if _APART.fullmatch(part) else _piece(part, encoding) for part in parts]
        return None if None in read else "".join(map(str, read))
    decoded = codecs.decode_seen(piece, encoding)
    if decoded is None or not _SIGNS.search(piece):
        return decoded
    if shape(decoded) >= Shape.PLAIN and (_PLAIN.search(piece) or not _ALONE.search(piece)):
        return decoded
    parts = [
        part if _SIGNS.match(part) else codecs.decode_seen(part, encoding) or part
        for part in _SIGNS.split(piece)
    ]
    kept = "".join(parts)
    return kept if shape(kept) >= Shape.PLAIN else decoded


def _is_name(seen: str, word: str) -> bool:
    """Tell whether a word that could be none as it came is a foreign name in Vietnamese letters."""
    return shape(seen) is not Shape.BROKEN and western.is_none(seen) and western.is_spelt(word)


def _is_mended(pair: tuple[str, str]) -> bool:
    seen, word = pair
    return seen != word and shape(word) is Shape.LEGAL


def quality(text: str) -> int:
    """Return how many words with marks are Vietnamese, less those that are no words."""
    return sum(_WORTH[shape(word)] for word in _BLANK.split(text))
