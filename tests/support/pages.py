"""Records, pages and small hubs for tests of what is stored and placed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from catalogue import sources
from catalogue.cluster.place import place, waiting
from catalogue.database import Database
from catalogue.digest import facts
from catalogue.model import Counts, HubIdentity, Mapped, PageResult, RunHandle, RunStatus, Source
from catalogue.search import waiting as unsearched
from catalogue.store import close_run, complete, held, open_run, put_page
from crosswalks.formats import marcxml
from crosswalks.model import Control, Field, Page, Problem, RawRecord, Record, Schema

HUB = HubIdentity()
LEADER = "00000nam a2200000 i 4500"


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The facts a test record is made of."""

    title: str = "Số đỏ"
    author: str = "Vũ Trọng Phụng"
    year: str = "1936"
    isbn: str = ""
    publisher: str = "Văn học"
    pages: str = "250 tr."
    number: str = ""
    entered: str = "200101"
    level: str = " "


def marc(book: Book) -> Record:
    """Return a book as a MARC 21 record."""
    fields: list[Control | Field] = [
        Control("001", book.number or "1"),
        Control("008", f"{book.entered}s{book.year:<4}    vm            000 0 vie d"),
    ]
    if book.isbn:
        fields.append(Field("020", "  ", (("a", book.isbn),)))
    fields += [
        Field("100", "0 ", (("a", book.author),)),
        Field("245", "10", (("a", book.title),)),
        Field("264", " 1", (("a", "Hà Nội"), ("b", book.publisher), ("c", book.year))),
        Field("300", "  ", (("a", book.pages),)),
    ]
    return Record(
        schema=Schema.MARC21, leader=LEADER[:17] + book.level + LEADER[18:], fields=tuple(fields)
    )


def raw(identifier: str, book: Book | None, datestamp: str = "2024-01-01T00:00:00Z") -> RawRecord:
    """Return a record as delivered; no book is a deletion."""
    return RawRecord(
        identifier=identifier,
        datestamp=datestamp,
        deleted=book is None,
        format="http://www.loc.gov/MARC21/slim",
        body=b"" if book is None else marcxml.write(marc(book)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One delivered record of a test page: a book, a deletion, or something unreadable."""

    identifier: str
    book: Book | None = None
    broken: bool = False
    problems: tuple[Problem, ...] = ()


def page(deliveries: Sequence[Delivery], number: int = 1, *, last: bool = True) -> Page:
    """Return a page that holds these deliveries."""
    records = []
    for position, each in enumerate(deliveries):
        record = raw(each.identifier, each.book)
        if each.broken:
            record = replace(record, deleted=False, body=b"<broken/>" + each.identifier.encode())
        records.append(replace(record, position=position))
    return Page(
        number=number,
        url="http://127.0.0.1/oai",
        records=tuple(records),
        next_checkpoint={"page": number},
        raw=b"page %d" % number,
        last=last,
    )


def add_source(database: Database, name: str = "s1", library: str = "L1", weight: int = 0) -> None:
    """Add a source and, if need be, its library."""
    sources.add(
        database,
        Source(
            name=name,
            library=library,
            protocol="oai-pmh",
            url="http://127.0.0.1/oai",
            weight=weight,
        ),
    )


def put(database: Database, run: RunHandle, deliveries: Sequence[Delivery]) -> PageResult:
    """Store one page of deliveries."""
    one = page(deliveries)
    books = {
        position: Mapped(marc(each.book))
        for position, each in enumerate(deliveries)
        if each.book is not None and not each.broken
    }
    problems = {position: each.problems for position, each in enumerate(deliveries)}
    return put_page(database, run, one, books, problems)


def deliver(database: Database, name: str, *deliveries: Delivery) -> Counts:
    """Run a whole harvest of one page, its deletions included."""
    run = open_run(database, name)
    assert run is not None
    put(database, run, deliveries)
    return end(database, run)


def end(database: Database, run: RunHandle) -> Counts:
    """Carry out what is held, whatever a guard would say, and close a run; return its counts."""
    while held.apply_held(database, run) is not None:
        pass
    close_run(database, run, RunStatus.SUCCEEDED)
    return complete.counts(database, run)


def books(entries: Iterable[tuple[str, Book]]) -> tuple[Delivery, ...]:
    """Return deliveries of books by identifier."""
    return tuple(Delivery(identifier=identifier, book=book) for identifier, book in entries)


def place_all(database: Database, limit: int = 50) -> None:
    """Place until nothing waits, and index what waits, as a worker does."""
    while waiting(database):
        place(database, HUB, limit)
    while unsearched.settle(database):
        pass


_LIVE = frozenset({"cluster", "work", "master"})


def live_facts(database: Database) -> list[str]:
    """Return clusters, works and masters: what two hubs of one content have in common."""
    with database.reading() as connection:
        return sorted(str(fact) for fact in facts(connection) if fact[0] in _LIVE)
