"""A reader of QR codes, as a telephone has one, for codes without a stain (ISO/IEC 18004).

Versions 5 to 10 at levels M and Q, bytes only: what an ``otpauth`` address comes to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import zip_longest

from lxml import html

Modules = set[tuple[int, int]]
"""Column and row of the dark ones, from the upper left corner of the code."""

_QUIET = 4
_FORMAT_MASK = 0b101010000010010
"""Table C.1 and s7.9.1."""
_MEDIUM, _QUARTILE = 0, 3
"""Error correction levels as the format tells them (table 12)."""
_BYTES = 4
"""Mode indicator (table 2)."""
_BLOCKS: dict[tuple[int, int], list[int]] = {
    (5, _MEDIUM): [43] * 2,
    (6, _MEDIUM): [27] * 4,
    (7, _MEDIUM): [31] * 4,
    (8, _MEDIUM): [38] * 2 + [39] * 2,
    (9, _MEDIUM): [36] * 3 + [37] * 2,
    (10, _MEDIUM): [43] * 4 + [44],
    (5, _QUARTILE): [15] * 2 + [16] * 2,
    (6, _QUARTILE): [19] * 4,
    (7, _QUARTILE): [14] * 2 + [15] * 4,
    (8, _QUARTILE): [18] * 4 + [19] * 2,
    (9, _QUARTILE): [16] * 4 + [17] * 4,
    (10, _QUARTILE): [19] * 6 + [20] * 2,
}
"""Data codewords of each block, by version and level (table 9)."""
_MASKS: list[Callable[[int, int], bool]] = [
    lambda row, column: (row + column) % 2 == 0,
    lambda row, _: row % 2 == 0,
    lambda _, column: column % 3 == 0,
    lambda row, column: (row + column) % 3 == 0,
    lambda row, column: (row // 2 + column // 3) % 2 == 0,
    lambda row, column: row * column % 2 + row * column % 3 == 0,
    lambda row, column: (row * column % 2 + row * column % 3) % 2 == 0,
    lambda row, column: ((row + column) % 2 + row * column % 3) % 2 == 0,
]
"""Table 10."""


def drawn(page: html.HtmlElement) -> tuple[Modules, int]:
    """Return the dark modules of a code in a page, and how many it has on a side.

    They are drawn as lines that are one module high, in a square with a quiet zone around.
    """
    [path] = page.xpath("//svg/path[@stroke]/@d")
    [box] = page.xpath("//svg/@viewbox | //svg/@viewBox")
    found: Modules = set()
    x = y = 0
    for order, numbers in re.findall(r"([Mmh])([^Mmh]*)", path):
        told = [int(float(each)) for each in numbers.split()]
        if order == "h":
            found |= {(x + at - _QUIET, y - _QUIET) for at in range(told[0])}
            x += told[0]
        elif order == "M":
            x, y = told
        else:
            x, y = x + told[0], y + told[1]
    return found, int(box.split()[2]) - 2 * _QUIET


def read(dark: Modules, side: int) -> str:
    """Return the text of a code."""
    version = (side - 17) // 4
    level, mask = _format(dark)
    bits = [
        ((column, row) in dark) ^ _MASKS[mask](row, column)
        for column, row in _places(side, _taken(side, version))
    ]
    words = [_number(bits[at : at + 8]) for at in range(0, len(bits) - 7, 8)]
    data = _together(words, _BLOCKS[version, level])
    stream = [bool(word >> at & 1) for word in data for at in range(7, -1, -1)]
    assert _number(stream[:4]) == _BYTES
    wide = 8 if version < 10 else 16
    count, begin = _number(stream[4 : 4 + wide]), 4 + wide
    text = (_number(stream[at : at + 8]) for at in range(begin, begin + 8 * count, 8))
    return bytes(text).decode()


def _format(dark: Modules) -> tuple[int, int]:
    """Return level and mask (s7.9.1), which stand around the upper left corner."""
    along = [(column, 8) for column in (0, 1, 2, 3, 4, 5, 7, 8)]
    down = [(8, row) for row in (7, 5, 4, 3, 2, 1, 0)]
    told = _number([place in dark for place in along + down]) ^ _FORMAT_MASK
    return told >> 13, told >> 10 & 7


def _taken(side: int, version: int) -> Modules:
    """Return the modules that hold no data: patterns, format and version (s5.3, s7.9, s7.10)."""
    found = {(at, 6) for at in range(side)} | {(6, at) for at in range(side)}
    for column, row in ((0, 0), (side - 8, 0), (0, side - 8)):
        wide, high = 9 if column == 0 else 8, 9 if row == 0 else 8
        found |= {(column + x, row + y) for x in range(wide) for y in range(high)}
    corners = {(6, 6), (6, side - 7), (side - 7, 6)}
    centres = [6, side - 7] if version < 7 else [6, side // 2, side - 7]
    for middle in {(x, y) for x in centres for y in centres} - corners:
        found |= {(middle[0] + x, middle[1] + y) for x in range(-2, 3) for y in range(-2, 3)}
    if version >= 7:
        block = {(side - 11 + x, y) for x in range(3) for y in range(6)}
        found |= block | {(y, x) for x, y in block}
    return found


def _places(side: int, taken: Modules) -> Iterator[tuple[int, int]]:
    """Yield the modules of data in their order: pairs of columns, up and down in turn (s7.7.3)."""
    rights = (*range(side - 1, 6, -2), 5, 3, 1)
    for turn, right in enumerate(rights):
        rows = range(side - 1, -1, -1) if turn % 2 == 0 else range(side)
        for row in rows:
            for column in (right, right - 1):
                if (column, row) not in taken:
                    yield column, row


def _together(words: list[int], blocks: list[int]) -> list[int]:
    """Return the data codewords in order, of which the blocks had one each in turn (s7.6)."""
    parts: list[list[int]] = [[] for _ in blocks]
    left = iter(words[: sum(blocks)])
    for at in range(max(blocks)):
        for part, length in zip_longest(parts, blocks):
            if at < length:
                part.append(next(left))
    return [word for part in parts for word in part]


def _number(bits: list[bool]) -> int:
    return int("".join("01"[bit] for bit in bits), 2)
