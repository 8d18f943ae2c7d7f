"""Transforms for citing: where an article stands in its host, names and addresses on the web."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

from crosswalks import tables
from crosswalks.language.errors import Misplaced
from crosswalks.language.syntax import Argument
from crosswalks.language.transforms.registry import OnValue, OnValues, occurrence, value

_LABELS = {kind: words.split("|") for kind, words in tables.rows("enumerations.tsv")}
_RANGE = r"[A-Za-z]?\d+[A-Za-z]?(?:\s?[-–/]\s?[A-Za-z]?\d+[A-Za-z]?)?"
# 24(1993): a volume without a word is what stands before a year in brackets.
_BARE_VOLUME = re.compile(r"\s*(\d{1,4})\s*\((?:1[4-9]|20)\d\d\)")
# 773 $q of MARC 21: 24:B:9<235.
_CODED = re.compile(r"(?P<volume>[^:<\s]+)(?::[^:<]+)*?(?::(?P<issue>[^:<]+))?(?:<(?P<pages>\S+))?")
_PAGES = re.compile(r"(?P<first>\w+)(?:\s?[-–/]\s?(?P<last>\w+))?")
_ADDRESS = re.compile(r"(?:https?|ftp)://\S.*", re.IGNORECASE)
# RFC 3987 s2.2: what may never stand in an address as it is; a percent sign may, before two digits.
_FORBIDDEN = re.compile(r'[\s<>"{}|\\^`\x00-\x1f\x7f-\x9f\ue000-\uf8ff]|%(?![0-9A-Fa-f]{2})')


@value("cited")
def _cited(what: Argument) -> OnValue:
    """Find WHAT is told of a place in a host, such as "Tập 12, số 3, tr. 45-52".

    WHAT is volume, issue, pages, first-page or last-page.
    """
    if what.text not in _FINDERS:
        raise Misplaced(
            what.column, "{text} is none of: {known}", text=what.text, known=", ".join(_FINDERS)
        )
    return _FINDERS[what.text]


@occurrence("further")
def _further() -> OnValues:
    """Keep all values of a field or element but its first."""
    return lambda values: values[1:]


@value("web-address")
def _web_address() -> OnValue:
    """Write a web address as it may stand in any document (spaces as %20); drop what is none."""
    return web_address


@value("web-name")
def _web_name() -> OnValue:
    """Write all but letters, digits and -._~ as %XX, so that it can be part of a web address."""
    return lambda text: quote(text.strip(), safe="")


def web_address(text: str) -> str:
    """Return an address with what may not stand in one as %XX; an empty string for no address."""
    text = text.strip()
    return _FORBIDDEN.sub(_percent, text) if _ADDRESS.fullmatch(text) else ""


def volume(text: str) -> str:
    """Return the volume told in a place in a host, or an empty string."""
    return _labelled("volume", text) or _bare_volume(text)


def issue(text: str) -> str:
    """Return the issue told in a place in a host, or an empty string."""
    return _labelled("issue", text)


def pages(text: str) -> str:
    """Return the pages told in a place in a host, 235-48 as 235-248, or an empty string."""
    first, last = _first_and_last(text)
    return f"{first}-{last}" if first != last else first


def first_page(text: str) -> str:
    """Return the first of the pages told in a place in a host, or an empty string."""
    return _first_and_last(text)[0]


def last_page(text: str) -> str:
    """Return the last of the pages told in a place in a host, or an empty string."""
    return _first_and_last(text)[1]


def _first_and_last(text: str) -> tuple[str, str]:
    found = _PAGES.match(_labelled("pages", text))
    if not found:
        return "", ""
    first, last = found["first"], found["last"] or found["first"]
    missing = len(first) - len(last)
    return first, first[:missing] + last if missing > 0 and first.isdecimal() else last


def _labelled(kind: str, text: str) -> str:
    coded = _CODED.fullmatch(text.strip())
    if coded and ("<" in text or ":" in text):
        return (coded[kind] or "").strip()
    found = _PATTERNS[kind].search(text)
    return found[1] if found else ""


def _bare_volume(text: str) -> str:
    found = _BARE_VOLUME.match(text)
    return found[1] if found else ""


def _label(kind: str) -> re.Pattern[str]:
    words = "|".join(map(re.escape, sorted(_LABELS[kind], key=len, reverse=True)))
    return re.compile(rf"(?<!\w)(?:{words})(?:\.\s*|\s+|(?=\d))({_RANGE})", re.IGNORECASE)


def _percent(found: re.Match[str]) -> str:
    return quote(found[0], safe="")


_PATTERNS = {kind: _label(kind) for kind in _LABELS}
_FINDERS: dict[str, Callable[[str], str]] = {
    "volume": volume,
    "issue": issue,
    "pages": pages,
    "first-page": first_page,
    "last-page": last_page,
}
