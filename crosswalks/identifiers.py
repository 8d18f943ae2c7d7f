"""What an identifier is: Dublin Core mixes them all, and a wrong ISBN merges two books.

Precision first: a bare ten-digit number is not an ISBN, and DSpace's own handle prefix
(123456789) names nothing outside its repository.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from stdnum import isbn, issn

from crosswalks.checkdigits import is_isbn
from crosswalks.dates import year
from crosswalks.hosts import is_numbered


class Kind(StrEnum):
    """What an identifier turned out to be."""

    ISBN = "isbn"
    BAD_ISBN = "bad-isbn"
    ISSN = "issn"
    BAD_ISSN = "bad-issn"
    DOI = "doi"
    HANDLE = "hdl"
    URN = "urn"
    ARXIV = "arxiv"
    PMID = "pmid"
    URL = "url"
    CITATION = "citation"
    OTHER = "other"


class Identifier(NamedTuple):
    """An identifier with its kind; ``note`` is what stood in brackets behind an ISBN."""

    kind: Kind
    value: str
    note: str = ""


_ISBN = re.compile(
    r"(?P<named>(?:urn:)?isbn(?:-?1[03])?[:\s]*)?"
    r"(?P<number>(?:97[89][- ]?)?\d[\d -]{7,14}[\dX])\s*(?:\((?P<note>[^)]*)\))?[\s.:;,]*",
    re.IGNORECASE,
)
# What nearly all are, and _ISBN finds slowly: ten or thirteen digits, perhaps with brackets behind.
_PLAIN_ISBN = re.compile(r"(97[89][0-9]{10}|[0-9]{9}[0-9X])(?: \(|\Z)").match
_ISBN_SHAPE = re.compile(r"97[89]\d{10}|\d(?=[\dX -]*-)[\dX -]{8,16}", re.IGNORECASE)
_ISSN = re.compile(
    r"(?P<named>(?:urn:)?[ep]?-?issn(?:-L)?[:\s]*)?(?P<number>\d{4}-?\d{3}[\dX])"
    r"(?:\s*\((?:print|online|electronic|p|e|bản in|trực tuyến)\))?",
    re.IGNORECASE,
)
_YEARS = re.compile(r"(1[4-9]|20)\d\d-(1[4-9]|20)\d\d")
_DOI = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_HANDLE = re.compile(r"(?:hdl:\s*|https?://hdl\.handle\.net/)([\w.]+/\S+)", re.IGNORECASE)
_LOCAL_HANDLE = "123456789/"
_URL = re.compile(r"(?:https?|ftp)://\S+", re.IGNORECASE)
_ARXIV = re.compile(
    r"(?:arxiv:\s*|https?://arxiv\.org/abs/)((?:[a-z.-]+/\d{7}|\d{4}\.\d{4,5})(?:v\d+)?)"
    r"(?:\s*\[[\w.-]+\])?",
    re.IGNORECASE,
)
_PMID = re.compile(
    r"(?:pmid:?\s*|https?://(?:pubmed|www)\.ncbi\.nlm\.nih\.gov/(?:pubmed/)?)(\d{4,9})/?",
    re.IGNORECASE,
)
_URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{0,31}:\S+", re.IGNORECASE)
_CITATION_WORDS = 4
_SBN = 9
_RESOLVERS = {
    Kind.URL: "",
    Kind.DOI: "https://doi.org/",
    Kind.HANDLE: "https://hdl.handle.net/",
    Kind.ARXIV: "https://arxiv.org/abs/",
}


def identify(text: str) -> Identifier:
    """Return what an identifier is, with its bare value."""
    return _identified(text.strip())


@lru_cache(maxsize=256)
def _identified(text: str) -> Identifier:
    """Return the same; the rules of one crosswalk ask for each kind in turn."""
    for known in (_as_isbn, _as_issn, _as_linked):
        if found := known(text):
            return found
    if len(text.split()) >= _CITATION_WORDS and (year(text) or is_numbered(text)):
        return Identifier(Kind.CITATION, text)
    return Identifier(Kind.OTHER, text)


def address_of(text: str) -> str:
    """Return the web address under which what an identifier names is found, or nothing."""
    kind, value, _ = identify(text)
    return f"{_RESOLVERS[kind]}{value}" if kind in _RESOLVERS else ""


def isbn_of(text: str) -> str:
    """Return the ISBN that 020 $a begins with, without hyphens, or an empty string."""
    plain = _PLAIN_ISBN(text)
    if plain is not None:
        return plain[1] if is_isbn(plain[1]) else ""
    found = _ISBN.match(text)
    number = found["number"].replace("-", "").replace(" ", "").upper() if found else ""
    number = f"0{number}" if len(number) == _SBN else number
    return number if is_isbn(number) else ""


def issn_of(text: str) -> str:
    """Return the ISSN that 022 $a begins with, with its hyphen, or an empty string."""
    found = _ISSN.match(text.strip())
    return str(issn.format(found["number"])) if found and issn.is_valid(found["number"]) else ""


def _as_isbn(text: str) -> Identifier | None:
    found = _ISBN.fullmatch(text)
    if not found or not (found["named"] or _ISBN_SHAPE.fullmatch(found["number"])):
        return None
    number = isbn.compact(found["number"])
    if isbn.is_valid(number):
        return Identifier(Kind.ISBN, number, found["note"] or "")
    return Identifier(Kind.BAD_ISBN, text) if found["named"] else None


def _as_issn(text: str) -> Identifier | None:
    found = _ISSN.fullmatch(text)
    if not found or not (found["named"] or "-" in text) or _YEARS.fullmatch(text):
        return None
    if issn.is_valid(found["number"]):
        return Identifier(Kind.ISSN, str(issn.format(found["number"])))
    return Identifier(Kind.BAD_ISSN, found["number"]) if found["named"] else None


def _as_linked(text: str) -> Identifier | None:
    for kind, pattern in ((Kind.DOI, _DOI), (Kind.ARXIV, _ARXIV), (Kind.PMID, _PMID)):
        if found := pattern.fullmatch(text):
            return Identifier(kind, found[1])
    handle = _HANDLE.fullmatch(text)
    if handle and not handle[1].startswith(_LOCAL_HANDLE):
        return Identifier(Kind.HANDLE, handle[1])
    for kind, pattern in ((Kind.URL, _URL), (Kind.URN, _URN)):
        if pattern.fullmatch(text):
            return Identifier(kind, text)
    return None
