"""Deliveries of MARC files to a small hub, as members send them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

from catalogue import sources
from catalogue.database import Database
from catalogue.intake.model import Arrived, Intake, Kind
from catalogue.model import Source
from catalogue.options import Files
from crosswalks.formats import iso2709
from crosswalks.model import Control, Field, Record, Schema
from scheduler import arriving
from scheduler.intake import check
from scheduler.model import HarvestOptions, HarvestOutcome, Line
from scheduler.pipeline import harvest
from support.lines import Hub

LEADER = "00000nam a2200000 i 4500"


def book(number: str, title: str = "Số đỏ", code: str = "") -> bytes:
    """Return a book as ISO 2709; ``code`` is that of the library which made the record."""
    fields: list[Control | Field] = [
        Control("001", number),
        *([Control("003", code)] if code else []),
        Control("008", "200101s1936    vm            000 0 vie d"),
        Field("245", "10", (("a", f"{title} {number}"),)),
        Field("264", " 1", (("a", "Hà Nội"), ("b", "Văn học"), ("c", "1936"))),
    ]
    return iso2709.write(Record(schema=Schema.MARC21, leader=LEADER, fields=tuple(fields)))


def books(numbers: Iterable[int], title: str = "Số đỏ", code: str = "") -> bytes:
    """Return a file of books."""
    return b"".join(book(f"b{number:04}", title, code) for number in numbers)


class Counter:
    """A hub with a source of files, and somebody who takes in what is sent."""

    def __init__(self, database: Database, folder: Path, ending: ExitStack) -> None:
        self.hub = Hub(database, folder, ending)
        self.hub.line = replace(self.hub.line, incoming=folder / "incoming")
        self.database = database

    @property
    def line(self) -> Line:
        """The line of the hub."""
        return self.hub.line

    def add(self, name: str = "s1", url: str = "file:", library: str = "L1", **files: Any) -> None:
        """Add a source of files."""
        one = Source(name=name, library=library, protocol="file", url=url, files=Files(**files))
        sources.add(self.database, one)

    def receive(
        self, body: bytes, kind: Kind = Kind.AUTO, source: str = "s1", name: str = "sách.mrc"
    ) -> Intake:
        """Take in a file."""
        with arriving.spool_of(self.line).draft(name) as draft:
            draft.write(body)
            arrived = Arrived(
                source=source,
                name=name,
                sha256=draft.sha256(),
                size=draft.size,
                kind=kind,
                author="lan",
            )
            return arriving.receive(self.line, draft, arrived).intake

    def checked(self, body: bytes, kind: Kind = Kind.AUTO, source: str = "s1") -> Intake:
        """Take in a file and check it."""
        return self.check(self.receive(body, kind, source).id)

    def check(self, number: int) -> Intake:
        """Check a delivery."""
        return check(self.line, number, Event())

    def put(self, number: int, who: str = "lan") -> Intake:
        """Say that a delivery counts."""
        return arriving.put_into_inbox(self.line, number, who)

    def harvest(self, source: str = "s1", **options: Any) -> HarvestOutcome:
        """Harvest a source here and now."""
        return harvest(self.line, source, HarvestOptions(**options))

    def deliver(self, body: bytes, kind: Kind = Kind.AUTO, source: str = "s1") -> HarvestOutcome:
        """Take in a file, check and apply it."""
        return self.deliver_checked(self.checked(body, kind, source).id, source)

    def deliver_checked(self, number: int, source: str = "s1") -> HarvestOutcome:
        """Apply a delivery."""
        self.put(number)
        return self.harvest(source)

    def files(self) -> Sequence[str]:
        """Return all files below the folder of deliveries, but for the spool's own."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return sorted(str(path.relative_to(self.folder)) for path in found if path.name != ".lock")

    @property
    def folder(self) -> Path:
        """The folder of deliveries."""
        assert self.line.incoming is not None
        return self.line.incoming
