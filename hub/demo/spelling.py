"""Ways to spell the same Vietnamese words: where the tone stands, lone i or y, normal form."""

from __future__ import annotations

import re
import unicodedata

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_END = "(?![\\w\u0300-\u036f])"
_OPEN_GLIDE = re.compile(f"([oO])([{_TONES}])([aeAE]){_END}|([uU])([{_TONES}])([yY]){_END}")
_LONE_Y = re.compile(f"\\b([hklmtHKLMT])y([{_TONES}]?){_END}")


def with_new_tones(text: str) -> str:
    """Write the tone of open oa, oe, uy on the second vowel: ``hòa`` -> ``hoà``."""
    spread = unicodedata.normalize("NFD", text)
    moved = _OPEN_GLIDE.sub(
        lambda found: "".join((found[1] or found[4], found[3] or found[6], found[2] or found[5])),
        spread,
    )
    return unicodedata.normalize("NFC", moved)


def with_lone_i(text: str) -> str:
    """Write i for a lone y after h, k, l, m, t, as school books do: ``lý`` -> ``lí``."""
    spread = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", _LONE_Y.sub(r"\1i\2", spread))
