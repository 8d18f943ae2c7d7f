"""What an address of the page of headings asks for, and a part of the list as it is shown.

``by`` says which headings, ``from`` where the part begins, ``to`` where it ends instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from flask import url_for
from werkzeug.datastructures import MultiDict

from catalogue.authorities.forms import undated
from catalogue.search import Scanned, ScanRequest, ScanTerm
from catalogue.search.columns import NAMES, SUBJECTS
from crosswalks.authorities.model import Kind
from web.language import mark

SIZE = 25
_LONGEST = 200
BY: Mapping[str, str] = MappingProxyType({"author": mark("Authors"), "subject": mark("Subjects")})
"""What is listed, by its name in the address, which is also the field that is searched."""
_COLUMNS = {"author": NAMES, "subject": SUBJECTS}


class Link(NamedTuple):
    """A heading, and where its records are found."""

    text: str
    address: str


class Line(NamedTuple):
    """A line of the list; ``records`` is 0 for what only leads to others."""

    heading: Link
    records: int
    see: tuple[Link, ...]
    also: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which part of which list a reader asks for."""

    by: str = "author"
    first: str = ""
    last: str = ""
    """Instead of the first: the part before this heading."""

    def request(self) -> ScanRequest:
        """Return what the search engine is asked; one heading more tells whether there are."""
        before = bool(self.last)
        return ScanRequest(
            columns=_COLUMNS[self.by],
            term=self.last or self.first,
            before=SIZE + 1 if before else 1,
            count=1 if before else SIZE + 1,
            see=True,
        )


class Part(NamedTuple):
    """A part of a list, and the addresses of those beside it, empty where there are none."""

    lines: list[Line]
    before: str
    after: str


def read(arguments: MultiDict[str, str]) -> Asked:
    """Return what an address asks for, as far as it makes sense."""
    by = arguments.get("by", "")
    first, last = (
        arguments.get(name, "")[:_LONGEST].replace("\0", " ").strip() for name in ("from", "to")
    )
    return Asked(by=by if by in BY else "author", first=first, last=last)


def part(asked: Asked, found: Scanned) -> Part:
    """Return a part of the list as it is shown."""
    terms = found.terms
    if asked.last:
        begin = max(0, found.at - SIZE)
        end = found.at
    else:
        begin, end = found.at, min(found.at + SIZE, len(terms))
    shown = terms[begin:end]
    return Part(
        [_line(term, asked.by) for term in shown],
        _address(asked.by, "to", shown[0].text) if shown and begin else "",
        _address(asked.by, "from", terms[end].text) if end < len(terms) else "",
    )


def _address(by: str, name: str, text: str) -> str:
    place: dict[str, Any] = {"by": by, name: text}
    return url_for("public.headings", **place)


def _line(term: ScanTerm, by: str) -> Line:
    see, also = (
        tuple(Link(text, _records(text, by)) for text in some) for some in (term.see, term.also)
    )
    return Line(Link(term.text, _records(term.text, by)), term.clusters, see, also)


def _records(text: str, by: str) -> str:
    """Return the address of a search for a heading, as people would type it."""
    words = undated(text, Kind.PERSON) if by == "author" else text
    quoted = f'"{(words or text).replace(chr(34), " ")}"'
    return url_for("public.search", q=quoted, field=by)
