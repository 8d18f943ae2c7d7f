"""MARC-8 to Unicode: the tables are pymarc's, the loop is ours, because theirs loses in silence.

Diacritics come before their letter in MARC-8 and after it in Unicode; nothing is normalised.
Every subfield begins with the default character sets, so whole fields can be decoded at once.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pymarc import marc8_mapping

# MARC 21 character sets, technique 1 (one letter) and technique 2 (to G0 or G1, perhaps multibyte).
_ESCAPE = re.compile(rb"\x1b(?:([gbps])|(\$?[(),-]?)!?([1-4BENQS]))")
_ASCII, _ANSEL, _EACC = 0x42, 0x45, 0x31
_ESCAPE_CODE = 0x1B
_TO_G1 = b")-"
_LOST = "\ufffd"
_GREEK_OR_SCRIPT = {b"g": 0x67, b"b": 0x62, b"p": 0x70, b"s": _ASCII}
_FIELD_END, _SUBFIELD = "\x1e", "\x1f"

# Diacritics (E0-FE of ANSEL) with the letter they belong to, or any other one special character.
_SPECIAL = re.compile("([\xe0-\xff]+[^\x1e\x1f\xe0-\xff]?|[\x80-\xdf])").split
_MOST_REMEMBERED = 20_000


def decode(data: bytes, *, lossy: bool = False) -> str:
    """Return one subfield as text; for what has no meaning raise UnicodeError, or give U+FFFD."""
    if data.isascii() and b"\x1b" not in data:
        return data.decode("ascii")
    letters, lost = _letters(data)
    if lost and not lossy:
        raise UnicodeError(f"not MARC-8: {lost}")  # noqa: EM102, TRY003
    return "".join(letters)


def decode_fields(data: bytes) -> str:
    """Return fields with their delimiters (1E, 1F) as text; raise UnicodeError as ``decode``."""
    if b"\x1b" not in data:
        return data.decode("ascii") if data.isascii() else _unescaped(data)
    return _FIELD_END.join([_field(field) for field in data.split(b"\x1e")])


def _field(data: bytes) -> str:
    if b"\x1b" not in data:
        return data.decode("ascii") if data.isascii() else _unescaped(data)
    return _SUBFIELD.join([decode(part) for part in data.split(b"\x1f")])


def _unescaped(data: bytes) -> str:
    """Return text without escape sequences: only its special characters need a look."""
    parts = _SPECIAL(data.decode("latin-1"))
    parts[1::2] = map(_remembered.__getitem__, parts[1::2])
    return "".join(parts)


class _Memory(dict[str, str]):
    """The few special characters that a language uses, each decoded once."""

    def __missing__(self, special: str) -> str:
        if len(self) > _MOST_REMEMBERED:
            self.clear()
        return self.setdefault(special, decode(special.encode("latin-1")))


_remembered = _Memory()


def _letters(data: bytes) -> tuple[list[str], str]:
    """Return the text in pieces, and a sample of the first thing in it that means nothing."""
    letters: list[str] = []
    marks = lost = ""
    for run, low, high in _runs(data):
        if low == _ASCII and not marks and run.isascii() and b"\x1b" not in run:
            letters.append(run.decode("ascii"))
            continue
        meaning = _sets(low, high)
        for code in _codes(run, low):
            found = meaning.get(code)
            if found is None:
                found, lost = (_LOST, False), lost or repr(run[:20])
            letter, is_mark = found
            if is_mark:
                marks += letter
            elif marks:
                letters.append(letter + marks)
                marks = ""
            else:
                letters.append(letter)
    return [*letters, marks], lost


def _runs(data: bytes) -> list[tuple[bytes, int, int]]:
    """Return the stretches between escape sequences, each with its two character sets."""
    low, high = _ASCII, _ANSEL
    runs = []
    at = 0
    for escape in _ESCAPE.finditer(data):
        if at < escape.start():
            runs.append((data[at : escape.start()], low, high))
        at = escape.end()
        single, target, final = escape.groups()
        if single:
            low = _GREEK_OR_SCRIPT[single]
        elif target[-1:] and target[-1:] in _TO_G1:
            high = final[0]
        else:
            low = final[0]
    return [*runs, (data[at:], low, high)] if at < len(data) else runs


def _codes(run: bytes, low: int) -> list[int]:
    """Return the codes of a stretch: East Asian characters take three bytes, a space one."""
    if low != _EACC:
        return list(run)
    codes = []
    at = 0
    while at < len(run):
        size = 3 if 0x20 < run[at] < 0x80 else 1  # noqa: PLR2004 - the graphic half
        codes.append(int.from_bytes(run[at : at + size]))
        at += size
    return codes


@lru_cache(maxsize=64)
def _sets(low: int, high: int) -> dict[int, tuple[str, bool]]:
    """Return what each code means: G0 for the lower half, G1 for the upper."""
    sets = marc8_mapping.CODESETS
    controls = [*range(0x21), 0x7F] if low == _ASCII else range(0x21)
    meaning = {code: (chr(code), False) for code in controls if code != _ESCAPE_CODE}
    meaning |= {code: (chr(to), False) for code, to in marc8_mapping.ODD_MAP.items()}
    # Where a set is defined for the other half, its codes differ by the eighth bit only.
    meaning |= {code | 0x80: (chr(to), bool(mark)) for code, (to, mark) in _half(sets, high)}
    if low == _EACC:
        return meaning | {code: (chr(to), bool(mark)) for code, (to, mark) in sets[low].items()}
    return meaning | {code & 0x7F: (chr(to), bool(mark)) for code, (to, mark) in _half(sets, low)}


def _half(
    sets: dict[int, dict[int, tuple[int, int]]], name: int
) -> list[tuple[int, tuple[int, int]]]:
    if name == _EACC:
        return []
    return [(code, found) for code, found in sets[name].items() if code > 0x20]  # noqa: PLR2004
