"""Filling a database by its own front doors: deliver records, then let the hub settle."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from unittest.mock import patch

from catalogue import clock, libraries, sources
from catalogue.cluster.place import place
from catalogue.database import Database
from catalogue.model import HubIdentity, Library, Mapped, RunStatus, Source
from catalogue.store import close_run, held, open_run, put_page
from crosswalks.model import Control, Field, Page, RawRecord, Record, Schema

_versions = itertools.count(1)


def book(title: str, **parts: str) -> Record:
    """Return a MARC 21 record; parts: author, year, isbn, subject, url, call_number."""
    fields: list[Control | Field] = [
        Control("008", f"240101s{parts.get('year', '2020')}    vm            000 0 vie d"),
        *_field("020", "  ", "a", parts.get("isbn")),
        *_field("100", "0 ", "a", parts.get("author")),
        Field("245", "10", (("a", title),)),
        Field("260", "  ", (("b", "Nxb. Văn học,"), ("c", parts.get("year", "2020")))),
        *_field("650", " 4", "a", parts.get("subject")),
        *_field("852", "  ", "h", parts.get("call_number")),
        *_field("856", "42", "u", parts.get("url")),
    ]
    return Record(schema=Schema.MARC21, leader="00000nam a2200000 a 4500", fields=tuple(fields))


def add_library(database: Database, code: str, name: str) -> None:
    """Add a library with one source, named as its code in small letters."""
    libraries.add(database, Library(code=code, name=name))
    source = Source(
        name=code.lower(), library=code, protocol="oai-pmh", url=f"http://127.0.0.1/{code}"
    )
    sources.add(database, source)


def deliver(database: Database, code: str, records: Mapping[str, Record | None]) -> None:
    """Store what a library delivers, by identifier; None is a deletion."""
    run = open_run(database, code.lower())
    assert run is not None
    version = next(_versions)
    raws = tuple(
        RawRecord(
            identifier=identifier,
            deleted=record is None,
            body=f"{identifier} {version}".encode(),
            position=position,
        )
        for position, (identifier, record) in enumerate(records.items())
    )
    mapped = {
        position: Mapped(record)
        for position, record in enumerate(records.values())
        if record is not None
    }
    page = Page(number=1, url="", records=raws, next_checkpoint={}, raw=b"", last=True)
    put_page(database, run, page, mapped, {})
    while held.apply_held(database, run) is not None:
        pass
    close_run(database, run, RunStatus.SUCCEEDED)


def settle(database: Database) -> None:
    """Place all that waits, and let the second pass after which readers see it."""
    while place(database, HubIdentity()).records:
        pass
    with database.reading() as connection:
        now = clock.read(connection)
    # Hundreds of tests would each wait for the next second; the hub's clock may be ahead of any.
    with patch("catalogue.clock.wall_clock", return_value=max(now.stamped, now.closed) + 2):
        clock.tick(database)


def _field(tag: str, indicators: str, code: str, value: str | None) -> list[Field]:
    return [Field(tag, indicators, ((code, value),))] if value else []
