"""Transforms that know how MARC 21 writes a title, an imprint or an extent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crosswalks import tables
from crosswalks.language.errors import Misplaced
from crosswalks.language.syntax import Argument
from crosswalks.language.transforms.registry import OnValue, into_subfields, value
from crosswalks.model import Subfield

_SIZE = re.compile(r"\d[\dx×X,. -]*\s*(?:cm|mm|in)\b\.?")
_COLON = re.compile(r"(?P<main>(?=.*[^\W\d]).{3,}?[^\s:/\d]|.{12,}?\d)\s?:\s+(?P<other>\S.*)")


def _articles(words: str) -> re.Pattern[str]:
    """Return what finds one of these words at the beginning of a title, with what parts it off."""
    joined: list[str] = []
    apart: list[str] = []
    for word in words.split("|"):
        (joined if word.endswith("'") else apart).append(word.rstrip("'"))
    forms = [rf"(?:{'|'.join(apart)})\s+(?=\S)"]
    if joined:
        forms.append(rf"(?:{'|'.join(joined)})['’]\s?(?=\S)")
    return re.compile("|".join(forms), re.IGNORECASE)


_ARTICLES = {language: _articles(words) for language, words in tables.rows("articles.tsv")}


@into_subfields("title")
def _title(text: str) -> tuple[Subfield, ...]:
    """Make $a, $b and $c of a title written in ISBD, its punctuation where MARC 21 keeps it."""
    return tuple(_title_parts(text))


def _title_parts(text: str) -> Iterator[Subfield]:
    proper, slash, responsibility = text.partition(" / ")
    main, sign, other = _cut(proper)
    end = " /" if slash else ""
    yield "a", f"{main} {sign}" if sign else main + end
    if sign:
        yield "b", other + end
    if slash:
        yield "c", responsibility


def _cut(title: str) -> tuple[str, str, str]:
    """Return a title, the sign of ISBD behind it, and what follows: other or parallel title."""
    for sign in (" : ", " = "):
        main, cut, other = title.partition(sign)
        if cut and main.strip() and other.strip():
            return main.rstrip(), sign.strip(), other.lstrip()
    # Without the space before it: in "10: 30" and "http: x" a colon parts nothing.
    if found := _COLON.fullmatch(title):
        return found["main"], ":", found["other"]
    return title, "", ""


@value("nonfiling")
def _nonfiling(language: Argument) -> OnValue:
    """Count the characters of a leading article of LANGUAGE (a MARC code), and its space."""
    articles = _ARTICLES.get(language.text)
    if articles is None:
        raise Misplaced(
            language.column, "articles are known of: {known}", known=", ".join(sorted(_ARTICLES))
        )

    def run(text: str) -> str:
        found = articles.match(text)
        return str(found.end()) if found else ""

    return run


@into_subfields("publisher")
def _publisher(text: str) -> tuple[Subfield, ...]:
    """Make $a and $b of "place : publisher", or $b of a publisher alone."""
    place, colon, name = text.partition(" : ")
    bare = (name if colon else text).rstrip(" ,;")
    return (("a", f"{place} :"), ("b", bare)) if colon else (("b", bare),)


@into_subfields("publisher-before-date")
def _publisher_before_date(text: str) -> tuple[Subfield, ...]:
    """Make the same as publisher, with the comma that leads over to a date."""
    *before, (code, name) = _publisher(text)
    return (*before, (code, f"{name},"))


@into_subfields("extent")
def _extent(text: str) -> tuple[Subfield, ...]:
    """Make $a, $b and $c of an extent written in ISBD, as "316 tr. : minh họa ; 24 cm"."""
    return tuple(_extent_parts(text))


def _extent_parts(text: str) -> Iterator[Subfield]:
    before, semicolon, size = text.rpartition(" ; ")
    if not semicolon or not _SIZE.match(size):
        before, semicolon, size = text, "", ""
    extent, colon, details = before.partition(" : ")
    end = " ;" if semicolon else ""
    yield "a", f"{extent} :" if colon else extent + end
    if colon:
        yield "b", details + end
    if semicolon:
        yield "c", size
