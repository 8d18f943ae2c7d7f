"""What the pages of a source read and write, on both engines."""

from __future__ import annotations

import pytest

from catalogue import logs, problem_samples, source_notes, source_problems, source_records, wishes
from catalogue.database import Database
from catalogue.errors import NoSuchRecord, NoSuchSource, NoteChanged
from catalogue.logs import Kind
from catalogue.source_notes import SourceNote
from catalogue.sources import configured
from catalogue.wishes import Came
from crosswalks.errors import Said
from crosswalks.model import Problem, Severity
from support.pages import Book, Delivery, add_source, deliver, place_all

WRONG = Problem(code="unreadable", severity=Severity.ERROR, detail="no record")


def filled(database: Database) -> None:
    """Deliver two books, and one record that cannot be read."""
    add_source(database, "s1")
    broken = Delivery(identifier="c", broken=True, problems=(WRONG,))
    books = [Delivery(identifier=name, book=Book(title=f"Sách {name}")) for name in "ab"]
    deliver(database, "s1", *books, broken)
    place_all(database)


def test_records_are_listed_found_and_tell_how_far_they_came(database: Database):
    filled(database)
    first, *_ = source_records.listing(database, "s1", limit=1)
    rest = source_records.listing(database, "s1", after=first.key)

    assert [each.identifier for each in (first, *rest)] == ["a", "b", "c"]
    assert [each.title for each in (first, *rest)] == ["Sách a", "Sách b", ""]
    assert source_records.find(database, "s1", "a") == first
    assert source_records.find(database, "s1", "\0") is None
    keys = [each.key for each in source_records.listing(database, "s1")]
    a, _, c = (source_records.story(database, "s1", key) for key in keys)

    assert (a.is_public, a.quarantined, a.waits, a.mates) == (True, False, False, 1)
    assert (c.is_public, c.quarantined, c.published) == (False, True, ())
    [seen] = source_records.formats(database, "s1")
    assert (seen.format, sum(seen.versions.values())) == ("http://www.loc.gov/MARC21/slim", 3)
    with pytest.raises(NoSuchRecord):
        source_records.story(database, "s1", 2**62)


def test_problems_are_counted_sampled_and_listed(database: Database):
    filled(database)
    found = source_problems.overview(database, "s1")
    run = found.last
    assert run is not None
    [kind] = found.stored.kinds

    assert (kind.code, kind.count, found.stored.whole) == ("unreadable", 1, True)
    assert found.of_last == found.stored.kinds
    assert found.quarantined == 1
    assert [each.identifier for each in source_problems.each(database, "s1")] == ["c"]
    [sample] = problem_samples.samples(database, run.id, "unreadable", 5)
    assert sample.raw.startswith(b"<broken/>")
    with database.reading() as connection:
        few = source_problems.stored(connection, configured(connection, "s1").id, limit=0)
    assert not few.whole
    with pytest.raises(NoSuchSource):
        source_problems.each(database, "none")


def test_a_note_is_kept_once_and_never_over_another(database: Database):
    add_source(database, "s1")
    empty = source_notes.get(database, "s1")
    first = SourceNote(note="Koha", author="an")

    assert source_notes.keep(database, "s1", first, empty.fingerprint)
    assert not source_notes.keep(database, "s1", first, empty.fingerprint)
    with pytest.raises(NoteChanged):
        source_notes.keep(database, "s1", SourceNote(note="DSpace"), empty.fingerprint)
    kept = source_notes.get(database, "s1")
    assert source_notes.keep(database, "s1", SourceNote(note="DSpace"), kept.fingerprint)
    assert source_notes.get(database, "s1").note == "DSpace"


def test_a_wish_is_queued_once(database: Database):
    add_source(database, "s1")
    asked = [
        wishes.ask(database, "s1", wanted, includes=includes)
        for wanted, includes in (
            ({}, True),
            ({"full": True}, True),
            ({"full": True}, True),
            ({"reconcile": True}, True),
        )
    ]

    assert asked == [Came.QUEUED, Came.INSTEAD, Came.SAME, Came.OTHER]


def test_lines_of_a_log_read_back_as_they_were_written(database: Database):
    why = Said("{url} is busy (HTTP {status})", {"url": "http://x.vn", "status": 503})
    lines = [
        logs.line(1, 1000, Kind.PAGE, {"page": 1, "records": 3, "url": "http://x.vn\0"}),
        logs.line(2, 2000, Kind.WAIT, {"seconds": 1.5}, why),
        logs.line(3, 3000, Kind.FAULT, {}, NoSuchSource(name="s1")),
    ]
    logs.write(database, 7, lines)
    read, count, has_pages = logs.read(database, 7)

    assert (count, has_pages) == (3, False)
    assert [each.kind for each in read] == [Kind.PAGE, Kind.WAIT, Kind.FAULT]
    assert logs.cause(read[1]) == why
    assert (read[2].code, read[2].details) == ("no-such-source", {"name": "s1"})
