"""What a matching policy would do is worked out once, by whoever is asked, and kept with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue import policies, queue
from catalogue.database import Database
from catalogue.errors import NoSuchPolicy
from catalogue.model import HubIdentity
from catalogue.raw import FolderRawStore
from scheduler.errors import PolicyEffectBusy
from scheduler.model import Line
from scheduler.policies import KIND, ask_for, is_asked_for, work_out, work_out_next
from support.harvesting import LOOPBACK
from support.pages import Book, add_source, books, deliver, place_all
from support.policies import changed


@pytest.fixture
def line(database: Database, tmp_path: Path) -> Line:
    """Give a hub that holds one book twice, with a policy to be tried."""
    add_source(database)
    deliver(database, "s1", *books([("a", Book()), ("b", Book())]))
    place_all(database)
    policies.add(database, changed("severe", same=1.0, sure=1.0), "an")
    return Line(
        db=database, raw_store=FolderRawStore(tmp_path), identity=HubIdentity(), http=LOOPBACK
    )


def test_what_a_policy_would_do_is_kept_with_it(line: Line) -> None:
    found = work_out(line.db, "severe")

    assert (found.told["parted"], found.told["pairs"]) == (1, {"same-ask": 1})
    assert found.told["samples"][0]["a"] == "s1/a"
    assert policies.get(line.db, "severe").effect == found


def test_a_worker_does_what_was_asked_for_once(line: Line) -> None:
    asked = [ask_for(line.db, "severe"), ask_for(line.db, "severe")]
    before = is_asked_for(line.db, "severe")

    done = [work_out_next(line), work_out_next(line)]

    assert (asked, before, done) == ([True, False], True, [True, False])
    assert not is_asked_for(line.db, "severe")
    assert policies.get(line.db, "severe").effect


def test_two_do_not_work_it_out_at_a_time(line: Line) -> None:
    lease = queue.claim(line.db, KIND, f"{KIND}:severe")

    with pytest.raises(PolicyEffectBusy):
        work_out(line.db, "severe")
    assert lease is not None
    assert is_asked_for(line.db, "severe")
    assert not work_out_next(line)


def test_a_policy_thrown_away_meanwhile_stops_no_worker(line: Line) -> None:
    ask_for(line.db, "severe")
    policies.discard(line.db, "severe")

    assert work_out_next(line)
    assert not work_out_next(line)
    with pytest.raises(NoSuchPolicy):
        ask_for(line.db, "severe")
