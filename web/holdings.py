"""The words of holdings without records, and the work list as a file for the library."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from catalogue.holdings.model import Choice, Found, Row, Stored
from web import spreadsheet
from web.language import Translate, mark

FOUND = {
    Found.WAITING: mark("not matched yet"),
    Found.MATCHED: mark("found"),
    Found.NONE: mark("nothing like it in the union catalogue"),
    Found.SEVERAL: mark("several could be meant"),
    Found.DOUBTFUL: mark("may be meant; somebody has to look"),
    Found.CONTRADICTED: mark("its number is there with something else"),
}
"""What came of a row."""

_REASONS = {
    "isbn-different": mark("another ISBN"),
    "kind-silent": mark("perhaps a teacher's or an exercise book"),
    "language-different": mark("another language"),
    "marks-different": mark("other tone marks"),
    "author-different": mark("another author"),
    "publisher-different": mark("another publisher"),
    "set": mark("a set of several volumes"),
    "veto-carrier": mark("electronic or otherwise not printed"),
    "veto-edition": mark("another edition"),
    "veto-issn": mark("another ISSN"),
    "veto-kind": mark("a teacher's or an exercise book"),
    "veto-level": mark("a serial, or a book"),
    "veto-host": mark("a part of something"),
    "veto-numbers": mark("other numbers in the title"),
    "veto-set": mark("a set of several volumes"),
    "veto-title": mark("another title"),
    "veto-variant": mark("a thesis of another degree, or another series"),
    "veto-volume": mark("another volume"),
    "veto-year": mark("another year"),
    "volume-silent": mark("only one of the two names a volume"),
    "year-reprint": mark("another year of the same reprint"),
}
"""What speaks against a cluster; what speaks for it needs no words."""

_COLUMNS: dict[str, tuple[str, Callable[[Row], object]]] = {
    "identifier": (mark("Record number"), lambda row: row.identifier),
    "isbn": ("ISBN", lambda row: row.isbn),
    "issn": ("ISSN", lambda row: row.issn),
    "title": (mark("Title"), lambda row: row.title),
    "author": (mark("Author"), lambda row: row.author),
    "year": (mark("Year"), lambda row: row.year),
    "publisher": (mark("Publisher"), lambda row: row.publisher),
    "volume": (mark("Volume"), lambda row: row.volume),
    "edition": (mark("Edition"), lambda row: row.edition),
    "local_number": (mark("Accession number"), lambda row: row.local_number),
    "call_number": (mark("Call number"), lambda row: row.call_number),
    "location": (mark("Shelving location"), lambda row: row.location),
    "copies": (mark("Copies"), lambda row: row.copies or ""),
}
"""The columns of a work list under headings that are known when it is given again."""

Listed: TypeAlias = tuple[str, Stored]
"""A row, and the name of its list."""


def reasons(choice: Choice, translate: Translate) -> str:
    """Return in words what speaks against a cluster."""
    found = [_REASONS.get(reason.partition(":")[0]) for reason in choice.reasons]
    return ", ".join(dict.fromkeys(translate(word) for word in found if word))


def told(choice: Choice, hub_code: str, translate: Translate) -> str:
    """Return a cluster that may be meant as a list can name it, and what speaks against it."""
    named = f"({hub_code}){choice.cluster} {choice.title or ''}".rstrip()
    against = reasons(choice, translate)
    return f"{named} – {against}" if against else named


def work_file(rows: Iterable[Listed], hub_code: str, translate: Translate) -> Iterator[bytes]:
    """Yield a work list as CSV, a row at a time: UTF-8 with a mark, as Excel wants it.

    Under its headings it can be given again, once what was wrong is put right. It is for the
    library: clusters that the public does not see are left out.
    """
    first = (mark("List"), mark("Row"), mark("What came of it"), mark("What may be meant"))
    yield spreadsheet.BEGINNING
    yield spreadsheet.row(
        [translate(word) for word in (*first, *(word for word, _ in _COLUMNS.values()))]
    )
    for name, each in rows:
        shown = [choice for choice in each.choices if choice.title is not None]
        choices = "; ".join(told(choice, hub_code, translate) for choice in shown)
        said = (name, each.line, translate(FOUND[each.found]), choices)
        yield spreadsheet.row([*said, *(value(each.row) for _, value in _COLUMNS.values())])
