"""What speaks for and against two records being one, as reasons with weights. Symmetric."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rapidfuzz import fuzz

from catalogue.match.features import Features
from catalogue.match.policy import Policy
from catalogue.match.vetoes import marks_agreement
from catalogue.match.words import has_marks

_ABBREVIATED = 0.95
"""How alike a name and the same name with initials count."""


class Evidence(NamedTuple):
    """A reason's code (the name of its weight), the value to show, and how much of it counts."""

    code: str
    value: str = ""
    strength: float = 1.0


def title_similarity(a: Features, b: Features) -> float:
    """Return how alike two titles are, 0 to 1.

    Where only one record has a subtitle it may have been left out, or stand in the other's title.
    """
    if not a.bare or not b.bare:
        return 0.0
    proper = fuzz.ratio(a.bare, b.bare) / 100
    if a.subtitle == b.subtitle:
        return proper
    full = fuzz.ratio(_full(a), _full(b)) / 100
    return full if a.subtitle and b.subtitle else max(proper, full)


def _full(features: Features) -> str:
    return f"{features.bare} {features.subtitle}".rstrip()


def evidence(a: Features, b: Features, settings: Policy) -> Iterator[Evidence]:
    """Yield all evidence but the title's."""
    yield from _numbers(a, b)
    yield from _author(a, b, settings)
    yield from _year(a, b)
    yield from _publisher(a, b, settings)
    yield from _pages(a, b, settings)
    yield from _numbering(a, b)
    if a.language and b.language and a.language != b.language:
        yield Evidence("language-different", _two(a.language, b.language))
    agreement = marks_agreement(a, b)
    if agreement < 1:
        yield Evidence("marks-different", f"{agreement:.2f}")


def _numbers(a: Features, b: Features) -> Iterator[Evidence]:
    for code, ours, theirs in (
        ("isbn-equal", a.isbns, b.isbns),
        ("issn-equal", a.issns, b.issns),
        ("national-equal", a.national, b.national),
        ("control-equal", a.controls, b.controls),
    ):
        common = sorted(set(ours) & set(theirs))
        if common:
            yield Evidence(code, common[0])
        elif ours and theirs and code == "isbn-equal":
            yield Evidence("isbn-different", _two(ours[0], theirs[0]))


def _author(a: Features, b: Features, settings: Policy) -> Iterator[Evidence]:
    if not a.names or not b.names:
        return
    if _same_author(a, b):
        if _marks_conflict(a, b):
            yield Evidence("author-different", _two(a.author_key, b.author_key))
        else:
            yield Evidence("author-equal")
        return
    likeness = max(_name_likeness(ours, theirs) for ours in _main(a) for theirs in _main(b))
    if likeness >= settings.name_close:
        yield Evidence("author-similar", f"{likeness:.2f}")
    elif not set(a.names).isdisjoint(b.names):
        yield Evidence("author-similar", "shared")
    else:
        yield Evidence("author-different", _two(a.author or a.names[0], b.author or b.names[0]))


def _main(features: Features) -> tuple[str, ...]:
    return (features.author,) if features.author else features.names


def _same_author(a: Features, b: Features) -> bool:
    if a.author and b.author:
        return a.author == b.author or a.author in b.names or b.author in a.names
    return not set(a.names).isdisjoint(b.names)


def _marks_conflict(a: Features, b: Features) -> bool:
    """Say whether two main entries differ in their marks only: Hoa and Hòa are two people."""
    ours, theirs = a.author_key, b.author_key
    return a.author == b.author and ours != theirs and has_marks(ours) and has_marks(theirs)


def _name_likeness(a: str, b: str) -> float:
    """Return how alike two names are; initials and left out middle names count as close."""
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


def _year(a: Features, b: Features) -> Iterator[Evidence]:
    if not a.years or not b.years:
        return
    if a.years[0] == b.years[0]:
        yield Evidence("year-equal", str(a.years[0]))
    elif set(a.years) & set(b.years):
        yield Evidence("year-overlap", _two(str(a.years[0]), str(b.years[0])))
    elif not (a.serial or b.serial):
        yield Evidence("year-reprint", _two(str(a.years[0]), str(b.years[0])))


def _publisher(a: Features, b: Features, settings: Policy) -> Iterator[Evidence]:
    if not a.publishers or not b.publishers:
        return
    pairs = [(ours, theirs) for ours in a.publishers for theirs in b.publishers]
    if max(fuzz.ratio(*pair) for pair in pairs) / 100 >= settings.publisher_close:
        yield Evidence("publisher-equal")
    elif any(_contains(*pair) for pair in pairs):
        yield Evidence("publisher-similar")
    else:
        yield Evidence("publisher-different", _two(a.publishers[0], b.publishers[0]))


def _contains(a: str, b: str) -> bool:
    """Say whether one name is the other with words more: a longer form, or a sister house."""
    ours, theirs = set(a.split()), set(b.split())
    return ours <= theirs or theirs <= ours


def _pages(a: Features, b: Features, settings: Policy) -> Iterator[Evidence]:
    if not a.pages or not b.pages:
        return
    near = abs(a.pages - b.pages) <= settings.pages_tolerance
    yield Evidence("pages-equal" if near else "pages-different", _two(str(a.pages), str(b.pages)))


def _numbering(a: Features, b: Features) -> Iterator[Evidence]:
    for name, ours, theirs in (
        ("kind", a.kind, b.kind),
        ("edition", a.edition, b.edition),
        ("volume", a.volume, b.volume),
    ):
        if ours and ours == theirs and name != "kind":
            yield Evidence(f"{name}-equal", ours)
        elif bool(ours) != bool(theirs):
            yield Evidence(f"{name}-silent", ours or theirs)


def _two(a: str, b: str) -> str:
    return "/".join(sorted((a, b)))
