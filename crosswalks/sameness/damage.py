"""What a damaged value may have been, to be held against one that is sound.

Beside a sound value even one field is evidence: a reading counts only if words that are no
Vietnamese become Vietnamese by it, and then still has to be the other value.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from crosswalks.checks.syllables import is_syllable
from crosswalks.encodings import repair
from crosswalks.encodings.codecs import decode_seen
from crosswalks.encodings.model import LEGACY, MISREAD, Encoding
from crosswalks.encodings.syllables import Shape, shape
from crosswalks.text import nfc

_WORD = re.compile(r"[^\W\d_]+")
_MNEMONIC = re.compile(r"[aeouAEOU][\^(+]['`?~.]?|[aeiouy]['`~](?=[a-z])")
_SIGN_IN_WORD = re.compile("[^\\W\\d_\xa1-\xbf][\xa1-\xbf\xd7\xf7]|[\xa1-\xbf\xd7\xf7][^\\W\\d_]")
_REFERENCE = re.compile(r"&(?:#\d{2,6}|#x[0-9a-fA-F]{2,6}|[a-zA-Z]{2,8});")
_TOUCHING = re.compile(r"(?<=\w)-")
_VNI_SINGLE = str.maketrans("ơƠưƯĩĨịỊđĐỉỈỵ", "ôÔöÖóÓòÒñÑæÆî")
"""Letters that VNI has one byte for, and what a wrong converter took for them."""
_CONVERTED = str.maketrans("ơƠĩĨịỊ", "ôÔóÓòÒ")
"""Those of them that were Vietnamese letters before."""
_LOST_HORN = re.compile("(?<![ưƯ])(?=[ờớởỡợơỜỚỞỠỢƠ])")


@lru_cache(maxsize=1 << 10)
def readings(text: str) -> tuple[str, ...]:
    """Return what a value may have been before it was damaged; nothing if it shows no damage."""
    text = nfc(text)
    before = _broken(text)
    if not before and not _MNEMONIC.search(text) and not _REFERENCE.search(text):
        return ()
    found = dict.fromkeys(nfc(reading) for reading in _readings(text))
    return tuple(
        reading for reading in found if reading != text and _broken(reading) < max(before, 1)
    )


def _readings(text: str) -> Iterator[str]:
    if _REFERENCE.search(text):
        yield html.unescape(text)
    for encoding in (*MISREAD, *LEGACY):
        yield repair(text, encoding, is_mixed=True).text
    if text.isascii():
        yield repair(text, Encoding.VIQR).text
        return
    # The soft hyphen that is TCVN3's ư, printed as a hyphen.
    yield decode_seen(_TOUCHING.sub("\xad", text), Encoding.TCVN3) or text
    yield _mended(text, lambda word: word.translate(_CONVERTED))
    yield decode_seen(text.translate(_VNI_SINGLE), Encoding.TCVN3) or text
    yield _mended(text, lambda word: _LOST_HORN.sub("ư", word, count=1))


def _broken(text: str) -> int:
    """Return how many pieces between blanks are no Vietnamese, or have signs for letters."""
    return sum(
        shape(piece) < Shape.PLAIN or _SIGN_IN_WORD.search(piece) is not None
        for piece in text.split()
    )


def _mended(text: str, mend: Callable[[str], str]) -> str:
    """Return the text with those words mended that thereby become syllables."""

    def one(found: re.Match[str]) -> str:
        word = found[0]
        if word.isascii() or is_syllable(word):
            return word
        mended = mend(word)
        return mended if is_syllable(mended) else word

    return _WORD.sub(one, text)
