"""What is looked for, in a line for people who want to know why a search finds what it does."""

from __future__ import annotations

from collections.abc import Iterable

from catalogue.search.columns import TEXT
from catalogue.search.expression import (
    AllOf,
    AnyOf,
    Between,
    Codes,
    Except,
    Expression,
    Extent,
    Given,
    Headed,
    Headings,
    Is,
    Masked,
    Near,
    Words,
)

_EXTENTS = {Extent.WHOLE: "= ", Extent.WORDS: "^", Extent.LETTERS: "^"}
_JOINED = {AllOf: "AND", AnyOf: "OR", Except: "NOT"}


def told(part: Expression) -> str:
    """Return one value without its parts, the same in every language: columns, signs and words."""
    if type(part) in _JOINED:
        return _JOINED[type(part)]
    if isinstance(part, Words):
        return _any([_words(part), *_codes(part.codes, prefix=part.prefix)])
    if isinstance(part, Codes):
        return _any(_codes(part.codes, prefix=part.prefix))
    return _other(part)


def _other(part: Expression) -> str:
    if isinstance(part, Near):
        between = f" ~{part.distance} ".join((" ".join(part.first), " ".join(part.second)))
        return f"{_columns(part.columns)}: {between}"
    if isinstance(part, Masked):
        return f"{_columns(part.columns)}: {part.pattern}"
    if isinstance(part, Headings):
        end = "*" if part.extent is not Extent.WHOLE else ""
        return f"{_columns(part.columns)}: {_EXTENTS[part.extent]}{part.text}{end}"
    return _of_document(part)


def _of_document(part: Expression) -> str:
    if isinstance(part, Between):
        return f"{part.what}: {part.low}-{part.high}"
    if isinstance(part, Is):
        return f"{part.what}: = {part.value}"
    if isinstance(part, Headed):
        return f"headings: {len(part.ids)}"
    if isinstance(part, Given):
        return f"found: {len(part.ids)}"
    return type(part).__name__.lower()


def _words(part: Words) -> str:
    sign = "=" if part.marked else ""
    return f"{_columns(part.columns)}:{sign} {' '.join(part.words)}{'*' if part.prefix else ''}"


def _codes(codes: Iterable[tuple[str, str]], *, prefix: bool) -> list[str]:
    return [f"{column}: {token}{'*' if prefix else ''}" for column, token in codes]


def _any(found: list[str]) -> str:
    return " | ".join(found)


def _columns(columns: tuple[str, ...]) -> str:
    return "any" if set(TEXT) <= set(columns) else " ".join(columns)
