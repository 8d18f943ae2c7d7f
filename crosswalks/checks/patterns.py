"""What is typically wrong with a whole source, by name: each is one thing a library can mend.

A pattern is no fault of one record alone; it is counted, and the share of the source tells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum

from crosswalks.checks.features import Features, says_nothing
from crosswalks.dates import year
from crosswalks.text import fold

_STAMP = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*")
_MARKUP = re.compile(r"</?(?:p|br|i|b|em|strong|div|span|sub|sup|ul|li)\b[^<>]*>", re.IGNORECASE)
_DEAD = re.compile(
    r"https?://(?:localhost|127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|[^\s/.:]+[:/]"
    r"|hdl\.handle\.net/123456789/|example\.(?:com|org|net))|https?:///|https?://https?:",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r";\s*\w")
_DECADE = re.compile(r"[12]\d[\du][\du]")
_SOUGHT = ("s l", "s n")
"""A cataloguer's way to say that a place or name was looked for and is not there."""
_FEW = 3
_LONG = 12
"""Letters from which on a title in capitals is a habit, and not a name."""


class Pattern(StrEnum):
    """The patterns by name."""

    NO_TITLE = "no-title"
    NO_CREATOR = "no-creator"
    NO_DATE = "no-date"
    NO_LANGUAGE = "no-language"
    NO_SUBJECT = "no-subject"
    NO_IDENTIFIER = "no-identifier"
    TITLE_IS_DESCRIPTION = "title-is-description"
    TITLE_IN_CAPITALS = "title-in-capitals"
    TITLE_TOO_SHORT = "title-too-short"
    PLACEHOLDER = "placeholder"
    STAMP_AS_DATE = "stamp-as-date"
    UNREADABLE_DATE = "unreadable-date"
    DEAD_LINK = "dead-link"
    MARKUP = "markup"
    SEVERAL_NAMES = "several-names"
    SAME_IDENTIFIER = "same-identifier"
    """Seen over a whole source only; see ``crosswalks.checks.tally``."""


def patterns(told: Features) -> Iterator[tuple[Pattern, str]]:
    """Yield the patterns a record shows, each with a sample (empty where something is missing)."""
    for pattern, feature in _MISSING.items():
        if feature not in told:
            yield pattern, ""
    for pattern, look in _LOOKS.items():
        if sample := look(told):
            yield pattern, sample


def _description(told: Features) -> str:
    titles = {fold(title) for title in told.get("title", ())}
    return _first(told, "description", lambda text: fold(text) in titles and bool(titles))


def _capitals(told: Features) -> str:
    return _first(told, "title", lambda title: title.isupper() and _letters(title) >= _LONG)


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _short(told: Features) -> str:
    return _first(told, "title", lambda title: len(fold(title)) < _FEW and title.isascii())


def _placeholder(told: Features) -> str:
    asked = ("title", "creator", "publisher", "subject", "description", "date", "language")
    return next((f"{name}: {found}" for name in asked if (found := _filler(told, name))), "")


def _filler(told: Features, feature: str) -> str:
    return _first(told, feature, lambda value: says_nothing(value) and fold(value) not in _SOUGHT)


def _stamp(told: Features) -> str:
    """Return a time stamp that stands where no date of publication does."""
    dates = told.get("date", ())
    return dates[0] if dates and all(map(_STAMP.fullmatch, dates)) else ""


def _undated(told: Features) -> str:
    dates = told.get("date", ())
    read = (year(date) or _DECADE.search(date) for date in dates)
    return dates[0] if dates and not any(read) else ""


def _dead(told: Features) -> str:
    return _first(told, "link", lambda link: bool(_DEAD.match(link)))


def _markup(told: Features) -> str:
    asked = ("title", "creator", "subject", "description", "publisher")
    found = (_first(told, name, lambda text: bool(_MARKUP.search(text))) for name in asked)
    return next(filter(None, found), "")


def _several(told: Features) -> str:
    return _first(told, "creator", lambda name: bool(_SEVERAL.search(name)))


def _first(told: Features, feature: str, is_wanted: Callable[[str], bool]) -> str:
    return next((value for value in told.get(feature, ()) if is_wanted(value)), "")


_MISSING: Mapping[Pattern, str] = {
    Pattern.NO_TITLE: "title",
    Pattern.NO_CREATOR: "creator",
    Pattern.NO_DATE: "date",
    Pattern.NO_LANGUAGE: "language",
    Pattern.NO_SUBJECT: "subject",
    Pattern.NO_IDENTIFIER: "identifier",
}
_LOOKS: Mapping[Pattern, Callable[[Features], str]] = {
    Pattern.TITLE_IS_DESCRIPTION: _description,
    Pattern.TITLE_IN_CAPITALS: _capitals,
    Pattern.TITLE_TOO_SHORT: _short,
    Pattern.PLACEHOLDER: _placeholder,
    Pattern.STAMP_AS_DATE: _stamp,
    Pattern.UNREADABLE_DATE: _undated,
    Pattern.DEAD_LINK: _dead,
    Pattern.MARKUP: _markup,
    Pattern.SEVERAL_NAMES: _several,
}
