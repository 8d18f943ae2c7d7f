"""The parameters of requests: how each is described, and how what is sent is read.

What is not known, comes twice or cannot be is refused by name: a typing error must not be answered
as if nothing had been asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crosswalks.errors import Said
from crosswalks.text import is_storable
from protocols.oai import parse_stamp
from provider.api.errors import BadParameter

_SHORT = 60
_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of the query string."""

    name: str
    about: str
    schema: Mapping[str, Any]
    """As OpenAPI has it."""
    read: Callable[[str], Any]
    """Reads what was sent. Raises Wrong."""
    default: Any = None
    """What it is where it is not given."""
    listed: bool = False
    """Whether several values may stand in it, with commas between."""


class Wrong(Exception):
    """Tells why a value cannot be one of its parameter."""

    def __init__(self, reason: Said) -> None:
        self.reason = reason
        super().__init__(reason)


def read(known: Sequence[Parameter], sent: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return the value of each parameter. Raises BadParameter for the first that is wrong."""
    by_name = {each.name: each for each in known}
    names = [name for name, _ in sent]
    for name in names:
        if name not in by_name:
            raise BadParameter(name=_legible(name), reason=_unknown(by_name))
        if names.count(name) > 1:
            raise BadParameter(name=name, reason=_TWICE)
    values = {each.name: each.default for each in known}
    for name, value in sent:
        if not is_storable(value):
            raise BadParameter(name=name, reason=_NO_TEXT)
        try:
            values[name] = by_name[name].read(value)
        except Wrong as error:
            raise BadParameter(name=name, reason=error.reason) from error
    return values


def text(name: str, about: str, most: int, **schema: Any) -> Parameter:
    """Return a parameter that is any text of some letters."""

    def take(value: str) -> str:
        if not value.strip():
            raise Wrong(_EMPTY)
        if len(value) > most:
            raise Wrong(Said("it has more than {most} characters", {"most": most}))
        return value

    described = {"type": "string", "pattern": r"\S", "maxLength": most, **schema}
    return Parameter(name=name, about=about, schema=described, read=take)


def whole(name: str, about: str, most: int, default: int) -> Parameter:
    """Return a parameter that is a whole number from 1."""

    def take(value: str) -> int:
        if not _NUMBER.fullmatch(value) or not 1 <= int(value) <= most:
            raise Wrong(Said("it is no whole number from 1 to {most}", {"most": most}))
        return int(value)

    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": default}
    return Parameter(name=name, about=about, schema=schema, read=take, default=default)


def choices(name: str, about: str, known: Sequence[str], most: int) -> Parameter:
    """Return a parameter that is some of these words, with commas between."""

    def take(value: str) -> tuple[str, ...]:
        found = tuple(value.split(","))
        for each in found:
            if each not in known:
                raise Wrong(_not_among(each, known))
        if len(found) > most or len(set(found)) < len(found):
            raise Wrong(Said("it names something twice, or more than {most}", {"most": most}))
        return found

    schema = {
        "type": "array",
        "items": {"type": "string", "enum": [*known]},
        "minItems": 1,
        "maxItems": most,
        "uniqueItems": True,
    }
    return Parameter(name=name, about=about, schema=schema, read=take, default=(), listed=True)


def choice(name: str, about: str, known: Sequence[str]) -> Parameter:
    """Return a parameter that is one of these words."""

    def take(value: str) -> str:
        if value not in known:
            raise Wrong(_not_among(value, known))
        return value

    schema = {"type": "string", "enum": [*known]}
    return Parameter(name=name, about=about, schema=schema, read=take)


def moment(name: str, about: str) -> Parameter:
    """Return a parameter that is a day or a second of UTC, read as epoch seconds."""

    def take(value: str) -> int:
        try:
            return parse_stamp(value)
        except ValueError as error:
            raise Wrong(_NO_DATE) from error

    schema = {"type": "string", "pattern": _DATE, "format": "moment"}
    return Parameter(name=name, about=about, schema=schema, read=take)


def cursor() -> Parameter:
    """Return the parameter that says where a page begins; only what was given out is one."""
    about = (
        "Where the page begins: taken from the address that the page before gave as its next one,"
        " never made up."
    )
    return text("after", about, 4_000, format="cursor")


_DATE = r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$"
_TWICE = Said("it is repeated", {})
_EMPTY = Said("it is empty", {})
_NO_TEXT = Said("it is not text in UTF-8, or holds signs that no record can", {})
_NO_DATE = Said("it is not a date of the form YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ", {})
_NONE = Said("nothing is known by this name here, and this address takes no parameter", {})


def _unknown(known: Mapping[str, Parameter]) -> Said:
    if not known:
        return _NONE
    names = ", ".join(known)
    return Said("nothing is known by this name here; known are: {known}", {"known": names})


def _not_among(value: str, known: Sequence[str]) -> Said:
    told = {"value": _legible(value), "known": ", ".join(known)}
    return Said("“{value}” is none of: {known}", told)


def _legible(value: str) -> str:
    return value[:_SHORT].encode("utf-8", "replace").decode()
