"""A delivery is read and judged before it counts, and then does what was foreseen."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import update

from catalogue import libraries, queue, records, runs, sources
from catalogue.database import Database
from catalogue.intake import rows
from catalogue.intake.errors import (
    CheckOutdated,
    CheckStopped,
    DeliveryApplied,
    DeliveryDiscarded,
    DeliveryGone,
    DeliveryInUse,
)
from catalogue.intake.model import Kind, State
from catalogue.intake.tables import IntakeRow
from catalogue.model import Library, RunStatus
from catalogue.options import Guards
from catalogue.store import close_run, open_run
from crosswalks.encodings import Encoding
from scheduler import arriving
from scheduler.intake import check, check_next
from support.deliveries import Counter, book, books
from support.engines import SQLITE_USUALLY
from support.legacy import WORDS, misread
from support.lines import beside, wait_until

pytestmark = SQLITE_USUALLY


@pytest.fixture
def counter(database: Database, tmp_path: Path) -> Iterator[Counter]:
    with ExitStack() as ending:
        made = Counter(database, tmp_path, ending)
        made.add()
        yield made


def alike(report: dict, outcome) -> bool:
    """Tell whether a harvest did what a report said."""
    told = {name: value for name, value in report["counts"].items() if name != "pages"}
    came = {name: value for name, value in asdict(outcome.counts).items() if name != "pages"}
    assert told == came
    return True


def test_nothing_is_stored_by_a_check_and_all_of_it_by_applying(counter: Counter):
    intake = counter.checked(books(range(600)))
    before = list(records.listing(counter.database, "s1"))
    counter.put(intake.id)
    outcome = counter.harvest()
    after = rows.get(counter.database, intake.id)

    assert (before, intake.state, intake.report["read"]) == ([], State.CHECKED, 600)
    assert alike(intake.report, outcome)
    assert (after.state, after.run, after.run_status) == (State.APPLIED, outcome.run, "succeeded")
    assert counter.files() == ["s1/done/00000001-auto-sách.mrc"]


def test_a_whole_delivery_does_what_was_foreseen(counter: Counter):
    first = counter.checked(books(range(300)), Kind.WHOLE)
    counter.put(first.id)
    counter.harvest()
    second = counter.checked(books(range(10, 150)) + books(range(150, 310), "Vỡ đê"), Kind.WHOLE)
    counter.put(second.id)
    outcome = counter.harvest()

    assert second.report["whole"]
    assert second.report["counts"] | {"pages": 0} == {
        "delivered": 300,
        "added": 10,
        "changed": 150,
        "unchanged": 140,
        "deleted": 0,
        "quarantined": 0,
        "held": 0,
        "absent": 10,
        "pages": 0,
    }
    assert alike(second.report, outcome)


def test_the_word_of_a_guard_is_foreseen(counter: Counter):
    counter.deliver(books(range(100)), Kind.WHOLE)
    intake = counter.checked(books(range(30)), Kind.WHOLE)
    counter.put(intake.id)
    outcome = counter.harvest()

    assert intake.report["verdict"]["code"] == "would-delete"
    assert outcome.status is RunStatus.WAITING
    assert alike(intake.report, outcome)
    assert rows.get(counter.database, intake.id).run_status == "waiting"


def test_delete_lists_are_foreseen(counter: Counter):
    counter.deliver(books(range(100)))
    intake = counter.checked(b"b0001\nb0002\nnone\n", Kind.DELETIONS)
    counter.put(intake.id)
    outcome = counter.harvest()

    assert (intake.report["counts"]["deleted"], intake.report["deleted"]) == (2, 3)
    assert alike(intake.report, outcome)


def test_what_is_repeated_in_a_file_is_foreseen(counter: Counter):
    same = book("b0001")
    intake = counter.checked(b"".join([same, same, book("b0001", "Vỡ đê"), same] * 300))
    counter.put(intake.id)
    outcome = counter.harvest()

    assert (intake.report["counts"]["added"], intake.report["repaired"]) == (2, 300)
    assert alike(intake.report, outcome)


def test_damage_is_told_by_place_and_bounded(counter: Counter):
    broken = b"".join(book(f"x{n}").replace(b"Ha N", b"")[:60] + b"\x1d" for n in range(150))
    intake = counter.checked(books(range(2000)) + broken)
    report = intake.report

    assert report["refused"] >= 150
    assert len(report["refusals"]) == 100
    assert report["refusals"][0]["place"].startswith("sách.mrc!")
    assert report["verdict"] is None


def test_a_file_that_is_none_is_refused_with_the_reason(counter: Counter):
    intake = counter.checked(b"%PDF-1.7\n" + b"x" * 5000)

    assert (intake.state, intake.code) == (State.REFUSED, "unknown-content")
    assert counter.files() == [f".waiting/{intake.sha256}"]


def test_a_file_sent_to_the_wrong_source_is_told(counter: Counter):
    libraries.add(counter.database, Library(code="HUST", aliases=("VN-HUST",)))
    own = counter.checked(books(range(20), code="L1") + books(range(20, 25), code="vn-hust"))
    astray = counter.checked(books(range(5), code="L1") + books(range(20), code="vn-hust"))

    assert (own.report["own"], own.report["others"], own.report["astray"]) == (
        20,
        {"HUST": 5},
        False,
    )
    assert astray.report["astray"]


def test_a_record_never_overwrites_that_of_another_library(counter: Counter):
    counter.add("s2", library="L2")
    counter.deliver(books(range(10)))
    intake = counter.checked(books(range(10), "Vỡ đê"), source="s2")
    counter.put(intake.id)
    counter.harvest("s2")

    assert intake.report["counts"]["added"] == 10
    kept = records.get(counter.database, "s1", "b0001").record
    assert kept is not None
    assert kept.values("245", "a") == ["Số đỏ b0001"]


def test_applying_twice_is_as_good_as_once(counter: Counter):
    number = counter.checked(books(range(5))).id
    counter.put(number)
    again = counter.put(number, "mai")
    outcome, nothing = counter.harvest(), counter.harvest()

    assert (again.decider, outcome.counts.added, nothing.counts.delivered) == ("lan", 5, 0)
    with pytest.raises(DeliveryApplied):
        counter.put(number)


def test_changes_are_read_together_and_a_complete_list_alone(counter: Counter):
    for body, kind in (
        (books(range(3)), Kind.CHANGES),
        (books(range(3, 6)), Kind.CHANGES),
        (books(range(1, 6)), Kind.WHOLE),
        (books(range(6, 7)), Kind.CHANGES),
    ):
        counter.put(counter.checked(body, kind).id)
    outcomes = [counter.harvest() for _ in range(4)]
    ran = {each.id: each.run for each in rows.all(counter.database)}

    assert [each.counts.delivered for each in outcomes] == [6, 5, 1, 0]
    assert outcomes[1].counts.absent == 1
    assert ran == {1: 1, 2: 1, 3: 2, 4: 3}


def test_a_worker_checks_and_reads_all_that_was_applied(counter: Counter):
    with beside(counter.hub.work):
        first = counter.receive(books(range(3)), Kind.WHOLE).id
        second = counter.receive(books(range(1, 5)), Kind.WHOLE).id
        for number in (first, second):
            wait_until(lambda n=number: rows.get(counter.database, n).state is State.CHECKED)
            counter.put(number)
        arriving.queue_harvest(counter.line, "s1")
        wait_until(lambda: rows.get(counter.database, second).state is State.APPLIED)

    assert [run.counts.delivered for run in reversed(runs.all(counter.database))][:2] == [3, 4]


def test_a_delivery_applied_while_its_source_is_harvested_waits_for_the_next(counter: Counter):
    number = counter.checked(books(range(3))).id
    running = open_run(counter.database, "s1")
    assert running is not None
    counter.put(number)
    busy = counter.harvest()
    with pytest.raises(DeliveryInUse):
        arriving.discard(counter.line, number, "lan")
    close_run(counter.database, running, RunStatus.SUCCEEDED)
    outcome = counter.harvest()

    assert (busy.error.code(), outcome.counts.added) == ("already-running", 3)  # type: ignore[union-attr]


def test_what_is_discarded_is_gone_and_cannot_be_applied(counter: Counter):
    number = counter.checked(books(range(3))).id
    arriving.discard(counter.line, number, "lan")
    arriving.discard(counter.line, number, "lan")

    assert counter.files() == []
    with pytest.raises(DeliveryDiscarded):
        counter.put(number)


def test_what_was_applied_can_be_discarded_until_it_is_read(counter: Counter):
    number = counter.checked(books(range(3))).id
    counter.put(number)
    arriving.discard(counter.line, number, "lan")

    assert (counter.harvest().counts.delivered, counter.files()) == (0, [])


def test_two_sources_may_be_sent_the_same_file(counter: Counter):
    counter.add("s2", library="L2")
    one, other = counter.checked(books(range(3))), counter.checked(books(range(3)), source="s2")
    counter.put(one.id)
    counter.harvest()

    assert other.state is State.CHECKED
    assert counter.deliver_checked(other.id, "s2").counts.added == 3


def test_discarding_ends_a_check_under_way(counter: Counter):
    number = counter.receive(books(range(3))).id
    lease = queue.claim(counter.database, rows.CHECK, rows.check_key(number))
    assert lease is not None
    arriving.discard(counter.line, number, "lan")

    assert queue.is_stopping(counter.database, lease)
    counter.database.writing(lambda connection: queue.finish(connection, lease))
    assert not check_next(counter.line, Event())
    assert rows.get(counter.database, number).state is State.DISCARDED


def test_discarding_what_is_being_checked_ends_the_check(counter: Counter):
    number = counter.receive(books(range(600))).id
    with pytest.raises(CheckStopped):
        check(counter.line, number, Event(), lambda _: discarded(counter, number))

    assert rows.get(counter.database, number).state is State.DISCARDED
    assert counter.files() == []
    assert not check_next(counter.line, Event())


def discarded(counter: Counter, number: int) -> None:
    arriving.discard(counter.line, number, "lan")


def test_a_check_whose_process_stops_is_begun_again_by_another(counter: Counter):
    number, stopping = counter.receive(books(range(600))).id, Event()
    with pytest.raises(CheckStopped):
        check(counter.line, number, stopping, lambda _: stopping.set())

    assert rows.get(counter.database, number).state is State.RECEIVED
    assert check_next(counter.line, Event())
    assert rows.get(counter.database, number).state is State.CHECKED


def test_a_file_that_vanished_is_told_and_can_be_sent_again(counter: Counter):
    intake = counter.receive(books(range(3)))
    arriving.spool_of(counter.line).remove(intake.sha256)
    refused = counter.check(intake.id)
    again = counter.checked(books(range(3)))

    assert (refused.state, refused.code) == (State.REFUSED, "delivery-gone")
    assert (again.id, again.state) == (intake.id, State.CHECKED)


def test_a_file_that_vanished_after_its_check_is_told_when_it_is_applied(counter: Counter):
    intake = counter.checked(books(range(3)))
    arriving.spool_of(counter.line).remove(intake.sha256)

    with pytest.raises(DeliveryGone):
        counter.put(intake.id)
    assert rows.get(counter.database, intake.id).state is State.CHECKED


def test_a_file_that_was_damaged_where_it_lies_is_refused(counter: Counter):
    intake = counter.receive(books(range(3)))
    arriving.spool_of(counter.line).path(intake.sha256).write_bytes(b"other")

    assert counter.check(intake.id).code == "delivery-damaged"


def test_other_settings_want_another_check(counter: Counter):
    intake = counter.checked(books(range(3)))
    source = sources.get(counter.database, "s1")
    sources.change(counter.database, replace(source, files=replace(source.files, identifier="003")))

    with pytest.raises(CheckOutdated):
        counter.put(intake.id)
    assert counter.put(counter.check(intake.id).id).state is State.APPLYING


def test_who_was_killed_between_saying_yes_and_putting_the_file_there_goes_on(counter: Counter):
    intake = counter.checked(books(range(3)))
    rows.begin_applying(counter.database, intake.id, "lan")
    nothing = counter.harvest()
    counter.put(intake.id)

    assert (nothing.counts.delivered, counter.harvest().counts.added) == (0, 3)


def test_who_was_killed_before_it_was_noted_what_was_read_is_noted_later(counter: Counter):
    number = counter.checked(books(range(3))).id
    counter.put(number)
    outcome = counter.harvest()
    unsaid = update(IntakeRow).values(state=State.APPLYING.value, run_id=None)
    counter.database.writing(lambda connection: connection.execute(unsaid))
    [done] = counter.folder.glob("s1/done/*")
    done.rename(counter.folder / "s1" / done.name)
    again = counter.put(number)
    counter.harvest()

    assert again.state is State.APPLYING
    assert rows.get(counter.database, number).state is State.APPLIED
    assert rows.get(counter.database, number).run == outcome.run


def test_a_run_that_stopped_early_goes_on_with_the_delivery_when_it_may(counter: Counter):
    broken = b"".join(book(f"x{n}")[:60] + b"%d\x1d" % n for n in range(300))
    intake = counter.checked(broken + books(range(300)))
    counter.put(intake.id)
    outcome = counter.harvest()

    assert intake.report["verdict"]["code"] == "stopped-unmapped"
    assert outcome.status is RunStatus.WAITING
    assert rows.get(counter.database, intake.id).state is State.APPLYING
    assert rows.get(counter.database, intake.id).run == outcome.run


def test_strict_guards_count_as_for_harvests(counter: Counter):
    source = sources.get(counter.database, "s1")
    sources.change(counter.database, replace(source, guards=Guards(delete_percent=0)))
    counter.deliver(books(range(100)), Kind.WHOLE)

    assert counter.checked(books(range(99)), Kind.WHOLE).report["verdict"]["code"] == "would-delete"


@pytest.mark.parametrize("seed", range(3))
def test_any_row_of_deliveries_does_what_was_foreseen(counter: Counter, seed: int):
    chance = random.Random(seed)
    for _ in range(6):
        kind = chance.choice([Kind.WHOLE, Kind.CHANGES, Kind.DELETIONS])
        intake = counter.checked(anything(chance, kind), kind)
        if intake.state is State.CHECKED:
            counter.put(intake.id)
            outcome = counter.harvest()

            assert alike(intake.report, outcome)
            assert bool(intake.report["verdict"]) == (outcome.status is RunStatus.WAITING)
        else:
            arriving.discard(counter.line, intake.id, "lan")


def anything(chance: random.Random, kind: Kind) -> bytes:
    """Return a file of books, some twice, some otherwise than before, some broken; or of names."""
    numbers = [chance.randrange(40) for _ in range(chance.randrange(1, 60))]
    if kind is Kind.DELETIONS:
        return "".join(f"b{number:04}\n" for number in numbers).encode()
    titles = ("Số đỏ", "Giông tố", "Vỡ đê")
    made = [book(f"b{number:04}", chance.choice(titles)) for number in numbers]
    return b"".join(each if chance.random() > 0.1 else each[:60] + b"\x1d" for each in made)


def test_old_encodings_found_in_a_delivery_are_those_of_the_harvest(counter: Counter):
    source = sources.get(counter.database, "s1")
    sources.change(counter.database, replace(source, encoding="auto"))
    chance = random.Random(1)
    for start in (0, 300, 600):
        intake = counter.checked(b"".join(misread_book(chance, start + n) for n in range(300)))
        counter.put(intake.id)
        outcome = counter.harvest()

        assert intake.report["encoding"] == "tcvn3"
        assert intake.report["repaired"] == 300
        assert alike(intake.report, outcome)


def misread_book(chance: random.Random, number: int) -> bytes:
    """Return a book whose title is in TCVN3."""
    return book(f"b{number:04}", misread(" ".join(chance.sample(WORDS, 9)), Encoding.TCVN3))
