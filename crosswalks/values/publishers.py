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
    """A publisher by the word_key of the name compared, and whether it is called a house.

    An empty name is a publisher that nobody knows.
    """

    name: str
    kind: str = ""
    """``house`` (Nxb.) or ``company``, where the name says so."""
    label: str = ""
    """The name as people read it, short forms written out where the table has the house."""

    def is_same(self, other: Publisher) -> bool:
        """Tell whether both are one publisher: a company is no publishing house of its name."""
        kinds = {self.kind, other.kind} - {""}
        return bool(self.name) and self.name == other.name and len(kinds) < 2  # noqa: PLR2004 - they agree


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
    rest, kind = _without_prefix(words)
    rest = _without_suffix(rest)
    full = " ".join(_joined(in_full(rest)))
    listed = _HOUSES.of(" ".join(rest)) or _HOUSES.of(full)
    label = _HOUSES.label(listed) if listed else text.strip()
    return Publisher(name=listed or full, kind=kind, label=label)


def _without_prefix(words: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Return a name without what is said to be in front, and what that is, the last one."""
    before = phrases("vn-publisher-words.tsv", "before")
    kind = ""
    while (found := before.at(words)) and found[0] < len(words):
        words = words[found[0] :]
        kind = found[1]
    return words, kind


def _without_suffix(words: tuple[str, ...]) -> tuple[str, ...]:
    found = phrases("vn-publisher-words.tsv", "behind").ending(words)
    return words[: -found[0]] if found and found[0] < len(words) else words


def _joined(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return a name without ``và``: Khoa học Kỹ thuật is Khoa học và Kỹ thuật."""
    return tuple(word for word in words if word not in _JOINING)
