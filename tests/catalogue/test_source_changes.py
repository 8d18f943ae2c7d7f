"""A source that gives another list is harvested from its beginning, whatever ran meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalogue import records, runs, sources
from catalogue.database import Database
from catalogue.errors import NoSuchRecord, SourceChanged, WrongUse
from catalogue.model import Counts, RunStatus
from catalogue.store import close_run, open_run
from support.pages import Book, add_source, books, deliver, put

OTHER_LISTS = pytest.mark.parametrize(
    "changes",
    [
        {"url": "http://127.0.0.1/other"},
        {"prefix": "marc21"},
        {"sets": ("theses",)},
        {"crosswalk": "oai_dc-marc21"},
    ],
    ids=lambda changes: next(iter(changes)),
)


def change(database: Database, *, same_list: bool = False, **changes: object) -> None:
    after = replace(sources.get(database, "s1"), **changes)
    sources.change(database, after, same_list=same_list)


@pytest.fixture
def harvested(database):
    """Give a hub with a source whose checkpoint says that page 1 is stored."""
    add_source(database)
    deliver(database, "s1", *books([("a", Book())]))
    return database


@OTHER_LISTS
def test_another_list_starts_without_the_checkpoint_of_the_old_one(harvested, changes):
    change(harvested, **changes)

    assert sources.checkpoint(harvested, "s1") == {}


@pytest.mark.parametrize("changes", [{}, {"weight": 7}, {"schedule": "daily 02:30"}], ids=str)
def test_what_leads_to_the_same_list_keeps_the_checkpoint_and_the_run(harvested, changes):
    run = open_run(harvested, "s1")

    change(harvested, **changes)

    assert sources.checkpoint(harvested, "s1") == {"page": 1}
    assert put(harvested, run, books([("b", Book())])).counts.added == 1


def test_a_server_that_only_moved_goes_on_where_it_was(harvested):
    run = open_run(harvested, "s1")

    change(harvested, same_list=True, url="http://127.0.0.1:8081/oai")

    assert sources.checkpoint(harvested, "s1") == {"page": 1}
    assert put(harvested, run, books([("b", Book())])).counts.added == 1


def test_a_server_that_moved_and_gives_another_set_does_not(harvested):
    change(harvested, same_list=True, url="http://127.0.0.1:8081/oai", sets=("theses",))

    assert sources.checkpoint(harvested, "s1") == {}


@OTHER_LISTS
@pytest.mark.parametrize("moves", [True, False], ids=["whole", "limited"])
def test_a_run_of_the_old_list_stops_and_writes_nothing_more(harvested, changes, moves):
    run = open_run(harvested, "s1", moves_checkpoint=moves)
    change(harvested, **changes)

    with pytest.raises(SourceChanged, match="Harvest it again"):
        put(harvested, run, books([("b", Book())]))

    close_run(harvested, run, RunStatus.INCOMPLETE)
    assert sources.checkpoint(harvested, "s1") == {}
    assert runs.get(harvested, run.run_id).counts == Counts()
    with pytest.raises(NoSuchRecord):
        records.get(harvested, "s1", "b")


def test_the_next_run_reads_the_new_list(harvested):
    change(harvested, prefix="marc21")
    run = open_run(harvested, "s1")

    assert put(harvested, run, books([("b", Book())])).counts.added == 1
    assert sources.checkpoint(harvested, "s1") == {"page": 1}


@pytest.mark.parametrize("weight", [-1001, 1001, 3_000_000_000, "7", 0.5])
def test_a_weight_out_of_range_is_refused_wherever_it_is_given(harvested, weight):
    entry = {**sources.export(harvested)[0], "weight": weight}

    with pytest.raises(WrongUse, match="weight of source s1 must be"):
        sources.plan(harvested, [entry])
    with pytest.raises(WrongUse, match="from -1000 to 1000"):
        change(harvested, weight=weight)
    with pytest.raises(WrongUse):
        add_source(harvested, "s2", weight=weight)
