"""Unicode to MARC-8, as far as its default sets go: ASCII and ANSEL, all that Vietnamese needs.

A letter that these lack becomes a numeric character reference, as the Library of Congress has it
(MARC 21 specifications, lossless conversion), so that no escape sequence is ever needed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from pymarc import marc8_mapping

_ANSEL = 0x45
_HORNS = {"o\u031b": "ơ", "O\u031b": "Ơ", "u\u031b": "ư", "U\u031b": "Ư"}
"""In ANSEL the horn is part of the letter."""
_HORN = re.compile("[oOuU]\u031b")
_LETTER = re.compile(r"([^\u0300-\u036f\ufe20-\ufe2f]?)([\u0300-\u036f\ufe20-\ufe2f]*)", re.DOTALL)


def _codes(*, marks: bool) -> Mapping[str, bytes]:
    found: dict[str, bytes] = {}
    for code, (to, mark) in sorted(marc8_mapping.CODESETS[_ANSEL].items()):
        if bool(mark) is marks and code >= 0xA1:  # noqa: PLR2004 - the upper half
            found.setdefault(chr(to), bytes((code,)))
    return MappingProxyType(found)


_LETTERS, _MARKS = _codes(marks=False), _codes(marks=True)


def encode(text: str) -> bytes:
    """Return text, fields and their delimiters included, in MARC-8: marks before their letter."""
    if text.isascii():
        return text.encode("ascii")
    apart = _HORN.sub(lambda found: _HORNS[found[0]], unicodedata.normalize("NFD", text))
    return b"".join(_letter(*found.groups()) for found in _LETTER.finditer(apart))


def _letter(letter: str, marks: str) -> bytes:
    if not marks:
        return _plain(letter)
    known = b"".join(_MARKS.get(mark, b"") for mark in marks)
    unknown = "".join(mark for mark in marks if mark not in _MARKS)
    if letter < " ":
        # A mark without a letter stands on a space: it cannot stand on a delimiter.
        return _plain(letter) + known + (b" " if known else b"") + _plain(unknown)
    return known + _plain(letter) + _plain(unknown)


def _plain(text: str) -> bytes:
    return b"".join(_one(each) for each in text)


def _one(letter: str) -> bytes:
    if letter.isascii():
        return letter.encode("ascii")
    return _LETTERS.get(letter) or b"&#x%04X;" % ord(letter)
