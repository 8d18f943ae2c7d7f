"""Files that are checked first: a harvest takes in what is new, and reads only what counts."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.database import Database
from catalogue.intake import rows
from catalogue.intake.model import Intake, Kind, State
from catalogue.model import RunStatus
from scheduler import arriving
from support.deliveries import Counter, books
from support.lines import beside, wait_until
from support.loopback import Reply, replying


@pytest.fixture
def counter(database: Database, tmp_path: Path) -> Iterator[Counter]:
    with ExitStack() as ending:
        yield Counter(database, tmp_path / "hub", ending)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    return made


def put(folder: Path, name: str, body: bytes, age: int = 0) -> None:
    """Put a file into a folder, last written so many seconds ago."""
    (folder / name).write_bytes(body)
    written = time.time() - age
    os.utime(folder / name, (written, written))


def taken_in(counter: Counter) -> list[Intake]:
    """Harvest, and return the deliveries there are, oldest first."""
    assert counter.harvest().status is RunStatus.SUCCEEDED
    return rows.all(counter.database)[::-1]


def test_each_file_of_a_folder_of_changes_is_a_delivery_once(counter: Counter, folder: Path):
    counter.add(url=f"file:{folder}", check_first=True)
    put(folder, "1.mrc", books(range(3)))
    put(folder, "xoa-1.txt", b"b0001\n")
    first, again = taken_in(counter), taken_in(counter)
    put(folder, "2.mrc", books(range(5)))
    more = taken_in(counter)

    assert [(each.name, each.kind) for each in first] == [
        ("1.mrc", Kind.CHANGES),
        ("xoa-1.txt", Kind.DELETIONS),
    ]
    assert [each.id for each in again] == [1, 2]
    assert [(each.name, each.state) for each in more[2:]] == [("2.mrc", State.RECEIVED)]


def test_only_what_somebody_applied_is_read(counter: Counter, folder: Path):
    counter.add(url=f"file:{folder}", check_first=True)
    put(folder, "1.mrc", books(range(3)))
    put(folder, "2.mrc", books(range(3, 6)))
    taken_in(counter)
    arriving.discard(counter.line, 1, "lan")
    counter.check(2)
    counter.put(2)
    outcome, after = counter.harvest(), counter.harvest()

    assert (outcome.counts.added, after.counts.delivered) == (3, 0)
    assert [each.state for each in taken_in(counter)] == [State.DISCARDED, State.APPLIED]


def test_what_counts_is_what_was_checked_whatever_lies_there_by_then(
    counter: Counter, folder: Path
):
    counter.add(url=f"file:{folder}", check_first=True)
    put(folder, "1.mrc", books(range(3)))
    taken_in(counter)
    counter.check(1)
    put(folder, "1.mrc", books(range(100)))
    counter.put(1)

    assert counter.harvest().counts.added == 3
    assert [each.id for each in rows.all(counter.database)] == [2, 1]


def test_of_dated_exports_the_newest_is_the_complete_list(counter: Counter, folder: Path):
    counter.add(url=f"file:{folder}", check_first=True, delivers="newest")
    put(folder, "1.mrc", books(range(3)), age=900)
    put(folder, "2.mrc", books(range(5)), age=60)

    assert [(each.name, each.kind) for each in taken_in(counter)] == [("2.mrc", Kind.WHOLE)]


def test_files_that_are_one_list_together_are_one_delivery(counter: Counter, folder: Path):
    counter.add(url=f"file:{folder}", check_first=True, delivers="whole")
    put(folder, "1.mrc", books(range(3)))
    put(folder, "2.mrc", books(range(3, 5)))
    [first] = taken_in(counter)
    counter.check(first.id)
    counter.put(first.id)
    added = counter.harvest().counts.added
    put(folder, "2.mrc", books(range(3, 4)))
    second = taken_in(counter)[1]
    report = counter.check(second.id).report

    assert (first.kind, added) == (Kind.WHOLE, 5)
    assert (report["whole"], report["counts"]["absent"]) == (True, 1)


def test_a_file_on_a_server_is_taken_in_when_it_is_another(counter: Counter):
    given = [books(range(3))]
    with replying(lambda _: Reply(body=given[0], kind="application/marc")) as url:
        counter.add(url=url.rpartition("/")[0] + "/xuat.mrc", check_first=True)
        first, again = taken_in(counter), taken_in(counter)
        given[0] = books(range(4))
        more = taken_in(counter)

    assert [(each.name, each.kind) for each in first] == [("xuat.mrc", Kind.WHOLE)]
    assert (len(again), len(more)) == (1, 2)


def test_a_folder_that_is_not_there_fails_the_harvest_in_words(counter: Counter, folder: Path):
    counter.add(url=f"file:{folder}/none", check_first=True)
    outcome = counter.harvest()

    assert (outcome.status, outcome.error.code()) == (RunStatus.FAILED, "file-missing")  # type: ignore[union-attr]


def test_a_worker_takes_in_and_checks_and_waits_for_a_person(counter: Counter, folder: Path):
    counter.add(url=f"file:{folder}", check_first=True)
    put(folder, "1.mrc", books(range(3)))
    counter.hub.enqueue("s1")
    with beside(counter.hub.work):
        wait_until(
            lambda: [each.state for each in rows.all(counter.database)] == [State.CHECKED],
            "it was never checked",
        )

    assert counter.hub.outcomes[0].counts.delivered == 0


def test_tidying_takes_what_killed_processes_left_and_nothing_else(counter: Counter):
    counter.add()
    counter.deliver(books(range(3)))
    waiting = counter.receive(books(range(5)))
    kept = counter.files()
    for name in (".waiting/.x.part", ".waiting/0123", ".checking/9-x/00000009-auto-a"):
        left = counter.folder / name
        left.parent.mkdir(parents=True, exist_ok=True)
        left.write_bytes(b"x")
        os.utime(left, (1, 1))
    os.utime(counter.folder / ".checking/9-x", (1, 1))
    os.utime(counter.folder / ".waiting" / waiting.sha256, (1, 1))
    arriving.tidy(counter.line)

    assert counter.files() == kept


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../Tổng hợp:2024.mrc", "Tổng hợp-2024.mrc"),
        ("C:\\xuất\\sách.mrc", "sách.mrc"),
        ("..", "delivery"),
        ("đang chép.part", "đang chép.part_"),
        (f"{'a' * 300}.mrc", f"{'a' * 116}.mrc"),
    ],
)
def test_names_that_are_sent_lead_nowhere(sent: str, kept: str):
    assert arriving.safe(sent) == kept


@given(st.text(max_size=300))
def test_any_name_is_one_that_the_inbox_takes(sent: str):
    name = arriving.safe(sent)

    assert name
    assert not name.startswith(".")
    assert len(name.encode()) <= 121
    assert not {"/", "\\", "\0", "\n"} & set(name)
    assert not name.casefold().endswith((".part", ".tmp", "~"))
