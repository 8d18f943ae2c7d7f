"""Transforms of plain text: trimming, joining, splitting, replacing."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from crosswalks.language.arguments import number, pattern
from crosswalks.language.errors import Misplaced
from crosswalks.language.syntax import Argument
from crosswalks.language.transforms.registry import (
    OnValue,
    OnValues,
    ToOne,
    occurrence,
    to_one,
    value,
)
from crosswalks.punctuation import trim
from crosswalks.text import fold, nfc

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def clean(text: str) -> str:
    """Return text on one line, with character references of HTML resolved once, in NFC."""
    if "&" in text:
        text = _ENTITY.sub(lambda reference: html.unescape(reference[0]), text)
    return nfc(" ".join(text.split()))


@dataclass(frozen=True, slots=True)
class Joining:
    """What puts values together, without those that are empty."""

    between: str

    def __call__(self, values: list[str]) -> str:
        """Return all values as one."""
        return self.between.join([part for value in values if (part := value.strip())])


@to_one("join")
def _join(between: Argument | None = None) -> ToOne:
    """Make one value of all subfields of a field, with a space or TEXT between."""
    return Joining(" " if between is None else between.text)


@occurrence("split")
def _split(at: Argument) -> OnValues:
    """Make several values of one, cut where the pattern AT is found."""
    cut = pattern(at).split

    def run(values: list[str]) -> list[str]:
        return [part.strip() for value in values for part in cut(value) if part and part.strip()]

    return run


@occurrence("chunks")
def _chunks(length: Argument) -> OnValues:
    """Cut each value into pieces of LENGTH characters, such as engfre into eng and fre."""
    size = number(length)

    def run(values: list[str]) -> list[str]:
        return [text[at : at + size] for text in values for at in range(0, len(text), size)]

    return run


@value("trim")
def _trim() -> OnValue:
    """Take away the ISBD punctuation that leads over to the next element, and spaces."""
    return trim


@value("strip")
def _strip(characters: Argument | None = None) -> OnValue:
    """Take away spaces, or CHARACTERS, at both ends."""
    unwanted = None if characters is None else characters.text
    return lambda text: text.strip(unwanted)


@value("fold")
def _fold() -> OnValue:
    """Keep lower-case words without marks and punctuation."""
    return fold


@value("lower")
def _lower() -> OnValue:
    """Write in lower case."""
    return str.lower


@value("upper")
def _upper() -> OnValue:
    """Write in upper case."""
    return str.upper


@value("prefix")
def _prefix(text: Argument) -> OnValue:
    """Put TEXT before each value."""
    return text.text.__add__


@value("suffix")
def _suffix(text: Argument) -> OnValue:
    """Put TEXT behind each value."""
    added = text.text
    return lambda before: before + added


@value("pad")
def _pad(length: Argument, fill: Argument | None = None) -> OnValue:
    """Make each value LENGTH characters long, with blanks or FILL behind it, or cut."""
    size, filler = number(length), " " if fill is None else fill.text
    return lambda text: text[:size].ljust(size, filler)


@value("slice")
def _slice(start: Argument, end: Argument | None = None) -> OnValue:
    """Keep the characters from position START to END, counted from 0, both included."""
    first = number(start)
    last = None if end is None else number(end) + 1
    return lambda text: text[first:last]


@value("replace")
def _replace(pattern_: Argument, text: Argument) -> OnValue:
    r"""Put TEXT in place of what PATTERN finds; \1 is its first group."""
    compiled, by = pattern(pattern_), text.text
    try:
        re.compile(compiled.pattern + "|").sub(by, "")
    except (re.error, IndexError) as error:
        raise Misplaced(
            text.column, "{text} is no replacement: {error}", text=by, error=str(error)
        ) from error
    return lambda before: compiled.sub(by, before)


@value("find")
def _find(pattern_: Argument) -> OnValue:
    """Keep what the first group of PATTERN finds, or the whole of it; drop what has none."""
    search, group = pattern(pattern_).search, 1 if pattern(pattern_).groups else 0

    def run(text: str) -> str:
        found = search(text)
        return (found[group] or "") if found else ""

    return run


@value("clean")
def _clean() -> OnValue:
    """Write on one line, with character references of HTML (&amp;eacute;) resolved once."""
    return clean
