"""Deliveries: kept whole or not at all, noted once, and never decided of twice."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from catalogue import queue, sources
from catalogue.database import Database, downgrade, upgrade
from catalogue.intake import rows, spool
from catalogue.intake.errors import (
    CheckOutdated,
    DeliveryApplied,
    DeliveryDiscarded,
    DeliveryEmpty,
    DeliveryRefused,
    DeliveryTooLarge,
    NoRoom,
    NoSuchDelivery,
    NotCheckedYet,
    NotOfFiles,
)
from catalogue.intake.model import Arrived, Intake, Kind, State
from catalogue.intake.rows import Found
from catalogue.intake.spool import Spool
from catalogue.intake.watching import progress
from catalogue.model import Source
from harvester.errors import UnknownHost
from support.pages import add_source
from support.processes import function, run

CONTENT = b"mot quyen sach" * 1000


@pytest.fixture
def hub(database: Database) -> Database:
    """Give a hub with two sources of files and one of another kind."""
    for name in ("s1", "s2"):
        sources.add(database, Source(name=name, library="L1", protocol="file", url="file:"))
    add_source(database, "oai")
    return database


@pytest.fixture
def kept(tmp_path: Path) -> Spool:
    return Spool(tmp_path, 1 << 20)


def arrived(source: str = "s1", sha256: str = "ab", kind: Kind = Kind.AUTO) -> Arrived:
    return Arrived(source=source, name="sách.mrc", sha256=sha256, size=3, kind=kind, author="lan")


def receive(hub: Database, **values: object) -> Intake:
    return rows.receive(hub, arrived(**values)).intake  # type: ignore[arg-type]


def checked(hub: Database, number: int, error: Exception | None = None) -> None:
    lease = queue.claim(hub, rows.CHECK, rows.check_key(number))
    assert lease is not None
    with hub.reading() as connection:
        generation = sources.configured(connection, rows.get(hub, number).source).generation
    rows.put_report(hub, lease, number, Found({"read": 1}, generation, error))  # type: ignore[arg-type]
    hub.writing(lambda connection: queue.finish(connection, lease))


def chunks() -> Iterator[bytes]:
    for at in range(0, len(CONTENT), 100):
        yield CONTENT[at : at + 100]


def test_a_file_is_kept_under_the_hash_of_its_content(kept: Spool):
    sha256, size = kept.take(chunks(), "a.mrc")

    assert sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert (kept.path(sha256).read_bytes(), size) == (CONTENT, len(CONTENT))
    assert [path.name for path in kept.folder.iterdir()] == [sha256]


def test_a_file_that_breaks_off_leaves_nothing(kept: Spool):
    def cut() -> Iterator[bytes]:
        yield CONTENT
        raise ConnectionError

    with pytest.raises(ConnectionError):
        kept.take(cut(), "a.mrc")

    assert list(kept.folder.iterdir()) == []


def test_a_file_that_is_too_large_or_empty_is_refused(tmp_path: Path):
    small = Spool(tmp_path, 1 << 10)
    with pytest.raises(DeliveryTooLarge):
        small.take(chunks(), "a.mrc")
    with pytest.raises(DeliveryEmpty):
        small.take([], "a.mrc")

    assert list(small.folder.iterdir()) == []


def test_a_full_disk_is_told_before_and_while_a_file_is_written(kept: Spool):
    with pytest.raises(NoRoom):
        Spool(kept.folder, 1 << 62).expect(1 << 61, "a.mrc")
    with pytest.raises(DeliveryTooLarge):
        kept.expect(1 << 30, "a.mrc")
    with pytest.raises(NoRoom), spool.telling("a.mrc", kept.folder):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_what_a_killed_process_left_is_tidied_and_what_is_wanted_stays(kept: Spool):
    wanted, _ = kept.take([b"a"], "a")
    other, _ = kept.take([b"b"], "b")
    (kept.folder / ".x.part").write_bytes(b"half")
    with kept.locked():
        freed = kept.tidy(2**40, lambda sha256: sha256 == wanted)

    assert (freed, kept.path(wanted).exists(), kept.path(other).exists()) == (5, True, False)


def test_a_link_takes_the_place_of_what_lies_there(kept: Spool, tmp_path: Path):
    sha256, _ = kept.take(chunks(), "a.mrc")
    target = tmp_path / "s1" / "1-auto-a.mrc"
    target.parent.mkdir()
    target.write_bytes(b"old")
    kept.link(sha256, target)
    kept.remove(sha256)

    assert target.read_bytes() == CONTENT


def test_a_delivery_is_noted_and_its_check_queued(hub: Database):
    intake = receive(hub)

    assert (intake.id, intake.state, intake.author) == (1, State.RECEIVED, "lan")
    assert queue.due(hub, rows.CHECK) == ["check:1"]
    assert progress(hub, 1).is_queued


def test_the_same_file_twice_is_one_delivery_for_each_source(hub: Database):
    first, again = rows.receive(hub, arrived()), rows.receive(hub, arrived())
    other = rows.receive(hub, arrived("s2"))

    assert (first.is_new, again.is_new, again.intake.id) == (True, False, first.intake.id)
    assert other.is_new


def test_the_same_file_said_to_be_something_else_is_checked_again(hub: Database):
    checked(hub, receive(hub).id)
    again = receive(hub, kind=Kind.WHOLE)

    assert (again.state, again.kind) == (State.RECEIVED, Kind.WHOLE)
    assert queue.due(hub, rows.CHECK) == ["check:1"]


def test_two_who_send_the_same_file_at_once_make_one_delivery(database_url: str):
    database = Database.open(database_url)
    sources.add(database, Source(name="s1", library="L1", protocol="file", url="file:"))
    said = run(*(function(send, database_url) for _ in range(2)))
    found = rows.all(database)
    database.close()

    assert sorted(each.value for each in said) == [[1, False], [1, True]]
    assert len(found) == 1


def send(url: str) -> tuple[int, bool]:
    """Send a file; called in a process of its own."""
    database = Database.open(url)
    received = rows.receive(database, arrived())
    database.close()
    return received.intake.id, received.is_new


def test_files_go_to_sources_of_files_only(hub: Database):
    with pytest.raises(NotOfFiles, match="oai-pmh"):
        receive(hub, source="oai")


def test_what_is_not_checked_or_was_refused_cannot_be_applied(hub: Database):
    receive(hub)
    with pytest.raises(NotCheckedYet):
        rows.begin_applying(hub, 1, "lan")
    checked(hub, 1, UnknownHost(host="x"))

    assert rows.get(hub, 1).code == "unknown-host"
    with pytest.raises(DeliveryRefused):
        rows.begin_applying(hub, 1, "lan")


def test_other_settings_of_the_source_want_another_check(hub: Database):
    receive(hub)
    checked(hub, 1)
    sources.change(hub, replace(sources.get(hub, "s1"), encoding="tcvn3"))

    assert rows.get(hub, 1).outdated
    with pytest.raises(CheckOutdated):
        rows.begin_applying(hub, 1, "lan")
    rows.check_again(hub, 1)
    checked(hub, 1)
    assert rows.begin_applying(hub, 1, "lan").state is State.APPLYING


def test_applying_twice_is_as_good_as_once(hub: Database):
    receive(hub)
    checked(hub, 1)
    once = rows.begin_applying(hub, 1, "lan")
    twice = rows.begin_applying(hub, 1, "mai")
    rows.end_applying(hub, [1])

    assert (once.decider, twice.decider) == ("lan", "lan")
    assert rows.get(hub, 1).state is State.APPLIED
    with pytest.raises(DeliveryApplied):
        rows.begin_applying(hub, 1, "lan")
    with pytest.raises(DeliveryApplied):
        rows.discard(hub, 1, "lan")


def test_discarding_twice_is_as_good_as_once_and_ends_a_check(hub: Database):
    receive(hub)
    lease = queue.claim(hub, rows.CHECK, rows.check_key(1))
    assert lease is not None
    once = rows.discard(hub, 1, "lan")
    twice = rows.discard(hub, 1, "mai")

    assert (once.state, twice.decider) == (State.DISCARDED, "lan")
    assert queue.is_stopping(hub, lease)
    with pytest.raises(DeliveryDiscarded):
        rows.put_report(hub, lease, 1, Found({}, 0, None))
    with pytest.raises(DeliveryDiscarded):
        rows.check_again(hub, 1)


def test_after_a_delivery_was_decided_of_the_same_file_is_a_new_one(hub: Database):
    receive(hub)
    checked(hub, 1)
    rows.begin_applying(hub, 1, "lan")
    rows.end_applying(hub, [1])
    again = receive(hub)

    assert again.id == 2
    assert rows.twin(hub, again).id == 1  # type: ignore[union-attr]
    assert [each.id for each in rows.all(hub, only_open=True)] == [2]


def test_there_is_no_delivery_that_never_came(hub: Database):
    with pytest.raises(NoSuchDelivery):
        rows.get(hub, 7)


def test_deliveries_are_forgotten_one_step_down_and_can_be_taken_in_again(database_url: str):
    database = Database.open(database_url)
    sources.add(database, Source(name="s1", library="L1", protocol="file", url="file:"))
    receive(database)
    database.close()
    downgrade(database_url, "0015")
    upgrade(database_url)
    database = Database.open(database_url)

    assert rows.all(database) == []
    assert receive(database).id == 1
    database.close()
