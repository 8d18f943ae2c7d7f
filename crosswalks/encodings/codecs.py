"""Bytes of the legacy Vietnamese encodings to text in NFC, and text that was misread back to bytes.

Bytes that an encoding does not use are read as Windows-1252, as the programs of the time did:
``decode`` never fails and never drops anything.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

from crosswalks import tables
from crosswalks.encodings.model import LEGACY, Encoding

_TABLE = "vn-encodings.tsv"
_HYPHENS = "\u2010\u2011\u2212"
"""What PDF programs print in place of the soft hyphen, which is TCVN3's ư."""
_BULLET = re.compile("(?<=[a-zA-Zà-ÿ])\u2022|\u2022(?=[a-zà-ÿ])")


def decode(data: bytes, encoding: Encoding) -> str:
    """Return bytes in one of the LEGACY encodings as text in NFC."""
    return _reader(encoding)(data.decode("latin-1"))


def decode_seen(text: str, encoding: Encoding) -> str | None:
    """Return misread text as it was meant; None if it cannot have been bytes of that encoding."""
    if encoding is Encoding.TCVN3:
        text = _BULLET.sub("\xad", text.translate(_SOFT_HYPHEN))
    latin = as_latin(text)
    return None if latin is None else _reader(encoding)(latin)


def as_seen(data: bytes) -> str:
    """Return bytes as a Windows-1252 program shows them; its five gaps as control characters."""
    return data.decode("latin-1").translate(_WINDOWS)


def as_latin(text: str) -> str | None:
    """Return misread text with a character for each byte it was, or None if it is no such text."""
    latin = text.translate(_BYTES)
    try:
        latin.encode("latin-1")
    except UnicodeEncodeError:
        return None
    return latin


def letters(encoding: Encoding) -> dict[str, str]:
    """Return what each byte or sequence of bytes (as Latin-1) means in an encoding."""
    column = tables.heading(_TABLE).index(encoding)
    found: dict[str, str] = {}
    for row in tables.rows(_TABLE):
        found.setdefault(bytes.fromhex(row[column]).decode("latin-1"), row[0])
    return found


@cache
def _reader(encoding: Encoding) -> Callable[[str], str]:
    if encoding not in LEGACY:
        raise ValueError(encoding)
    meant = {chr(byte): _outside(byte, encoding) for byte in range(0x80, 0x100)}
    meant |= letters(encoding)
    if encoding is Encoding.VNI:
        meant |= _mixed_case(meant)
    return _composed(_replacing(meant))


def _outside(byte: int, encoding: Encoding) -> str:
    page = "cp1258" if encoding is Encoding.CP1258 else "cp1252"
    return bytes([byte]).decode(page, "ignore") or chr(byte)


def _mixed_case(meant: dict[str, str]) -> dict[str, str]:
    """Return capitals whose marks were typed small, as VNI keyboards let one do."""
    capitals = {seen: letter for seen, letter in meant.items() if len(seen) > 1}
    return {
        seen[0] + seen[1].lower(): letter
        for seen, letter in capitals.items()
        if letter.isupper() and seen[0] + seen[1].lower() not in meant
    }


def _replacing(meant: dict[str, str]) -> Callable[[str], str]:
    if all(len(seen) == 1 for seen in meant):
        table = str.maketrans(meant)
        return lambda text: text.translate(table)
    longest_first = sorted(map(re.escape, meant), key=len, reverse=True)
    pattern = re.compile("|".join(longest_first))
    return lambda text: pattern.sub(lambda found: meant[found[0]], text)


def _composed(read: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: unicodedata.normalize("NFC", read(text))


_SOFT_HYPHEN = dict.fromkeys(map(ord, _HYPHENS), "\xad")
_WINDOWS = {byte: _outside(byte, Encoding.TCVN3) for byte in range(0x80, 0xA0)}
_BYTES = {ord(seen): chr(byte) for byte, seen in _WINDOWS.items()}
