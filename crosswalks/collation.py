"""A sort key in Vietnamese order: letters first, then tones, then capitals, then everything else.

Made of digits and small letters only, so that bytes, code points and any database's collation sort
it alike. Words sort one by one (nothing before something); numbers sort by value; marks that are
neither letters nor digits only part words. The last level is the text itself: the keys of two texts
are equal if, and only if, their normal forms C are.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from crosswalks import tables
from crosswalks.text import nfc

_END, _BLANK, _NUMBER, _OTHER = "0", "1", "2", "z1"
_Z = "z0"
_SIGNS = {row[0]: row[1] for row in tables.rows("vn-letters.tsv")} | {"z": _Z}
_TONES = {"\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0301": "5", "\u0323": "6"}
"""Ngang (1), huyền, hỏi, ngã, sắc, nặng; 7 is any mark of another language."""
_LEVEL, _FOREIGN = "1", "7"
_SHAPES = frozenset("\u0302\u0306\u031b")
"""Marks that make another letter of a, e, o, u: they are no tones."""
_PARTS = re.compile(r"\d+|[^\W\d_]")
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f'’ʼ](?=[^\W_]))*")
_PLAIN = {
    row[0]: row[1]
    for table in ("fold.tsv", "look-alikes.tsv")
    for row in tables.rows(table)
    if row[0] not in _SIGNS
}
"""Letters of other languages that do not come apart by themselves: ``ø`` stands with o."""


def key(text: str) -> str:
    """Return the sort key of a text: ``[0-9a-z]`` only, some three to six times as long as it.

    Over whole texts tones come after all letters: ``Bà ấy`` stands before ``Ba vì``.
    """
    normal = nfc(text)
    return _END.join((order(normal), normal.encode("utf-8", "surrogatepass").hex()))


def order(text: str) -> str:
    """Return the key without its last level: texts that differ in signs only have the same."""
    words = [_weights(word) for word in _WORD.findall(nfc(text))]
    letters = _BLANK.join([word[0] for word in words])
    tones = _END.join([word[1] for word in words])
    cases = _END.join([word[2] for word in words])
    return _END.join((letters, tones, cases))


@lru_cache(maxsize=1 << 15)
def _weights(word: str) -> tuple[str, str, str]:
    """Return the weights of one word: letters and numbers, tones, which letters are capitals."""
    letters: list[str] = []
    tones: list[str] = []
    cases: list[str] = []
    for part in _PARTS.findall(word):
        if part.isdecimal():
            letters.append(_number(part))
            cases.append(_LEVEL)
            continue
        signs, marks = _letter(part.lower())
        letters.append(signs)
        tones += marks
        cases.append(_LEVEL if part == part.lower() else "2")
    return "".join(letters), "".join(tones) or _LEVEL, "".join(cases).rstrip(_LEVEL) or _LEVEL


def _number(digits: str) -> str:
    """Return a number so that it sorts by value: how long it is stands before it."""
    plain = "".join(str(unicodedata.decimal(digit)) for digit in digits).lstrip("0")
    return _NUMBER + _length(len(plain)) + plain


def _length(length: int) -> str:
    """Return a length in signs that sort like it, however long."""
    return str(length) if length < 9 else "9" + f"{length:08x}"  # noqa: PLR2004 - one sign's worth


def _letter(letter: str) -> tuple[str, list[str]]:
    """Return a letter's signs, and its tones and foreign marks."""
    spread = unicodedata.normalize("NFKD", _PLAIN.get(letter, letter))
    shaped = ""
    marks: list[str] = []
    for part in spread:
        whole = unicodedata.normalize("NFC", shaped[-1:] + part)
        if part in _SHAPES and whole in _SIGNS:
            shaped = shaped[:-1] + whole
        elif unicodedata.combining(part):
            marks.append(_TONES.get(part, _FOREIGN))
        else:
            shaped += part.lower()
    return "".join(map(_sign, shaped)), marks


def _sign(letter: str) -> str:
    """Return one letter's signs: those of other scripts stand behind z, by code point."""
    if letter.isdecimal():
        return _number(letter)
    return _SIGNS.get(letter, "") or f"{_OTHER}{ord(letter):06x}"
