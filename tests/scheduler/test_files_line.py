"""Files through the whole line: what came, what changed, what is gone, on both engines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from catalogue import browse, records, runs, sources
from catalogue.errors import ListDoubtful, WouldDelete
from catalogue.model import RunStatus, Source
from catalogue.options import Files
from harvester.files.errors import FilesRefused, NoCompleteList, UnknownContent
from scheduler import deciding
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from scheduler.preview import preview
from scheduler.refetch import refetch
from scheduler.replay import replay
from support.engines import SQLITE_USUALLY
from support.files import book, books
from support.lines import Hub

pytestmark = SQLITE_USUALLY


class Library:
    """A source of files of a hub."""

    def __init__(self, hub: Hub, folder: Path, name: str = "s1", **files: object) -> None:
        self.hub, self.folder, self.name = hub, folder, name
        folder.mkdir(exist_ok=True)
        made = Files(**files)  # type: ignore[arg-type]
        source = Source(
            name=name, library=name.upper(), protocol="file", url=f"file:{folder}", files=made
        )
        sources.add(hub.database, source)

    def put(self, name: str, data: bytes) -> None:
        (self.folder / name).write_bytes(data)

    def go(self, **options: object):
        return harvest(self.hub.line, self.name, HarvestOptions(**options))  # type: ignore[arg-type]

    def counts(self, **options: object) -> dict[str, int]:
        outcome = self.go(**options)
        assert outcome.status is RunStatus.SUCCEEDED, outcome.message
        counts = outcome.counts
        names = ("added", "changed", "unchanged", "deleted", "absent", "quarantined")
        return {name: value for name in names if (value := getattr(counts, name))}

    def state(self) -> dict[str, str]:
        listed = records.listing(self.hub.database, self.name)
        return {each.identifier: each.state.value for each in listed}


@pytest.fixture
def whole(hub: Hub, tmp_path: Path) -> Library:
    made = Library(hub, tmp_path / "whole", delivers="whole")
    made.put("a.mrc", books(*range(60)))
    return made


@pytest.fixture
def changes(hub: Hub, tmp_path: Path) -> Library:
    made = Library(hub, tmp_path / "changes")
    made.put("1.mrc", books(1, 2, 3))
    return made


def test_the_next_version_changes_exactly_what_changed_and_what_it_lacks_is_deleted(whole):
    first = whole.counts()
    whole.put("a.mrc", books(*range(1, 50)) + book(50, "Khác") + books(*range(51, 61)))

    assert (first, whole.counts()) == (
        {"added": 60},
        {"added": 1, "changed": 1, "unchanged": 58, "absent": 1},
    )


def test_nothing_new_changes_and_deletes_nothing(whole):
    whole.counts()

    assert whole.counts() == {}
    assert runs.all(whole.hub.database)[0].counts.absent == 0


def test_everything_read_once_more_is_unchanged(whole):
    whole.counts()

    assert whole.counts(full=True) == {"unchanged": 60}


def test_half_a_file_deletes_nothing_without_a_person(whole):
    whole.counts()
    whole.put("a.mrc", books(*range(30)))
    outcome = whole.go()

    assert isinstance(outcome.error, WouldDelete)
    assert set(whole.state().values()) == {"active"}


def test_a_list_with_a_hole_deletes_nothing_without_a_person(whole):
    whole.counts()
    data = books(*range(60))
    whole.put("a.mrc", data[:2_000] + b"???" + data[2_100:])
    outcome = whole.go()

    assert isinstance(outcome.error, ListDoubtful)
    assert "deleted" not in whole.state().values()


def test_a_refused_file_leaves_everything_as_it_was(whole):
    whole.counts()
    whole.put("a.mrc", b"%PDF-1.7")
    outcome = whole.go()

    assert (outcome.status, type(outcome.error)) == (RunStatus.FAILED, UnknownContent)
    assert set(whole.state().values()) == {"active"}


def test_changes_delete_nothing_by_their_silence_and_what_is_listed_as_deleted(changes):
    first = changes.counts()
    changes.put("2.mrc", book(2, "Khác") + book(4))
    changes.put("3-xoa.txt", b"1\n99\n")
    second = changes.counts()

    assert first == {"added": 3}
    assert {**second, "unchanged": 0} == {"added": 1, "changed": 1, "deleted": 1, "unchanged": 0}
    assert changes.state() == {"1": "deleted", "2": "active", "3": "active", "4": "active"}


def test_changes_are_no_complete_list_to_compare_with(changes):
    outcome = changes.go(reconcile=True)

    assert isinstance(outcome.error, NoCompleteList)


def test_a_complete_list_is_compared_on_demand(whole):
    whole.counts()

    assert whole.go(reconcile=True).status is RunStatus.SUCCEEDED


def test_a_changed_setting_reads_everything_anew(changes):
    changes.counts()
    source = sources.get(changes.hub.database, "s1")
    sources.change(changes.hub.database, replace(source, files=Files(delivers="whole")))

    assert changes.counts() == {"unchanged": 3}


def test_an_interrupted_list_goes_on_as_the_same_complete_list(whole):
    whole.put("a.mrc", books(*range(260)))
    whole.counts()
    whole.put("a.mrc", b"".join(book(number, f"Khác {number}") for number in range(255)))
    stopping = Event()
    stopped = harvest(whole.hub.line, "s1", HarvestOptions(), lambda _: stopping.set(), stopping)

    assert (stopped.status, stopped.counts.changed) == (RunStatus.CANCELLED, 250)
    assert whole.counts() == {"changed": 5, "absent": 5}


def test_records_of_another_library_with_the_same_numbers_are_left_alone(whole, changes_of_other):
    whole.counts()
    changes_of_other.counts()

    assert changes_of_other.state().keys() < whole.state().keys()
    assert browse.totals(whole.hub.database).records == 63


@pytest.fixture
def changes_of_other(hub: Hub, tmp_path: Path) -> Library:
    made = Library(hub, tmp_path / "other", "s2")
    made.put("1.mrc", books(1, 2, 3, title="Của thư viện khác"))
    return made


def test_what_was_uploaded_is_read_from_the_inbox(hub, tmp_path):
    line = replace(hub.line, incoming=tmp_path / "incoming")
    inbox = tmp_path / "incoming" / "s1"
    inbox.mkdir(parents=True)
    sources.add(hub.database, Source(name="s1", library="S1", protocol="file", url="file:"))
    (inbox / "00000001-whole-a.mrc").write_bytes(books(*range(30)))
    (inbox / "00000002-changes-b.mrc").write_bytes(books(30))
    (inbox / "00000003-whole-c.mrc").write_bytes(books(*range(28)))
    found = []
    for _ in range(4):
        counts = harvest(line, "s1", HarvestOptions()).counts
        found.append((counts.added, counts.unchanged, counts.absent))

    assert found == [(30, 0, 0), (1, 0, 0), (0, 28, 3), (0, 0, 0)]


def test_a_run_is_replayed_without_its_files(whole):
    whole.counts()
    whole.put("a.mrc", b"")
    outcome = replay(whole.hub.line, 1)

    assert (outcome.status, outcome.counts.unchanged) == (RunStatus.SUCCEEDED, 60)


def test_one_record_is_read_anew(changes):
    changes.counts()
    changes.put("1.mrc", books(1) + book(2, "Khác") + books(3))

    assert refetch(changes.hub.line, ("s1", "2")).counts.changed == 1


def test_a_dry_run_and_a_preview_store_nothing(changes):
    assert changes.go(dry_run=True).counts.added == 3
    source = sources.get(changes.hub.database, "s1")
    shown = list(preview(changes.hub.line, source, 2))

    assert [each.raw.identifier for each in shown] == ["1", "2"]
    assert changes.state() == {}


def test_a_source_that_names_dates_is_told_that_files_have_none(changes):
    assert isinstance(changes.go(start="2024-01-01").error, FilesRefused)


def test_harvests_that_bring_nothing_new_go_on_waiting_for_the_same_person(whole):
    whole.counts()
    whole.put("a.mrc", books(*range(30)))
    first, second = whole.go(), whole.go()
    deciding.approve(whole.hub.line, second.run, Event())

    assert [first.status, second.status] == [RunStatus.WAITING] * 2
    assert list(whole.state().values()).count("deleted") == 30


def test_a_doubtful_list_is_not_believed_for_want_of_a_new_one(whole):
    whole.counts()
    data = books(*range(60))
    whole.put("a.mrc", data[:2_000] + b"???" + data[2_100:])
    doubtful, after = whole.go(), whole.go()

    assert (doubtful.status, after.counts.delivered) == (RunStatus.WAITING, 0)
    assert "deleted" not in whole.state().values()


def test_what_comes_back_before_a_person_decided_stays(whole):
    whole.counts()
    whole.put("a.mrc", books(*range(30)))
    whole.go()
    whole.put("a.mrc", books(*range(60)))

    assert whole.counts() == {"unchanged": 60}
    assert set(whole.state().values()) == {"active"}
