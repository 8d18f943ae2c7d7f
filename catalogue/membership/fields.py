"""Which fields of its records a library shares, and which staff hide."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from catalogue.errors import WrongUse
from crosswalks.errors import Said
from crosswalks.model import Control, Element, Field, Record

ALWAYS = ("00X", "245")
"""Go along with whatever fields a library shares: without them there is no record."""
_PATTERN = re.compile(r"[0-9][0-9X][0-9X]")
_HIDEABLE = re.compile(r"((?!00)[0-9]{3})(?:\$([a-z0-9]))?")


_Any: TypeAlias = Control | Field | Element


class HiddenField(NamedTuple):
    """A field or subfield that is hidden: ``856``, ``700$a``; only where it holds ``value``."""

    name: str
    value: str = ""


def checked(text: str) -> str:
    """Return a list of fields as it is kept: ``1XX 245 650``; empty = all. Raises WrongUse."""
    patterns = text.upper().replace(",", " ").split()
    for each in patterns:
        if not _PATTERN.fullmatch(each):
            raise WrongUse(
                reason=Said("{name} is no field; write tags such as 245 or 6XX", {"name": each})
            )
    return " ".join(dict.fromkeys(patterns))


def hideable(name: str) -> str:
    """Return the name of a field that can be hidden. Raises WrongUse."""
    if not _HIDEABLE.fullmatch(name):
        raise WrongUse(
            reason=Said(
                "{name} is no field that can be hidden; write a tag such as 856, or 700$a",
                {"name": name},
            )
        )
    return name


def limited(record: Record, fields: str) -> Record:
    """Return what a library shares of a record; all of it where no fields are named."""
    if not fields:
        return record
    pattern = _compiled(fields)
    kept = tuple(each for each in record.fields if pattern.fullmatch(_tag(each)))
    return replace(record, fields=kept)


@lru_cache(maxsize=1000)
def _compiled(fields: str) -> re.Pattern[str]:
    return re.compile("|".join((*fields.split(), *ALWAYS)).replace("X", "[0-9]"))


def _tag(field: _Any) -> str:
    """Return the tag of a field; of one in another script that of the field it stands beside."""
    if isinstance(field, Field) and field.tag == "880":
        return field.first("6")[:3] or "880"
    return field[0]


def without(record: Record, hidden: Collection[HiddenField]) -> Record:
    """Return a record without what is hidden of it."""
    if not hidden:
        return record
    fields = tuple(_without(each, hidden) for each in record.fields)
    gone = {
        f"{before.tag}-{before.first('6')[4:6]}"
        for before, after in zip(record.fields, fields, strict=True)
        if after is not before and isinstance(before, Field) and before.first("6")
    }
    return replace(record, fields=tuple(each for each in fields if each and not _is_of(each, gone)))


def _is_of(field: _Any, gone: Collection[str]) -> bool:
    """Tell whether a field is in another script what is hidden (MARC 21 880 $6)."""
    return isinstance(field, Field) and field.tag == "880" and field.first("6")[:6] in gone


def _without(field: _Any, hidden: Collection[HiddenField]) -> _Any | None:
    for name, value in hidden:
        tag, _, code = name.partition("$")
        if not isinstance(field, Field) or _tag(field) != tag:
            continue
        if code:
            kept = tuple(part for part in field.subfields if not _is(part, code, value))
            if len(kept) < len(field.subfields):
                field = field._replace(subfields=kept)
            if all(part[0] == "6" for part in kept):
                return None
        elif any(value in text for _, text in field.subfields):
            return None
    return field


def _is(part: tuple[str, str], code: str, value: str) -> bool:
    return part[0] == code and value in part[1]
