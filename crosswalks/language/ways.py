"""How rules that look at one field alone get at it: as a Field, or as its text not yet taken apart.

Most subfields of a record that only goes from ISO 2709 to Dublin Core are of no use there, and to
make them all takes longer than to look for the others in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from crosswalks.language.syntax import Kind, Path
from crosswalks.language.taking import Taking, taking

ValuesOf: TypeAlias = Callable[[Any], list[str]]
Fits: TypeAlias = Callable[[Any], bool]

_SUBFIELD = "\x1f"


class Way(NamedTuple):
    """The values that a path takes from a field, and whether a field has a path's indicators."""

    values: Callable[[Path], ValuesOf]
    fits: Callable[[Path], Fits | None]
    link: ValuesOf
    """The first $6 of a field 880, which names the tag it is linked to."""


def _taking(path: Path) -> Taking:
    return taking(path, top=path.kind in (Kind.FIELD, Kind.CONTROL), clean=None)


def _text_values(path: Path) -> ValuesOf:
    if path.kind is Kind.CONTROL:
        start, end = path.start, path.end + 1
        return (lambda text: [text]) if start < 0 else lambda text: [text[start:end]]
    if path.kind is Kind.INDICATOR:
        at = int(path.text) - 1
        return lambda text: [text[at : at + 1]]
    if path.group:
        return _text_grouped(_finder(path.group), _finder(path.codes))
    return _finder(path.codes, excluded=path.excluded or not path.codes)


def _finder(codes: str, *, excluded: bool = False) -> ValuesOf:
    if not codes and not excluded:
        return lambda _: []
    letters = f"[^{re.escape(codes)}{_SUBFIELD}]" if excluded else f"[{re.escape(codes)}]"
    return re.compile(f"{_SUBFIELD}{letters}([^{_SUBFIELD}]*)").findall


def _text_grouped(first: ValuesOf, others: ValuesOf) -> ValuesOf:
    def values(text: str) -> list[str]:
        group = first(text)
        if len(group) == 1:
            one = group[0].strip()
        else:
            one = " ".join([part for value in group if (part := value.strip())])
        return [one, *others(text)] if one else others(text)

    return values


def _text_fits(path: Path) -> Fits | None:
    if not path.indicators.strip("."):
        return None
    first, second = path.indicators[0], path.indicators[1]

    def fits(text: str) -> bool:
        return first in (".", text[:1]) and second in (".", text[1:2])

    return fits


FIELDS = Way(
    lambda path: _taking(path).values,
    lambda path: _taking(path).fits,
    lambda field: field.all("6"),
)
TEXTS = Way(_text_values, _text_fits, _finder("6"))
