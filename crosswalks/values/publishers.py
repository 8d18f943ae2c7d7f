"""Publishers without ``Nxb.`` and the like, short names in full, one name for a renamed house.

Houses whose names are only alike stay apart: Đại học Sư phạm is not that of Tp. Hồ Chí Minh.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from crosswalks.text import word_key
from crosswalks.values.abbreviations import in_full
from crosswalks.values.words import Spellings, phrases

_HOUSES = Spellings("vn-publishers.tsv")
_SEVERAL = re.compile(r"\s*(?:;|\s/\s)\s*")
_BRACKETED = re.compile(r"\[([^\[\]]*)\]")
_JOINING = frozenset((word_key("và"), "va", "and"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """A publisher by the word_key of the name compared; ``house``: called a publishing house.

    ``known`` is true for a house of the table. An empty name is a publisher that nobody knows.
    """

    name: str
    house: bool = False
    known: bool = False

    def is_same(self, other: Publisher) -> bool:
        """Tell whether both are one publisher."""
        return bool(self.name) and self.name == other.name


def read(text: str) -> tuple[Publisher, ...]:
    """Return the publishers of 26X $b or dc:publisher, in their order."""
    parts = _SEVERAL.split(_BRACKETED.sub(r"\1", text).strip(" ,;:"))
    return tuple(made for part in parts if (made := _publisher(part)))


@lru_cache(maxsize=1 << 12)
def _publisher(text: str) -> Publisher | None:
    words = tuple(word_key(text.replace("&", " và ")).split())
    if not words:
        return None
    if phrases("vn-publisher-words.tsv", "unknown").whole(words) is not None:
        return Publisher(name="")
    rest, house = _without_prefix(words)
    rest = _without_suffix(rest)
    whole = _HOUSES.of(" ".join(rest)) or _HOUSES.of(" ".join(_joined(in_full(rest))))
    return Publisher(name=whole or " ".join(_joined(in_full(rest))), house=house, known=bool(whole))


def _without_prefix(words: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    house = False
    while (found := phrases("vn-publisher-words.tsv", "before").at(words)) and found[0] < len(
        words
    ):
        words = words[found[0] :]
        house = house or found[1] == "house"
    return words, house


def _without_suffix(words: tuple[str, ...]) -> tuple[str, ...]:
    found = phrases("vn-publisher-words.tsv", "behind").ending(words)
    return words[: -found[0]] if found and found[0] < len(words) else words


def _joined(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return a name without ``và``: Khoa học Kỹ thuật is Khoa học và Kỹ thuật."""
    return tuple(word for word in words if word not in _JOINING)
