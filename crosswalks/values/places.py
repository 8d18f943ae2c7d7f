"""Places of publication: ``H.`` is Hà Nội and ``TP.HCM`` Thành phố Hồ Chí Minh, in imprints."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from crosswalks import tables
from crosswalks.text import word_key
from crosswalks.values.words import Spellings, phrases

_PLACES = Spellings("vn-places.tsv")
_COUNTRY = {word_key(name): country for name, _, country in tables.rows("vn-places.tsv")}
_BRACKETED = re.compile(r"\[([^\[\]]*)\]")
_COUNTRIES = (word_key("Việt Nam"), "viet nam", "vietnam", "vn")
_SEVERAL = re.compile(r"\s*(?:;|/|\s[-–—]\s)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place by the word_key of its name in full, and whether it is called a city or a province.

    An empty name is a place that nobody knows.
    """

    name: str
    level: str = ""
    label: str = ""
    """The name in full as people read it; as it was given, where the table does not have it."""
    country: str = ""
    """The MARC code of its country (008/15-17), if the table has the place."""

    def is_same(self, other: Place) -> bool:
        """Tell whether both are one place: a city and the province of its name are not."""
        levels = {self.level, other.level} - {""}
        return bool(self.name) and self.name == other.name and len(levels) < 2  # noqa: PLR2004 - they agree


def read(text: str) -> tuple[Place, ...]:
    """Return the places of 26X $a or of one before a publisher's name, in their order."""
    parts = _SEVERAL.split(_BRACKETED.sub(r"\1", text).strip(" :;,"))
    return tuple(place for part in parts if (place := _place(part)))


@lru_cache(maxsize=1 << 12)
def _place(text: str) -> Place | None:
    words = tuple(word_key(text).split())
    if not words:
        return None
    if phrases("vn-place-words.tsv", "unknown").whole(words) is not None:
        return Place(name="")
    words = _without_country(_without_others(words))
    if found := _PLACES.of(" ".join(words)):
        return _listed(found)
    level = phrases("vn-place-words.tsv", "level").at(words)
    if not level or level[0] == len(words):
        return Place(name=" ".join(words), label=text.strip())
    rest = " ".join(words[level[0] :])
    if found := _PLACES.of(rest):
        return _listed(found, level[1])
    return Place(name=rest, level=level[1], label=text.strip())


def _listed(key: str, level: str = "") -> Place:
    return Place(name=key, level=level, label=_PLACES.label(key), country=_COUNTRY[key])


def _without_others(words: tuple[str, ...]) -> tuple[str, ...]:
    found = phrases("vn-place-words.tsv", "others").ending(words)
    return words[: -found[0]] if found and found[0] < len(words) else words


def _without_country(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words without Việt Nam behind a place that the table knows to be there."""
    for country in _COUNTRIES:
        length = len(country.split())
        before = words[:-length]
        if before and " ".join(words[-length:]) == country and _PLACES.of(" ".join(before)):
            return before
    return words
