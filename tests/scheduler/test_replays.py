"""Runs once more from kept pages: the same content, whatever came since."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from catalogue import runs, sources
from catalogue.digest import digest
from catalogue.model import RunStatus
from catalogue.tables import RecordRow
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from scheduler.refetch import refetch
from scheduler.replay import replay
from support.lines import Hub
from support.oai_source import Item, Repository, dublin_core, items


@pytest.fixture
def repository():
    return Repository(items=items(30), page_size=12)


@pytest.fixture
def harvested(hub, repository):
    hub.add("s1", repository)
    harvest(hub.line, "s1", HarvestOptions())
    return hub


def changed(repository: Repository, at: int, **values: object) -> None:
    later = {"datestamp": "2024-06-01", **values}
    repository.items[at] = replace(repository.items[at], **later)


def replayed(hub: Hub, *numbers: int) -> list[str]:
    return [replay(hub.line, number).status.value for number in numbers]


def test_old_runs_bring_no_old_versions_back(harvested, repository):
    changed(repository, 0, payload=dublin_core("Số đỏ"))
    changed(repository, 1, deleted=True)
    harvest(harvested.line, "s1", HarvestOptions())
    changed(repository, 0, payload=dublin_core("Giông tố"))
    repository.items.append(Item(identifier="new", payload=dublin_core("Làm đĩ")))
    harvest(harvested.line, "s1", HarvestOptions(full=True))
    before = digest(harvested.database)

    statuses = replayed(harvested, 1, 3, 2, 1, 4, 2)

    assert set(statuses) == {"succeeded"}
    assert digest(harvested.database) == before


def test_what_was_kept_wrongly_comes_out_right_again(harvested):
    before = digest(harvested.database)
    harvested.database.writing(
        lambda connection: connection.execute(
            update(RecordRow).values(parsed="[]", content_hash=b"", crosswalk_version="old")
        )
    )

    [outcome] = [replay(harvested.line, 1)]

    assert (outcome.counts.delivered, outcome.counts.changed) == (30, 30)
    assert digest(harvested.database) == before


def test_what_went_missing_since_stays_away(harvested, repository):
    repository.deleted_record = "no"
    del repository.items[3]
    harvest(harvested.line, "s1", HarvestOptions(full=True))
    before = digest(harvested.database)

    replayed(harvested, 1)

    assert digest(harvested.database) == before


def test_the_next_harvest_begins_where_it_would_have(harvested):
    before = sources.checkpoint(harvested.database, "s1")

    replayed(harvested, 1)

    assert sources.checkpoint(harvested.database, "s1") == before


def test_a_replay_is_told_by_the_run_its_pages_came_in_first(harvested):
    replayed(harvested, 1, 2)

    assert [run.replays for run in runs.all(harvested.database)] == [1, 1, None]
    assert runs.get(harvested.database, 3).options == {"replay": 2}


def test_pages_that_are_gone_are_told_and_the_others_are_replayed(harvested):
    gone = next(runs.pages(harvested.database, 1)).name
    harvested.line.raw_store.remove(gone, float("inf"))

    outcome = replay(harvested.line, 1)

    assert (outcome.status, outcome.counts.delivered) == (RunStatus.INCOMPLETE, 18)
    assert outcome.message.startswith("1 of the 3 pages of run 1")


def test_one_record_fetched_anew_is_newer_than_the_run_before(harvested, repository):
    changed(repository, 2, payload=dublin_core("Vỡ đê"))
    refetch(harvested.line, ("s1", repository.items[2].identifier))
    before = digest(harvested.database)

    statuses = replayed(harvested, 1, 2)

    assert statuses == ["succeeded", "succeeded"]
    assert digest(harvested.database) == before
