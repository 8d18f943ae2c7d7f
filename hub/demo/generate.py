"""What each member of the demo delivers: the same records every time, sound and damaged ones.

Members hold the same books in part, describe them by their own habits, delete and damage some.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby

from crosswalks.formats import marcxml, oai_dc
from crosswalks.model import Field, Record
from hub.demo import dublin_core, marc
from hub.demo.chance import chance
from hub.demo.member import Copy, Member
from hub.demo.works import Book, books
from protocols.oai import format_stamp, parse_stamp

DAMAGES = ("without-metadata", "without-title", "bad-leader", "read-as-latin-1")
_EDITIONS = 2
"""How many editions of a work the three libraries hold between them."""
_OPENED = parse_stamp("2024-03-04T01:30:00Z")
_BATCH = 40
"""Records loaded in the same second, as imports do."""
_BETWEEN = 201_660
_TITLE = "245"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoRecord:
    """One record as a member's endpoint gives it."""

    identifier: str
    datestamp: str
    """In the member's granularity."""
    deleted: bool = False
    sets: tuple[str, ...]
    prefix: str
    """The format of ``payload``: the member's own."""
    payload: bytes = b""
    """One XML element; empty if it is deleted or its metadata is missing."""
    dublin_core: bytes = b""
    """The same in the format that every repository has to offer (OAI-PMH 2.0 s2.5)."""
    truth: str
    """Work/edition/volume/carrier: two records describe the same manifestation only if this is
    equal. No endpoint gives it out."""
    damage: str = ""
    """One of DAMAGES, or empty for a sound record."""


@cache
def deliveries(member: Member) -> tuple[DemoRecord, ...]:
    """Return all that a member delivers, in the order of its list: by date, then by number."""
    copies = _copies(member)
    fates = _fates(member, len(copies))
    return tuple(_delivered(copy, fate) for copy, fate in zip(copies, fates, strict=True))


def _copies(member: Member) -> list[Copy]:
    held = _held(member)
    held += sorted(held, key=lambda book: chance("again", member.column, book.truth))[
        : int(member.habit("repeated"))
    ]
    held.sort(key=lambda book: (chance("loaded", member.column, book.truth), book.truth))
    return [
        Copy(
            book=book,
            member=member,
            number=1000 + 7 * index,
            stamp=_OPENED + index // _BATCH * _BETWEEN,
        )
        for index, book in enumerate(held)
    ]


def _held(member: Member) -> list[Book]:
    """Return the books a member holds: a weighted draw without replacement."""
    wanted = int(member.habit("records")) - int(member.habit("repeated"))
    drawn = sorted(_stock(), key=lambda book: _eagerness(member, book), reverse=True)
    return drawn[:wanted]


def _eagerness(member: Member, book: Book) -> float:
    weight = book.work.collection.weights[member.column]
    return float(chance("held", member.column, book.truth) ** (1 / weight))


@cache
def _stock() -> tuple[Book, ...]:
    """Return the books on the market: few editions of each work, in all their volumes."""
    works = groupby(books(), key=lambda book: book.work.key)
    return tuple(book for _, editions in works for book in _some_editions(list(editions)))


def _some_editions(all_of_work: Sequence[Book]) -> Iterator[Book]:
    editions = sorted({_edition(book) for book in all_of_work}, key=lambda key: chance("sold", key))
    chosen = editions[:_EDITIONS]
    return (book for book in all_of_work if _edition(book) in chosen)


def _edition(book: Book) -> str:
    return book.truth.rpartition("/")[0]


def _fates(member: Member, count: int) -> list[str]:
    """Return what befell each record: ``deleted``, one of DAMAGES, or nothing."""
    order = sorted(range(count), key=lambda index: chance("fate", member.column, index))
    fates = [""] * count
    for fate in ("deleted", *DAMAGES):
        for _ in range(int(member.habit(fate))):
            fates[order.pop()] = fate
    return fates


def _delivered(copy: Copy, fate: str) -> DemoRecord:
    deleted = fate == "deleted"
    return DemoRecord(
        identifier=copy.identifier,
        datestamp=format_stamp(copy.stamp, copy.member.granularity),
        deleted=deleted,
        sets=copy.sets,
        prefix=copy.member.habit("prefix"),
        payload=b"" if deleted else _payload(copy, fate),
        dublin_core=b"" if deleted else oai_dc.write(dublin_core.describe(copy)),
        truth=copy.truth,
        damage="" if deleted else fate,
    )


def _payload(copy: Copy, damage: str) -> bytes:
    if damage == "without-metadata":
        return b""
    if copy.member.habit("prefix") == "oai_dc":
        written = oai_dc.write(dublin_core.describe(copy))
        return _read_as_latin_1(written) if damage == "read-as-latin-1" else written
    record = marc.describe(copy)
    if damage == "without-title":
        record = _without_title(record)
    written = marcxml.write(record)
    return written.replace(b"nam a22", b"n\xc3\xa0m 22", 1) if damage == "bad-leader" else written


def _without_title(record: Record) -> Record:
    fields = (field for field in record.fields if not _is_title(field))
    return replace(record, fields=tuple(fields))


def _is_title(field: object) -> bool:
    return isinstance(field, Field) and field.tag == _TITLE


def _read_as_latin_1(written: bytes) -> bytes:
    """Return UTF-8 that someone took for Latin-1: well-formed, but full of C1 controls."""
    return written.decode("latin-1").encode()
