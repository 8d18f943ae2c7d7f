"""What makes two records different whatever else agrees. Each veto is symmetric."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from catalogue.match.features import Features
from catalogue.match.media import ANY_DISC, DISCS
from catalogue.match.policy import Policy

Veto: TypeAlias = Callable[[Features, Features, Policy], str]
"""Returns the reason, or an empty string where it has no objection."""

_NUMBER = re.compile(r"\d+")
_YEARLIKE = range(1000, 2100)
_SAME_MATERIAL = {"t": "a", "d": "c", "f": "e", "m": "a"}
"""Manuscripts and computer files are told apart by carrier and date, not by leader/06."""
_IMPRESSION = "i"


def vetoes(a: Features, b: Features, settings: Policy) -> Iterator[str]:
    """Yield the reasons why two records cannot be one."""
    for veto in _VETOES:
        reason = veto(a, b, settings)
        if reason:
            yield reason


def _material(a: Features, b: Features, _: Policy) -> str:
    return _conflict("material", one_material(a.material), one_material(b.material))


def one_material(code: str) -> str:
    """Return the code of leader/06 that stands for all that are not told apart by it."""
    return _SAME_MATERIAL.get(code, code)


def _level(a: Features, b: Features, _: Policy) -> str:
    if a.serial != b.serial and a.level and b.level:
        return _both("level", a.level, b.level)
    return _both("host", _yes(a.analytic), _yes(b.analytic)) if a.analytic != b.analytic else ""


def _carrier(a: Features, b: Features, _: Policy) -> str:
    """Part carriers where words or 007 tell of one; codes of 008 and links alone may be slips."""
    if a.carrier == b.carrier or not (a.carrier_sure or b.carrier_sure):
        return ""
    return _both("carrier", a.carrier or "print", b.carrier or "print")


def _medium(a: Features, b: Features, _: Policy) -> str:
    """Part a CD from an LP and a PDF from an EPUB, but not a CD from what is said to be a disc."""
    ours, theirs = set(a.media), set(b.media)
    if not ours or not theirs or ours & theirs:
        return ""
    if {ANY_DISC} in (ours, theirs) and ours | theirs <= DISCS:
        return ""
    return _both("medium", ",".join(a.media), ",".join(b.media))


def _part(a: Features, b: Features, _: Policy) -> str:
    """Part what stands at two places of a host, or in two hosts."""
    if not (a.host and b.host):
        return ""
    if not set(a.hosts) & set(b.hosts) and _agencies(a) & _agencies(b):
        return _both("part", a.hosts[0], b.hosts[0])
    return _conflict("part", a.host_part, b.host_part)


def _agencies(features: Features) -> set[str]:
    return {number.partition(".")[0] for number in features.hosts}


def _volume(a: Features, b: Features, _: Policy) -> str:
    return _conflict("volume", a.volume, b.volume)


def _set(a: Features, b: Features, _: Policy) -> str:
    """Keep a record of a whole set apart from a record of one of its volumes."""
    whole, one = (a, b) if not a.volume else (b, a)
    if not whole.volume and one.volume and whole.volumes > 1 >= one.volumes:
        return "veto-set"
    return ""


def _edition(a: Features, b: Features, settings: Policy) -> str:
    """Let numbers of the same kind disagree only between impressions, which are no editions.

    Where books are not reprinted every year another number may be a slip: that is asked.
    """
    if a.edition[:1] != b.edition[:1] or a.edition[:1] == _IMPRESSION:
        return ""
    if not is_yearly(a, b, settings):
        return ""
    return _conflict("edition", a.edition, b.edition)


def _year(a: Features, b: Features, settings: Policy) -> str:
    """Tolerate no other year where books are reprinted yearly, but ask of the same edition."""
    if not a.years or not b.years or a.serial or b.serial or set(a.years) & set(b.years):
        return ""
    if not is_yearly(a, b, settings):
        return ""
    if a.edition and a.edition == b.edition:
        return ""
    return _both("year", str(a.years[0]), str(b.years[0]))


def is_yearly(a: Features, b: Features, settings: Policy) -> bool:
    """Say whether one of two comes from where books are reprinted, with another year, each year."""
    return of_yearly(a, settings) or of_yearly(b, settings)


def of_yearly(features: Features, settings: Policy) -> bool:
    """Say whether a record comes from where books are reprinted, with another year, each year."""
    language = "vie" if features.vietnamese else features.language
    return features.country in settings.yearly_countries or language in settings.yearly_languages


def _issn(a: Features, b: Features, _: Policy) -> str:
    if not a.issns or not b.issns or set(a.issns) & set(b.issns):
        return ""
    return _both("issn", a.issns[0], b.issns[0])


def _kind(a: Features, b: Features, _: Policy) -> str:
    return _conflict("kind", a.kind, b.kind) or _conflict("variant", a.variant, b.variant)


def _numbers(a: Features, b: Features, settings: Policy) -> str:
    """Part titles that both have a number which the other has not, with and without subtitle.

    Where books are not reprinted every year, years and what subtitles tell may be slips: asked.
    """
    if not (is_yearly(a, b, settings) or _numbered_apart(a, b)):
        return ""
    ours, theirs = _NUMBER.findall(a.bare), _NUMBER.findall(b.bare)
    ours += _NUMBER.findall(a.subtitle)
    theirs += _NUMBER.findall(b.subtitle)
    if set(ours) <= set(theirs) or set(theirs) <= set(ours):
        return ""
    return _both("numbers", ",".join(ours) or "none", ",".join(theirs) or "none")


def numbers_differ(a: Features, b: Features) -> bool:
    """Say whether two titles proper differ in numbers that are no years."""
    return small_numbers(a) != small_numbers(b)


def _numbered_apart(a: Features, b: Features) -> bool:
    """Say whether two titles proper differ in numbers that are no years: of grades, of parts."""
    ours, theirs = small_numbers(a), small_numbers(b)
    return not (ours <= theirs or theirs <= ours)


def small_numbers(features: Features) -> set[int]:
    """Return the numbers of a title proper that are no years: of a grade, a part, a report."""
    found = map(int, _NUMBER.findall(features.bare))
    return {number for number in found if number not in _YEARLIKE}


def _marks(a: Features, b: Features, settings: Policy) -> str:
    agreement = marks_agreement(a, b)
    return f"veto-marks:{int(agreement * 100)}%" if agreement < settings.marks_least else ""


def marks_agreement(a: Features, b: Features) -> float:
    """Return the share of equal words where two marked titles differ in marks only, else 1."""
    if a.title == b.title or a.bare != b.bare or not (a.has_marks and b.has_marks):
        return 1.0
    ours, theirs = a.title.split(), b.title.split()
    if len(ours) != len(theirs):
        return 1.0
    return sum(map(str.__eq__, ours, theirs)) / len(ours)


def _conflict(name: str, a: str, b: str) -> str:
    return _both(name, a, b) if a and b and a != b else ""


def _both(name: str, a: str, b: str) -> str:
    low, high = sorted((a, b))
    return f"veto-{name}:{low}/{high}"


def _yes(value: bool) -> str:  # noqa: FBT001 - a truth value to be shown
    return "part" if value else "whole"


_VETOES: tuple[Veto, ...] = (
    _material,
    _level,
    _carrier,
    _medium,
    _part,
    _volume,
    _set,
    _edition,
    _year,
    _issn,
    _kind,
    _numbers,
    _marks,
)

_NAMES = (
    *(
        "material",
        "level",
        "host",
        "carrier",
        "medium",
        "part",
        "volume",
        "set",
        "edition",
        "year",
        "issn",
    ),
    *("kind", "variant", "numbers", "marks"),
)
CODES = ("veto-title", *(f"veto-{name}" for name in _NAMES))
"""The codes of all objections, that of decide itself among them."""
