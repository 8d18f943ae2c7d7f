"""A copy described in simple Dublin Core, as a DSpace repository gives it out."""

from __future__ import annotations

from collections.abc import Iterator

from crosswalks.model import Element, Record, Schema
from hub.demo import words
from hub.demo.member import Copy
from protocols.oai import format_stamp

_CODED = ("date", "format", "identifier", "language")


def describe(copy: Copy) -> Record:
    """Return the Dublin Core record of a copy, its elements in the order a DSpace writes them."""
    elements = (_element(copy, name, text) for name, text in _statements(copy))
    return Record(schema=Schema.OAI_DC, fields=tuple(elements))


def _element(copy: Copy, name: str, text: str) -> Element:
    write = words.normal if name in _CODED else words.spelled
    return Element(f"dc:{name}", (), write(copy, text))


def _statements(copy: Copy) -> Iterator[tuple[str, str]]:
    book, work = copy.book, copy.book.work
    yield "title", words.title(copy)
    for name in work.names:
        yield ("contributor" if name.role not in ("", "ch.b.") else "creator", copy.person(name))
    for subject in work.subjects:
        yield "subject", subject
    edition = words.edition(copy)
    if edition:
        yield "description", edition
    for date in _dates(copy):
        yield "date", date
    yield "type", work.genre or "Book"
    for identifier in _identifiers(copy):
        yield "identifier", identifier
    for code in _languages(copy):
        yield "language", code
    if work.series:
        yield "relation", work.series
    yield "publisher", copy.publisher()
    yield "format", "application/pdf" if copy.is_digital else f"{copy.pages()} ; {copy.height()}"
    if book.volume and copy.member.column == "university":
        yield "relation", work.title


def _dates(copy: Copy) -> Iterator[str]:
    """Yield the dates: a repository puts the moments of accession before the year of the book."""
    if _is_repository(copy):
        yield format_stamp(copy.stamp - 86_400)
        yield format_stamp(copy.stamp - 86_400)
    yield str(copy.book.year)


def _identifiers(copy: Copy) -> Iterator[str]:
    """Yield the ISBN, and where the library has it: an address, or the number on the label."""
    isbn = words.isbn_of(copy)
    if isbn:
        yield isbn
    if copy.is_digital:
        yield f"http://thuvienso.demo.localhost/handle/DHKH_2024/{copy.number}"
    elif _is_repository(copy):
        yield f"GT.{copy.number:06}"


def _languages(copy: Copy) -> Iterator[str]:
    forms = words.language(copy.language)
    yield copy.habit("language").format(**forms)


def _is_repository(copy: Copy) -> bool:
    return copy.member.column == "university"
