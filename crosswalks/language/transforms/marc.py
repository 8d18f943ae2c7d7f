"""Transforms that know how MARC 21 writes a title, an imprint or an extent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crosswalks.language.transforms.registry import into_subfields
from crosswalks.model import Subfield

_SIZE = re.compile(r"\d[\dx×X,. -]*\s*(?:cm|mm|in)\b\.?")


@into_subfields("title")
def _title(text: str) -> tuple[Subfield, ...]:
    """Make $a, $b and $c of a title written in ISBD, its punctuation where MARC 21 keeps it."""
    return tuple(_title_parts(text))


def _title_parts(text: str) -> Iterator[Subfield]:
    proper, slash, responsibility = text.partition(" / ")
    main, colon, other = proper.partition(" : ")
    end = " /" if slash else ""
    yield "a", f"{main} :" if colon else main + end
    if colon:
        yield "b", other + end
    if slash:
        yield "c", responsibility


@into_subfields("publisher")
def _publisher(text: str) -> tuple[Subfield, ...]:
    """Make $a and $b of "place : publisher", or $b of a publisher alone."""
    place, colon, name = text.partition(" : ")
    bare = (name if colon else text).rstrip(" ,;")
    return (("a", f"{place} :"), ("b", bare)) if colon else (("b", bare),)


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
