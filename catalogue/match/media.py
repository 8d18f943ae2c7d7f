"""On what exactly a publication is, what kind of content it has, and in what it appeared."""

from __future__ import annotations

import re

from catalogue.match.identifiers import squeezed
from catalogue.match.tagged import Marc
from catalogue.match.words import bare_map, bare_words, phrase_pattern, remembered, rows

_WORDS = bare_map("media_words")
_SAID = phrase_pattern(_WORDS)
_CODES = [(start, int(place), code, medium) for start, place, code, medium in rows("media_codes")]
_AGENCY = re.compile(r"\(([^)]+)\)(.+)")
_MELINDA = re.compile(r"^FCC(?=\d{9}$)")
"""How Melinda, Finland's union catalogue, is named in older links."""
ANY_DISC = "disc"
DISCS = frozenset({"cd", "lp", "sacd", ANY_DISC})
"""What may be meant where a record says no more than that it is a disc."""


def media(record: Marc) -> tuple[str, ...]:
    """Return the exact media and file formats a record names, sorted: ``cd``, ``dvd``, ``pdf``."""
    said = [*record.values("300", "a"), *record.values("347", "b"), *record.values("020", "q")]
    found = {*_coded(record.control("007")), *(_named(" ; ".join(said)) if said else ())}
    exact = found - {ANY_DISC}
    return tuple(sorted(exact if exact & DISCS else found))


@remembered
def _coded(said: str) -> tuple[str, ...]:
    found = (
        medium
        for start, place, code, medium in _CODES
        if said.startswith(start) and said[place : place + 1] == code
    )
    return tuple(found)


@remembered
def _named(said: str) -> tuple[str, ...]:
    return tuple({_WORDS[phrase] for phrase in _SAID.findall(bare_words(said))})


def contents(record: Marc) -> tuple[str, ...]:
    """Return the codes of content types (336 $b), sorted."""
    return tuple(sorted(set(record.values("336", "b"))))


def hosts(record: Marc) -> tuple[str, ...]:
    """Return the control numbers of what a part appeared in (773 $w), ``agency.number``, sorted.

    One without an agency means something only in the catalogue it comes from, and is left out.
    """
    found = (
        _AGENCY.match(_MELINDA.sub("(FI-MELINDA)", number)) for number in record.values("773", "w")
    )
    return tuple(sorted({f"{squeezed(each[1])}.{squeezed(each[2])}" for each in found if each}))


def host_part(record: Marc) -> str:
    """Return where in its host a part stands (773 $g), bare."""
    return bare_words(" ".join(record.values("773", "g")))
