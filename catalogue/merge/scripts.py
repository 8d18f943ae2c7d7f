"""Alternate graphic representations: 880 goes with the field it belongs to (MARC 21 880, $6)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from crosswalks.model import Field

_LINK = re.compile(r"(\d{3})-(\d{2})(.*)", re.DOTALL)
_UNLINKED = "00"
_MOST = 99


class Alternates:
    """The 880 among one record's fields by the field and occurrence they belong to."""

    def __init__(self, fields: Iterable[Field]) -> None:
        self._of: dict[tuple[str, str], list[Field]] = {}
        for field in fields:
            if field.tag != "880":
                continue
            link = _LINK.match(field.first("6"))
            if link:
                self._of.setdefault((link[1], link[2]), []).append(field)

    def of(self, field: Field) -> tuple[Field, ...]:
        """Return the alternates of a field."""
        link = _LINK.match(field.first("6"))
        if link is None or link[1] != "880" or link[2] == _UNLINKED:
            return ()
        return tuple(self._of.get((field.tag, link[2]), ()))

    def unlinked(self) -> list[Field]:
        """Return those that belong to no field of the record (occurrence 00)."""
        groups = [group for (_, number), group in self._of.items() if number == _UNLINKED]
        return [field for group in groups for field in group]


def unlinked(field: Field) -> Field:
    """Return a field without its $6."""
    if not field.first("6"):
        return field
    return field._replace(subfields=tuple(part for part in field.subfields if part[0] != "6"))


def linked(
    field: Field, alternates: Sequence[Field], number: int
) -> tuple[Field, tuple[Field, ...]]:
    """Return a field and its alternates under one occurrence number; past 99 none is left."""
    if not alternates or number > _MOST:
        return unlinked(field), ()
    renumbered = tuple(
        _with_link(other, f"{field.tag}-{number:02d}{_rest(other)}") for other in alternates
    )
    return _with_link(field, f"880-{number:02d}"), renumbered


def _rest(field: Field) -> str:
    """Return script code and orientation: ``/$1``, ``/(3/r``."""
    link = _LINK.match(field.first("6"))
    return link[3] if link else ""


def _with_link(field: Field, link: str) -> Field:
    return field._replace(subfields=(("6", link), *unlinked(field).subfields))
