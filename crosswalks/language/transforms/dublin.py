"""Transforms of what Dublin Core says in free text: types, rights, hosts, subjects, mark-up."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crosswalks.dates import coded, embargo_end
from crosswalks.hosts import host
from crosswalks.identifiers import address_of
from crosswalks.language.errors import Misplaced
from crosswalks.language.syntax import Argument
from crosswalks.language.transforms.registry import (
    OnValue,
    OnValues,
    into_subfields,
    over_all,
    value,
)
from crosswalks.model import Subfield

_BREAKING = re.compile(
    r"</?(?:p|br|div|ul|ol|li|h[1-6]|title|sec|blockquote|tr|table)\b[^<>]*>", re.IGNORECASE
)
_INLINE = re.compile(
    r"</?(?:i|b|em|strong|sub|sup|span|a|u|font|small|big|tt|q|cite|italic|bold|img|inf|td|th|tbody"
    r"|(?:jats|mml|xhtml):[\w-]+)\b[^<>]*>",
    re.IGNORECASE,
)
_VOCABULARY = re.compile(
    r"^(?:info:eu-repo/semantics/|https?://purl\.org/(?:coar/(?:resource_type|version|access_right)"
    r"|dc/(?:dcmitype|terms)|eprint/type|info:eu-repo/semantics)/|dcmitype:|dctypes:)",
    re.IGNORECASE,
)
_LICENCE = re.compile(
    r"https?://creativecommons\.org/licenses/([a-z-]+)/(\d\.\d)(?:/([a-z]{2})\b)?.*", re.IGNORECASE
)
_ZERO = re.compile(r"https?://creativecommons\.org/publicdomain/(zero|mark)/.*", re.IGNORECASE)
_GRANT = re.compile(r"info:eu-repo/grantAgreement/([^/]*)/([^/]*)/([^/]*)(?:/.*)?", re.IGNORECASE)
_SUBDIVISION = re.compile(r"\s*--\s*")


@value("plain-text")
def _plain() -> OnValue:
    """Take away tags of HTML such as <p> and <i>, and write on one line."""

    def run(text: str) -> str:
        if "<" not in text:
            return text
        return " ".join(_INLINE.sub("", _BREAKING.sub(" ", text)).split())

    return run


@value("concept")
def _concept() -> OnValue:
    """Keep a term or code without the address of its vocabulary (info:eu-repo, COAR, DCMI)."""
    return lambda text: _VOCABULARY.sub("", text)


@value("address")
def _address() -> OnValue:
    """Give the address where what an identifier names is found: of URLs, DOIs, handles, arXiv."""
    return address_of


@value("embargo-end")
def _embargo() -> OnValue:
    """Keep the day on which an embargo ends, as yyyymmdd."""
    return embargo_end


@value("licence")
def _licence() -> OnValue:
    """Give the short name of a Creative Commons licence by its address; drop others."""

    def run(text: str) -> str:
        if found := _LICENCE.fullmatch(text):
            country = f" {found[3].upper()}" if found[3] else ""
            return f"CC {found[1].upper()} {found[2]}{country}"
        if found := _ZERO.fullmatch(text):
            return "CC0 1.0" if found[1].lower() == "zero" else "PDM 1.0"
        return ""

    return run


@over_all("special")
def _special(general: Argument) -> OnValues:
    """Drop the value GENERAL where there are others: they say more."""
    unwanted = general.text
    return lambda values: [each for each in values if each != unwanted] or values[:1]


@value("coded-dates")
def _coded_dates(kind: Argument | None = None) -> OnValue:
    """Make 008/06-14 of a date; KIND is serial or collection, else one publication."""
    word = _ONE if kind is None else kind.text
    if word not in _CODINGS:
        column = kind.column if kind else 0
        raise Misplaced(
            column, "{text} is none of: {known}", text=word, known=", ".join(sorted(_CODINGS))
        )
    by_kind = _CODINGS[word]

    def run(text: str) -> str:
        found = coded(text)
        if found is None:
            return ""
        code, second = by_kind[found.kind]
        return f"{code}{found.first}{found.last or second or found.first}"

    return run


_ONE = "publication"
_CODINGS = {
    _ONE: {"s": ("s", "    "), "m": ("m", ""), "q": ("q", ""), "c": ("m", "")},
    "serial": {"s": ("u", "uuuu"), "m": ("d", ""), "q": ("d", ""), "c": ("c", "")},
    "collection": {"s": ("i", ""), "m": ("i", ""), "q": ("i", ""), "c": ("m", "")},
}
"""For each way a date was told: the code of 008/06, and what the second date is without one."""


@into_subfields("host")
def _host(text: str) -> tuple[Subfield, ...]:
    """Make $t, $g and $q of where an article stands: "Tạp chí X; Tập 5, Số 3 (2010); 12-20"."""
    found = host(text)
    parts = (("t", found.title), ("g", found.part), ("q", found.coded))
    return tuple((code, part) for code, part in parts if part)


@into_subfields("numbered-series")
def _series(text: str) -> tuple[Subfield, ...]:
    """Make $a and $v of a series with its number behind a semicolon."""
    title, semicolon, number = text.rpartition(";")
    if not semicolon or not title.strip():
        return (("a", text),)
    return (("a", f"{title.strip()} ;"), ("v", number.strip()))


@into_subfields("subdivided")
def _heading(text: str) -> tuple[Subfield, ...]:
    """Make $a of a subject, and $x of each subdivision behind --."""
    first, *others = [part for part in _SUBDIVISION.split(text) if part] or [text]
    return (("a", first), *(("x", part) for part in others))


@into_subfields("grant")
def _grant(text: str) -> tuple[Subfield, ...]:
    """Make $a (funder, programme) and $c (number) of a grant as info:eu-repo names it."""
    return tuple(_grant_parts(text))


def _grant_parts(text: str) -> Iterator[Subfield]:
    found = _GRANT.fullmatch(text)
    if not found:
        yield "a", text
        return
    if funder := " ".join(part for part in found.groups()[:2] if part):
        yield "a", funder
    if found[3]:
        yield "c", found[3]
