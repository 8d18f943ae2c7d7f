"""Names of people, bodies and publishers as keys that do not depend on order or honours."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rapidfuzz import fuzz

from catalogue.match.tagged import Marc
from catalogue.match.words import bare, bare_map, bare_set, bare_words, remembered, rows
from crosswalks.model import Field
from crosswalks.text import word_key

_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]?")
_ROUND = re.compile(r"\([^)]*\)")
_FRONT = frozenset(bare_words(phrase) for phrase, place in rows("roles") if place == "front")
_ROLES = frozenset(bare_words(phrase) for phrase, _ in rows("roles"))
_MOST = 12
"""Names kept of one record: enough to compare, bounded for a proceedings volume of hundreds."""


@remembered
def name_key(text: str) -> str:
    """Return a name's words (word_key) in alphabetical order, without roles, honours and dates.

    ``Nguyễn, Nhật Ánh``, ``Ánh, Nguyễn Nhật`` and ``TS. Nguyễn Nhật Ánh`` give the same key.
    """
    text = _BRACKETS.sub(" ", text)
    role, colon, name = text.partition(":")
    if colon and bare_words(role) in _ROLES:
        text = name
    words: list[str] = []
    for part in text.split(","):
        key = word_key(part)
        if not any(map(str.isdigit, key)) and bare(key) not in _ROLES:
            words += key.split()
    return " ".join(sorted(_without_honours(words)))


def _without_honours(words: list[str]) -> list[str]:
    start = 0
    while len(words) - start > 2:  # noqa: PLR2004 - a name keeps two words at least
        pair = bare(" ".join(words[start : start + 2]))
        if pair in _FRONT and len(words) - start > 3:  # noqa: PLR2004
            start += 2
        elif bare(words[start]) in _FRONT:
            start += 1
        else:
            break
    return words[start:]


@remembered
def order_free(key: str) -> str:
    """Return the bare form of a name_key, its words in alphabetical order again."""
    return " ".join(sorted(bare(key).split()))


def main_name(record: Marc) -> str:
    """Return the name_key of the main entry (1XX), or an empty string."""
    return next(filter(None, map(entry_key, record.data("100", "110", "111"))), "")


def other_names(record: Marc) -> list[str]:
    """Return the name_keys of added entries; of a record without any entry those of 245 $c."""
    entries = record.data("700", "710", "711")
    added = [entry_key(entry) for entry in entries if not entry.first("t")]
    if not added and next(record.data("100", "110", "111"), None) is None:
        said = " ; ".join(record.values("245", "c"))
        added = [name_key(name) for name in re.split(r"[;/]| và | and ", said)]
        added = [key for key in added if 1 < len(key.split()) < 6]  # noqa: PLR2004 - a name, no prose
    return [key for key in added if key][:_MOST]


def entry_key(entry: Field) -> str:
    """Return the name_key of a main or added entry (X00, X10, X11)."""
    if entry.tag[1:] == "00":
        return name_key(entry.first("a"))
    return " ".join(sorted(word_key(" ".join(entry.all("ab"))).split()))


_PREFIXES = sorted(bare_set("publisher_prefixes"), key=lambda prefix: (-len(prefix), prefix))
_JOINT = re.compile(r"[;/]")
_NOBODY = bare_set("nobody")
_ALIASES = {name: bare_words(same) for name, same in bare_map("publisher_aliases").items()}


@remembered
def publisher_key(text: str) -> str:
    """Return a publisher's name bare, without ``Nxb.`` and the like, short names written out.

    Nothing where what stands there says that nobody knows it.
    """
    name = bare_words(_ROUND.sub(" ", text))
    if name in _NOBODY:
        return ""
    for prefix in _PREFIXES:
        if name.startswith(prefix + " "):
            name = name[len(prefix) + 1 :]
    return _ALIASES.get(name, name)


def publishers(record: Marc) -> tuple[str, ...]:
    """Return the publishers' keys, sorted: joint ventures are compared as sets."""
    said = [
        value
        for imprint in record.data("260", "264")
        if imprint.tag == "260" or imprint.indicators[1:] in ("1", " ")
        for value in imprint.all("b")
    ]
    found = {key for value in said for key in _publisher_keys(value)}
    return tuple(sorted(found))


@remembered
def _publisher_keys(value: str) -> tuple[str, ...]:
    return tuple([key for name in _JOINT.split(value) if (key := publisher_key(name))])


def same_person(a: str, b: str, known: Mapping[str, str]) -> bool:
    """Say whether two name_keys are known as names of one person."""
    return a in known and known[a] == known.get(b)


_ABBREVIATED = 0.95
"""How alike a name and the same name with initials count."""


def alike_names(a: str, b: str) -> float:
    """Return how alike two names are, 0 to 1; initials and left out middle names count as close."""
    ours, theirs = a.split(), b.split()
    if _abbreviates(ours, theirs) or _abbreviates(theirs, ours):
        return _ABBREVIATED
    return fuzz.ratio(a, b) / 100


def _abbreviates(short: list[str], long: list[str]) -> bool:
    """Say whether every word of one name is a word of the other or its initial."""
    if len(short) == 1:
        return False
    left = list(long)
    whole = 0
    for word in sorted(short, key=len, reverse=True):
        full = next((other for other in left if other == word), "")
        match = full or next((o for o in left if len(word) == 1 and o.startswith(word)), "")
        if not match:
            return False
        left.remove(match)
        whole += bool(full) and len(full) > 1
    return whole > 0
