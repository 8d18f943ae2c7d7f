"""A rebuild by a worker after a switch, and by command: nobody else places meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue import policies, queue
from catalogue.cluster import rebuild as rebuilding
from catalogue.cluster.place import waiting
from catalogue.database import Database
from catalogue.model import HubIdentity
from catalogue.raw import FolderRawStore
from scheduler.errors import RebuildBusy
from scheduler.model import Line
from scheduler.placing import TURN, Placer
from scheduler.rebuilding import is_due, rebuild_due, rebuild_now
from scheduler.worker import work
from support.harvesting import LOOPBACK
from support.lines import REST_SECONDS, beside, wait_until
from support.pages import Book, add_source, books, deliver, place_all
from support.policies import use

TITLES = ("Số đỏ", "Giông tố", "Vỡ đê", "Tắt đèn")


@pytest.fixture
def line(database: Database, tmp_path: Path) -> Line:
    """Give a hub that holds four books, each twice, under a policy just switched on."""
    add_source(database)
    twice = [(f"{title} {n}", Book(title=title)) for title in TITLES for n in range(2)]
    deliver(database, "s1", *books(twice))
    place_all(database)
    use(database, "mild", **{"isbn-equal": 0.2})
    return Line(
        db=database, raw_store=FolderRawStore(tmp_path), identity=HubIdentity(), http=LOOPBACK
    )


def test_what_another_policy_does_not_change_is_not_placed_again(line: Line) -> None:
    before = waiting(line.db)
    found = rebuild_due(line)

    assert found is not None
    assert (before, found.spared, waiting(line.db)) == (len(TITLES) * 2, len(TITLES) * 2, 0)
    assert rebuild_due(line) is None
    assert not is_due(line.db)


def test_it_waits_while_others_place_and_they_while_it_is_done(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = queue.claim(line.db, TURN, TURN)
    assert turn is not None
    assert rebuild_due(line) is None
    with pytest.raises(RebuildBusy):
        rebuild_now(line.db, dry_run=False)
    line.db.writing(lambda connection: queue.finish(connection, turn))
    placed = []
    correction = rebuilding.correction

    def meanwhile(*told):
        with Placer(line.db, line.identity) as placer:
            placed.append(placer.step())
        return correction(*told)

    monkeypatch.setattr(rebuilding, "correction", meanwhile)

    assert rebuild_due(line) is not None
    assert placed == [0]
    assert waiting(line.db) == 0


def test_a_dry_run_says_the_same_and_changes_nothing(line: Line) -> None:
    use(line.db, "severe", same=1.0, sure=1.0)
    told = rebuild_now(line.db, dry_run=True)
    before = waiting(line.db)
    done = rebuild_now(line.db, dry_run=False)

    assert before == len(TITLES) * 2
    assert told == done
    assert done.again == waiting(line.db) == len(TITLES) * 2


def test_a_worker_does_it_before_it_places(line: Line) -> None:
    with beside(lambda stopping: work(line, lambda _: None, stopping, REST_SECONDS)):
        wait_until(lambda: waiting(line.db) == 0)

    assert policies.get(line.db).version == "mild"
    assert queue.latest(line.db, policies.REBUILD)[0] == "done"


def test_one_that_fails_leaves_the_rest_to_be_placed(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "correction", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        rebuild_due(line)
    place_all(line.db)

    assert not is_due(line.db)
    assert queue.claim(line.db, TURN, TURN) is not None
