"""Transforms of names, and of what is written around them: roles, titles, dates, ORCIDs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crosswalks import tables
from crosswalks.language.transforms.registry import (
    OnValue,
    OnValues,
    into_subfields,
    occurrence,
    value,
)
from crosswalks.model import Subfield
from crosswalks.names import separate
from crosswalks.text import fold

_ROLES = {fold(word): code for code, words in tables.rows("roles.tsv") for word in words.split("|")}
_ROLE = re.compile(r"(?P<name>.+?)\s*(?:\((?P<inner>[^()]+)\)|[,;:]\s+(?P<tail>[^,;:()]+))\s*\.?")
_LED_BY_ROLE = re.compile(r"(?P<role>[^:,;()]{1,40}):\s*(?P<name>.+)")
_TITLES = re.compile(
    r"(?P<titles>(?:(?:GS|PGS|TSKH|TS|ThS|BS|CKI|CKII|KS|CN|NCS|DS|Dr|Prof|Assoc)(?:[.,]\s*|\s+))+)(?P<name>\S.*)"
)
_DATES = re.compile(
    r"(?P<name>.+?)\s*[,(]\s*(?P<dates>(?:b\. ?|d\. ?)?\d{4}\??\s*-?\s*(?:\d{4}\??)?)\)?\.?"
)
_ORCID = re.compile(
    r"\s*[\[(;,]?\s*(?:https?://|orcid:?\s*)(?:orcid\.org/)?(?P<id>\d{4}-\d{4}-\d{4}-\d{3}[\dX])[\])]?",
    re.IGNORECASE,
)
_ORCID_SITE = "https://orcid.org/"


@into_subfields("name")
def _name(text: str) -> tuple[Subfield, ...]:
    """Make $a of a name, $c of titles, $d of years, $1 of an ORCID, and $4 of a role behind it."""
    return _subfields(text, "")


@into_subfields("contributor")
def _contributor(text: str) -> tuple[Subfield, ...]:
    """Make the subfields of a name, with the role of contributor where it has none."""
    return _subfields(text, "ctb")


@into_subfields("creator")
def _creator(text: str) -> tuple[Subfield, ...]:
    """Make the subfields of a name, with the role of creator where it has none."""
    return _subfields(text, "cre")


@value("bare-name")
def _bare() -> OnValue:
    """Keep a name without the role written behind it."""
    return lambda text: with_role(text)[0]


@occurrence("separate-names")
def _separate() -> OnValues:
    """Make several names of one value: cut at semicolons, and between whole Vietnamese names."""
    return lambda values: [name for each in values for name in separate(each)]


def with_role(text: str) -> tuple[str, str]:
    """Return a name, and the MARC relator code of the role written behind or before it."""
    for pattern in (_ROLE, _LED_BY_ROLE):
        found = pattern.fullmatch(text)
        groups = found.groupdict() if found else {}
        role = groups.get("inner") or groups.get("tail") or groups.get("role") or ""
        if role and (code := _ROLES.get(fold(role), "")):
            return groups["name"], code
    return text, ""


def _subfields(text: str, role: str) -> tuple[Subfield, ...]:
    return tuple(_parts(text, role))


def _parts(text: str, role: str) -> Iterator[Subfield]:
    orcid = _ORCID.search(text)
    name, code = with_role(_ORCID.sub("", text).strip(" ;,") if orcid else text)
    dated = _DATES.fullmatch(name)
    name = dated["name"] if dated else name
    titled = _TITLES.fullmatch(name)
    name = titled["name"] if titled else name
    yield "a", f"{name}," if titled or dated else name
    if titled:
        titles = titled["titles"].strip(" ,")
        yield "c", f"{titles}," if dated else titles
    if dated:
        yield "d", dated["dates"].strip()
    if orcid:
        yield "1", f"{_ORCID_SITE}{orcid['id']}"
    if code or role:
        yield "4", code or role
