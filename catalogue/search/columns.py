"""The columns of the search index: what each holds, and how a number or code is written in it.

Text columns hold words, folded, and the same words with their marks in a column beside; code
columns hold one token for each number or code, written one way however it was printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

from stdnum import isbn

from catalogue.search.openings import OPENING, OPENING_MARKED
from crosswalks.identifiers import isbn_of, issn_of
from crosswalks.text import fold
from protocols.tables import rows

TEXT: Mapping[str, str] = MappingProxyType(
    {
        "title": "t",
        "variant": "v",
        "series": "s",
        "person": "p",
        "corporate": "c",
        "meeting": "m",
        "responsible": "r",
        "subject": "j",
        "named": "n",
        "region": "g",
        "genre": "k",
        "publisher": "b",
        "place": "l",
        "note": "x",
        "abstract": "a",
    }
)
"""Text columns, and the letter each has in PostgreSQL's lexemes: its capital is that of marked
words.
"""
CODES: Mapping[str, str] = MappingProxyType(
    {
        "isbn": "i",
        "issn": "e",
        "lccn": "h",
        "number": "u",
        "control": "o",
        "dewey": "d",
        "callnumber": "q",
        "classed": "w",
        "language": "y",
        "material": "z",
        "library": "f",
    }
)
"""Code columns and their letters."""
OPENINGS: Mapping[str, str] = MappingProxyType({OPENING: "1", OPENING_MARKED: "2"})
LETTERS: Mapping[str, str] = MappingProxyType({**TEXT, **CODES, **OPENINGS})
NUMBERS = ("isbn", "issn", "lccn", "number", "control")
"""Code columns in which a search for anything looks, too."""
TITLES = ("title", "variant")
NAMES = ("person", "corporate", "meeting")
SUBJECTS = ("subject", "named", "region", "genre")

ANY = "*"
USES: Mapping[int, tuple[str, ...]] = MappingProxyType(
    {int(use): tuple(found.split()) for use, found, _ in rows("catalogue.search", "uses.tsv")}
)
"""Bib-1 use attribute -> its columns; ``*`` is any."""
NAMED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {name: (name,) for name in (*TEXT, *CODES)}
    | {"title": TITLES, "author": NAMES, "subject": SUBJECTS, "any": (ANY,)}
    | {"year": (), "changed": ()}
)
"""Names of our own for what is searched by, in CQL without a prefix and on the command line."""
YEAR_USES = frozenset({30, 31})
CHANGED_USES = frozenset({1011, 1012})
"""Dates of a master: when it was entered is not kept apart from when it last changed."""
ALL_RECORDS = "_ALLRECORDS"
"""The name of a use attribute that asks for everything (Index Data's)."""

_APART = re.compile(r"[\W_]+")
_ISBN10 = 10


@lru_cache(maxsize=1 << 12)
def code(column: str, text: str) -> str:
    """Return the one token for a number or code as a column holds it, nothing if it has none."""
    return _WRITTEN.get(column, _packed)(text)


def _isbn(text: str) -> str:
    number = isbn_of(text) or _packed(text)
    is_short = len(number) == _ISBN10 and isbn.is_valid(number)
    return (isbn.to_isbn13(number) if is_short else number).lower()


def _issn(text: str) -> str:
    return _packed(issn_of(text) or text)


def _packed(text: str) -> str:
    """Return the letters and digits of a number, without what is printed between them."""
    return _APART.sub("", fold(text))


_WRITTEN: Mapping[str, Callable[[str], str]] = {"isbn": _isbn, "issn": _issn}
