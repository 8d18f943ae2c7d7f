"""Of which kind a publication is: the first thing a reader narrows a search by."""

from __future__ import annotations

from crosswalks.model import Record

_OF_TYPE = {
    "c": "score",
    "d": "score",
    "e": "map",
    "f": "map",
    "g": "video",
    "i": "sound",
    "j": "sound",
    "k": "picture",
    "m": "software",
    "o": "mixed",
    "p": "mixed",
    "r": "object",
}
"""Leader/06 (MARC 21): type of record."""
_TYPE, _LEVEL = 6, 7
_PARTS, _SERIALS = "abd", "is"
MATERIALS = ("book", "thesis", "serial", "article", *dict.fromkeys(_OF_TYPE.values()))
"""All there are, the most usual first."""


def material(record: Record) -> str:
    """Return the kind of a publication, one of ``MATERIALS``: text is a book unless it is more."""
    other = _OF_TYPE.get(record.leader[_TYPE : _TYPE + 1])
    if other:
        return other
    if is_part(record):
        return "article"
    if record.leader[_LEVEL : _LEVEL + 1] in tuple(_SERIALS):
        return "serial"
    return "thesis" if next(record.data("502"), None) else "book"


def is_part(record: Record) -> bool:
    """Tell whether a record is of a part of something: Leader/07 is a, b or d."""
    return record.leader[_LEVEL : _LEVEL + 1] in tuple(_PARTS)
