"""What may identify a record in two systems, and whether two records contradict each other: pure.

A new system keeps an old number wherever its makers thought fit; so each place is a rule of its
own, trusted or not by how its pairs look.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from enum import Enum
from itertools import islice
from typing import NamedTuple

from msgspec.structs import replace

from catalogue.match import Features, Policy
from catalogue.match.compare import title_similarity
from catalogue.match.keys import is_generic
from crosswalks import stored
from crosswalks.model import Field, Record, Schema

NUMBER = "number"
"""The old side's own number, by which the new side's places are looked through."""

_BEFORE = ("identifier", "001", "035")
_AFTER = ("handle", "doi", "urn", "shared-035", "isbn", "content", "features")
_LOCAL = re.compile(r"9[0-9]{2}\$[a-z0-9]")

_LONGEST = 80
_MOST = 40
"""Clues of one kind that a record gives: one with hundreds of numbers identifies nothing."""
_DIGIT = re.compile(r"[0-9]")
_CODED = re.compile(r"\(([^)]+)\)\s*(\S.*)")
_HANDLE = re.compile(r"(?:hdl\.handle\.net/|hdl:|info:hdl/|/handle/|^)([0-9][0-9.]*/[^\s?#]+)")
_DOI = re.compile(r"\b10\.[0-9]{4,9}/[^\s?#]+")
_URN = re.compile(r"\burn:[a-z0-9-]{2,31}:[^\s?#]+", re.IGNORECASE)
_NO_CONTENT = frozenset({"035", "040", "852", "856", "866", "867", "868"})
"""What another system writes anew in the same record."""


class Side(int, Enum):
    """Whose record it is."""

    OLD = 0
    NEW = 1


class Clue(NamedTuple):
    """A value that should be equal on both sides."""

    kind: str
    value: str


class Given(NamedTuple):
    """A record as its source gives it."""

    identifier: str
    record: Record
    features: Features


def clues(given: Given, side: Side) -> Iterator[Clue]:
    """Yield each clue of a record once."""
    found: dict[str, Iterable[str]] = {
        "identifier": (given.identifier,),
        "shared-035": _coded(given.record),
        "isbn": _isbns(given.features),
        "content": _content(given.record),
        "features": _likeness(given.features),
        **_links(given),
    }
    own = _own_numbers(given)
    found |= {NUMBER: own} if side is Side.OLD else {"001": own, **_elsewhere(given.record)}
    for kind, values in found.items():
        distinct = dict.fromkeys(filter(None, values))
        yield from (Clue(kind, _bounded(value)) for value in islice(distinct, _MOST))


def rules(kinds: Iterable[str]) -> list[tuple[str, str]]:
    """Return the rules in the order in which they are tried, as kinds on the (old, new) side.

    ``kinds`` are those that the new side has.
    """
    local = sorted(kind for kind in kinds if _LOCAL.fullmatch(kind))
    places = [(NUMBER, place) for place in (*_BEFORE[1:], *local)]
    return [(_BEFORE[0], _BEFORE[0]), *places, *((kind, kind) for kind in _AFTER)]


def agree(old: Features, new: Features, policy: Policy) -> bool | None:
    """Tell whether the titles of two records let them be one; None where either says nothing."""
    if not old.bare or not new.bare:
        return None
    if old.volume and new.volume and old.volume != new.volume:
        return False
    return title_similarity(old, new) >= policy.title_least


def number(text: str) -> str:
    """Return a number as systems agree on it: without blanks, case and leading zeros; or nothing.

    What has no digit is no number.
    """
    squeezed = "".join(text.split()).casefold()
    if not _DIGIT.search(squeezed):
        return ""
    return squeezed.lstrip("0") if squeezed.isdecimal() else squeezed


def _own_numbers(given: Given) -> Iterator[str]:
    yield number(given.record.control("001"))
    yield number(given.identifier.rpartition(":")[2])


def _elsewhere(record: Record) -> dict[str, list[str]]:
    """Return where else than in 001 a record holds numbers of any system, by place."""
    found: dict[str, list[str]] = {"035": []}
    for field in record.fields:
        if not isinstance(field, Field):
            continue
        if field.tag == "035":
            found["035"] += [number(_CODED.sub(r"\2", text)) for text in field.all("az")]
        elif field.tag[:1] == "9":
            for code, text in field.subfields:
                if not any(map(str.isspace, text.strip())):
                    found.setdefault(f"{field.tag}${code}", []).append(number(text))
    return {place: values for place, values in found.items() if _is_place(place)}


def _is_place(place: str) -> bool:
    return place == "035" or _LOCAL.fullmatch(place) is not None


def _coded(record: Record) -> Iterator[str]:
    for text in record.values("035", "az"):
        match = _CODED.fullmatch(text.strip())
        if match and number(match[2]):
            yield f"({match[1].strip().casefold()}){number(match[2])}"


def _links(given: Given) -> dict[str, list[str]]:
    """Return the handles, DOIs and URNs that a record is known by."""
    record = given.record
    texts = [given.identifier, given.identifier.rpartition(":")[2]]
    texts += [text.strip() for text in (*record.values("024", "a"), *record.values("856", "u"))]
    return {
        "handle": [match[1] for text in texts for match in _HANDLE.finditer(text)],
        "doi": [match[0].casefold() for text in texts for match in _DOI.finditer(text)],
        "urn": [match[0].casefold() for text in texts for match in _URN.finditer(text)],
    }


def _isbns(features: Features) -> Iterator[str]:
    """Yield each ISBN with the title: sets and sellers give several books one number."""
    if features.bare:
        yield from (f"{isbn}|{features.bare}|{features.volume}" for isbn in features.isbns)


def _content(record: Record) -> Iterator[str]:
    fields = tuple(
        field
        for field in record.fields
        if isinstance(field, Field) and field.tag not in _NO_CONTENT and field.tag[:1] != "9"
    )
    if any(field.tag == "245" for field in fields):
        yield _hashed(stored.to_json(Record(schema=Schema.MARC21, fields=fields)))


def _likeness(features: Features) -> Iterator[str]:
    told = features.names or features.years or features.isbns
    if told and not is_generic(features.bare):
        yield _hashed(replace(features, controls=()).to_json())


def _hashed(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _bounded(value: str) -> str:
    return value if len(value) <= _LONGEST else f"{value[:40]}~{_hashed(value)}"
