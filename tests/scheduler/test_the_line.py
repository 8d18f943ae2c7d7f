"""What a harvest tells of itself, whatever happens to it."""

from __future__ import annotations

from threading import Event

import pytest
from sqlalchemy import update

from catalogue import runs, sources
from catalogue.cluster.place import waiting
from catalogue.model import RunStatus
from catalogue.tables import JobRow
from scheduler import placing
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from support.lines import Hub
from support.oai_source import Repository


@pytest.fixture
def one(hub: Hub) -> Hub:
    hub.add("s1", Repository())
    return hub


def go(hub: Hub, **options):
    return harvest(hub.line, "s1", HarvestOptions(**options))


def test_a_whole_list_succeeds_and_all_of_it_is_placed(one):
    outcome = go(one)

    assert (outcome.status, outcome.counts.added) == (RunStatus.SUCCEEDED, 5)
    assert waiting(one.database) == 0


def test_a_harvest_stopped_while_it_places_did_succeed(one, monkeypatch):
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(placing, "place", stop)
    with pytest.raises(KeyboardInterrupt):
        go(one)

    assert one.statuses() == ["succeeded"]


def test_the_next_harvest_places_what_a_stopped_one_left(one, monkeypatch):
    test_a_harvest_stopped_while_it_places_did_succeed(one, monkeypatch)
    monkeypatch.undo()
    # This process lives on, and so would its turn at placing for a minute.
    one.database.writing(
        lambda connection: connection.execute(update(JobRow).values(lease_until=0))
    )

    go(one)

    assert waiting(one.database) == 0


def test_a_dry_run_stores_nothing(one):
    outcome = go(one, dry_run=True)

    assert (outcome.run, outcome.counts.added) == (None, 5)
    assert runs.all(one.database) == []
    assert sources.checkpoint(one.database, "s1") == {}


def test_a_limited_run_takes_so_many_and_the_next_one_takes_all(one):
    limited = go(one, limit=3)
    full = go(one)

    assert (limited.status, limited.counts.added) == (RunStatus.LIMITED, 3)
    assert (full.status, full.counts.added, full.counts.unchanged) == (RunStatus.SUCCEEDED, 2, 3)


def test_counts_add_up(one):
    for outcome in (go(one), go(one)):
        counts = outcome.counts
        parts = (counts.added, counts.changed, counts.unchanged, counts.deleted, counts.quarantined)
        assert sum(parts) == counts.delivered


def test_a_stopped_harvest_is_cancelled_after_its_page_and_the_next_goes_on(one):
    stopping = Event()

    cut = harvest(one.line, "s1", HarvestOptions(), lambda _: stopping.set(), stopping)
    rest = go(one)

    assert (cut.status, cut.counts.pages) == (RunStatus.CANCELLED, 1)
    assert rest.status is RunStatus.SUCCEEDED
    assert cut.counts.delivered + rest.counts.delivered == 5
    assert one.statuses() == ["cancelled", "succeeded"]


def test_a_harvest_stopped_before_it_begins_leaves_no_run(one):
    stopping = Event()
    stopping.set()

    outcome = harvest(one.line, "s1", HarvestOptions(), stopping=stopping)

    assert (outcome.run, outcome.status) == (None, RunStatus.CANCELLED)
    assert one.statuses() == []
