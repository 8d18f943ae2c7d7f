"""Finding a page of help by words, with or without marks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from crosswalks.text import fold
from web.manual.guides import names
from web.manual.rendering import sections

MOST = 20
_BEFORE, _SHOWN = 60, 220
"""Letters of a section that are shown before the first word found, and in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A section of a page in which all words stand."""

    page: str
    title: str
    anchor: str
    heading: str
    around: str
    """What stands there around the first word."""


def find(words: str, language: str) -> list[Found]:
    """Return the sections with all these words, those first whose headings have the most."""
    wanted = fold(words).split()
    if not wanted:
        return []
    hits = [
        (-sum(word in heading for word in wanted), number, found)
        for number, (heading, text, found) in enumerate(_all(language))
        if all(word in text or word in heading for word in wanted)
    ]
    return [_with_words(found, wanted) for _, _, found in sorted(hits, key=_rank)[:MOST]]


def _rank(hit: tuple[int, int, Found]) -> tuple[int, int]:
    return hit[0], hit[1]


@cache
def _all(language: str) -> tuple[tuple[str, str, Found], ...]:
    """Return every section: its headings and its words as they are compared, and itself."""
    made = []
    for page in names():
        told = sections(page, language)
        for section in told:
            title, heading = told[0].heading.text, section.heading
            found = Found(
                page=page,
                title=title,
                anchor=heading.anchor,
                heading=heading.text,
                around=section.text,
            )
            made.append((fold(f"{title} {heading.text}"), fold(section.text), found))
    return tuple(made)


def _with_words(found: Found, wanted: list[str]) -> Found:
    text, folded = found.around, fold(found.around)
    # Folding keeps the number of letters nearly everywhere; a little off is no harm here.
    place = max(min((folded.find(word) for word in wanted if word in folded), default=0), 0)
    start = max(place - _BEFORE, 0)
    start = text.find(" ", start) + 1 if start else 0
    part = text[start : start + _SHOWN]
    around = f"{'… ' if start else ''}{part}{' …' if start + _SHOWN < len(text) else ''}"
    return Found(
        page=found.page,
        title=found.title,
        anchor=found.anchor,
        heading=found.heading,
        around=around,
    )
