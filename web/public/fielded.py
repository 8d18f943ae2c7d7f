"""What stands in several fields together: the boxes of the advanced form, all of which must hold.

Each box has its own name in the address: ``title``, ``author``, ``subject``, ``publisher``,
``number``, and ``from`` and ``to``, the first and the last year.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from werkzeug.datastructures import MultiDict

from catalogue.search import plain
from protocols.rpn.tree import Attribute, AttributeType, Joined, Node, Operator, Term
from web.language import mark

LONGEST = 500
"""Letters of a box that count."""
BOXES: Mapping[str, str] = MappingProxyType(
    {
        "title": mark("Title"),
        "author": mark("Author"),
        "subject": mark("Subject"),
        "publisher": mark("Publisher"),
        "number": mark("ISBN, ISSN or other number"),
    }
)
FROM, TO = "from", "to"
YEARS: Mapping[str, str] = MappingProxyType({FROM: mark("From year"), TO: mark("To year")})
LABELS: Mapping[str, str] = MappingProxyType({**BOXES, **YEARS})
_AT_LEAST, _AT_MOST = 4, 2
_RELATIONS = {FROM: _AT_LEAST, TO: _AT_MOST}
_NUMBERS = (1007, 12)
"""Bib-1 use attributes: standard numbers, and those of libraries."""


class Box(NamedTuple):
    """Words in a box, by its name in the address."""

    name: str
    words: str

    @property
    def label(self) -> str:
        """Return what the box is called, as an English message."""
        return LABELS[self.name]


def read(arguments: MultiDict[str, str]) -> tuple[Box, ...]:
    """Return the boxes that have something in them; the earlier year is the first, as was meant."""
    boxes = {name: cleaned(arguments.get(name, "")) for name in LABELS}
    first, last = boxes[FROM], boxes[TO]
    if first.isdecimal() and last.isdecimal() and int(first) > int(last):
        boxes |= {FROM: last, TO: first}
    return tuple(Box(name, words) for name, words in boxes.items() if words)


def cleaned(words: str) -> str:
    """Return words as they are looked for: not too many, and no NUL, which no engine takes."""
    return words[:LONGEST].replace("\0", " ").strip()


def terms(box: Box, *, marks: bool = False) -> Iterator[Node]:
    """Yield what a box looks for, all of which must hold; nothing if it has no word.

    ``marks``: words are to be written with just these marks.
    """
    if box.name in _RELATIONS:
        year = Attribute(AttributeType.USE, "year")
        yield Term(box.words, (year, Attribute(AttributeType.RELATION, _RELATIONS[box.name])))
    elif box.name == "number":
        number = "".join(box.words.replace('"', "").split())
        for each in plain.terms(number):
            one, other = (
                Term(each.text, (Attribute(AttributeType.USE, use), *each.attributes[1:]))
                for use in _NUMBERS
            )
            yield Joined(Operator.OR, one, other)
    else:
        yield from plain.terms(box.words, box.name, marks=marks)
