"""Deletions wait for the end of the run and for its guards, and people decide where these doubt."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from threading import Event

import pytest
from sqlalchemy import update

from catalogue import decisions, records, runs, sources
from catalogue.cluster.place import waiting
from catalogue.errors import DecidedOtherwise, DecisionOutdated, NothingToDecide
from catalogue.model import RunStatus
from catalogue.options import Guards
from catalogue.tables import SourceRow
from scheduler import deciding
from scheduler.deciding import carry_out_next
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from scheduler.timetable import Timetable
from support.engines import SQLITE_USUALLY
from support.lines import Hub
from support.loopback import Reply
from support.oai_source import Item, Repository, dublin_core, items

pytestmark = SQLITE_USUALLY

LATER = "2024-06-01"


def go(hub: Hub, **options):
    return harvest(hub.line, "s1", HarvestOptions(**options))


def cut_short(hub: Hub, **options):
    """Harvest, and stop after the first page."""
    stopping = Event()
    options = HarvestOptions(**options)
    return harvest(hub.line, "s1", options, lambda _: stopping.set(), stopping)


def live(hub: Hub) -> int:
    """Return how many records of the source are not deleted."""
    return Counter(record.state.value for record in records.listing(hub.database, "s1"))["active"]


def deleted(repository: Repository, count: int, datestamp: str = LATER) -> None:
    """Let the first records be deleted, by status."""
    repository.items = [
        replace(item, deleted=at < count, datestamp=datestamp if at < count else item.datestamp)
        for at, item in enumerate(repository.items)
    ]


def vanished(repository: Repository, count: int) -> None:
    """Let the first records be gone without a word."""
    repository.items = repository.items[count:]


def one(hub: Hub, size: int = 20, **repository) -> Repository:
    """Return the repository of a source that was harvested once."""
    made = Repository(items=items(size), page_size=7, **repository)
    hub.add("s1", made)
    go(hub)
    return made


def adds_up(hub: Hub) -> bool:
    """Tell whether every run accounts for each record that was delivered."""
    every = [run.counts for run in runs.all(hub.database)]
    return all(
        each.delivered + max(0, each.held and each.absent)
        == each.added + each.changed + each.unchanged + each.deleted + each.quarantined + each.held
        for each in every
    )


def test_a_few_deletions_are_carried_out_at_the_end_of_the_run(hub):
    deleted(one(hub), 2)

    outcome = go(hub)

    assert (outcome.status, outcome.counts.deleted, outcome.counts.held) == (
        RunStatus.SUCCEEDED,
        2,
        0,
    )
    assert (live(hub), waiting(hub.database)) == (18, 0)


def test_too_many_deletions_wait_and_nothing_is_deleted(hub):
    deleted(one(hub), 10)

    outcome = go(hub)

    assert (outcome.status, outcome.counts.deleted, outcome.counts.held) == (
        RunStatus.WAITING,
        0,
        10,
    )
    assert outcome.error.code() == "would-delete"
    assert live(hub) == 20
    assert adds_up(hub)


def test_what_waits_is_shown_and_done_once_it_is_approved_however_often(hub):
    deleted(one(hub), 10)
    run = go(hub).run
    shown = decisions.proposal(hub.database, run, samples=3)

    first = deciding.approve(hub.line, run, Event())
    second = deciding.approve(hub.line, run, Event())

    assert (shown.deletes, len(shown.samples), shown.decision) == (10, 3, None)
    assert shown.samples[0].title == "Nhan đề 0"
    for said in (first, second):
        assert (said.run.status, said.is_done) == (RunStatus.SUCCEEDED, True)
        assert (said.run.counts.deleted, said.run.counts.held) == (10, 0)
    assert live(hub) == 10
    assert adds_up(hub)


def test_what_is_discarded_stays_and_a_full_harvest_tells_of_it_again(hub):
    deleted(one(hub), 10)
    run = go(hub).run

    dropped = [decisions.discard(hub.database, run) for _ in range(2)]
    full = go(hub, full=True)

    assert dropped == [10, 0]
    assert runs.get(hub.database, run).status is RunStatus.CANCELLED
    assert live(hub) == 20
    assert (full.status, full.counts.held) == (RunStatus.WAITING, 10)
    assert adds_up(hub)


def test_a_decision_is_not_taken_back(hub):
    deleted(one(hub), 10)
    run = go(hub).run
    decisions.discard(hub.database, run)

    with pytest.raises(DecidedOtherwise):
        decisions.approve(hub.database, run)
    with pytest.raises(NothingToDecide):
        decisions.approve(hub.database, run - 1)


def test_what_was_held_of_other_settings_counts_no_more(hub):
    deleted(one(hub), 10)
    run = go(hub).run
    source = sources.get(hub.database, "s1")
    sources.change(hub.database, replace(source, sets=("other",)))

    with pytest.raises(DecisionOutdated):
        decisions.approve(hub.database, run)
    go(hub)
    assert runs.get(hub.database, run).status is RunStatus.CANCELLED
    assert runs.get(hub.database, run).counts.held == 0
    assert live(hub) == 20
    assert adds_up(hub)


def test_a_waiting_run_stops_no_later_one_which_judges_both(hub):
    repository = one(hub)
    deleted(repository, 10)
    first = go(hub)
    repository.items.append(Item(identifier="new", payload=dublin_core("Mới"), datestamp=LATER))

    second = go(hub)

    assert (second.status, second.counts.added) == (RunStatus.WAITING, 1)
    assert runs.get(hub.database, first.run).code == "taken-over"
    deciding.approve(hub.line, second.run, Event())
    assert live(hub) == 11
    assert runs.get(hub.database, first.run).counts.deleted == 10
    assert adds_up(hub)


def test_a_record_that_comes_alive_again_is_not_deleted(hub):
    repository = one(hub)
    deleted(repository, 10)
    waits = go(hub)
    repository.items = [replace(item, deleted=False) for item in repository.items]

    after = go(hub)

    assert after.status is RunStatus.SUCCEEDED
    assert live(hub) == 20
    told = runs.get(hub.database, waits.run).counts
    assert (told.held, told.deleted, told.unchanged) == (0, 0, 10)
    assert adds_up(hub)


def test_what_a_run_held_that_was_cut_short_the_next_one_carries_out(hub):
    repository = one(hub)
    deleted(repository, 2)
    more = [replace(item, identifier=f"b{at}") for at, item in enumerate(items(9))]
    repository.items += [replace(item, datestamp=LATER) for item in more]

    cut, rest = cut_short(hub), go(hub)

    assert (cut.status, cut.counts.held) == (RunStatus.CANCELLED, 2)
    assert rest.status is RunStatus.SUCCEEDED
    assert runs.get(hub.database, cut.run).counts.deleted == 2
    assert live(hub) == 27
    assert adds_up(hub)


@pytest.mark.parametrize("policy", ["no", "transient"])
def test_what_a_complete_list_lacks_is_deleted_where_the_server_tells_of_no_deletions(hub, policy):
    vanished(one(hub, deleted_record=policy), 2)

    usual, full = go(hub), go(hub, full=True)

    assert usual.counts.absent == 0
    assert (full.status, full.counts.absent, full.counts.held) == (RunStatus.SUCCEEDED, 2, 0)
    assert full.counts.delivered == full.counts.unchanged == 18
    assert live(hub) == 18


def test_whether_a_server_tells_of_deletions_is_known_though_it_lists_no_sets(hub):
    def refusing(arguments):
        return Reply(status=500) if arguments["verb"] == "ListSets" else None

    vanished(one(hub, deleted_record="no", refusing=refusing), 2)

    assert go(hub, full=True).counts.absent == 2


def test_what_a_complete_list_lacks_stays_where_the_server_tells_of_its_deletions(hub):
    vanished(one(hub, deleted_record="persistent"), 2)

    assert go(hub, full=True).counts.absent == 0
    assert live(hub) == 20


def test_a_list_of_identifiers_tells_what_is_missing_on_demand(hub):
    vanished(one(hub, deleted_record="persistent"), 2)

    outcome = go(hub, reconcile=True)

    assert (outcome.status, outcome.counts.absent) == (RunStatus.SUCCEEDED, 2)
    assert live(hub) == 18


@pytest.mark.parametrize(("policy", "absent"), [("no", 2), ("persistent", 0)])
def test_the_hub_compares_by_its_own_schedule_where_deletions_are_not_told(hub, policy, absent):
    repository = one(hub, deleted_record=policy)
    with hub.database.write.begin() as connection:
        connection.execute(update(SourceRow).values(reconciled=int(time.time()) - 120))
    vanished(repository, 2)
    found = []
    for words in ("", "every 9999 hours", "every 1 minutes"):
        hub.line = replace(hub.line, timetable=Timetable(relist=words))
        found.append(go(hub).counts.absent)

    assert found == [0, 0, absent]


def test_half_a_source_that_is_missing_waits(hub):
    vanished(one(hub, deleted_record="no"), 10)

    outcome = go(hub, full=True)

    assert (outcome.status, outcome.counts.absent, outcome.counts.held) == (
        RunStatus.WAITING,
        10,
        10,
    )
    assert live(hub) == 20
    deciding.approve(hub.line, outcome.run, Event())
    assert live(hub) == 10
    assert runs.get(hub.database, outcome.run).counts.absent == 10
    assert go(hub, full=True).status is RunStatus.SUCCEEDED


def test_half_a_list_of_a_server_that_tells_of_deletions_waits_too(hub):
    repository = one(hub, deleted_record="persistent")
    vanished(repository, 10)

    full, usual = go(hub, full=True), go(hub)

    assert full.error.code() == "source-shrank"
    assert usual.status is RunStatus.SUCCEEDED
    assert runs.get(hub.database, full.run).status is RunStatus.WAITING
    deciding.approve(hub.line, full.run, Event())
    assert go(hub, full=True).status is RunStatus.SUCCEEDED
    assert live(hub) == 20


def test_a_record_seen_in_any_set_is_not_missing(hub):
    both = [replace(item, set="ab"[at % 2]) for at, item in enumerate(items(10))]
    repository = Repository(items=both, page_size=3, sets=("a", "b"), deleted_record="no")
    hub.add("s1", repository)
    sources.change(hub.database, replace(sources.get(hub.database, "s1"), sets=("a", "b")))
    go(hub)
    repository.items = [replace(item, set="b") for item in both[1:]]

    outcome = go(hub, full=True)

    assert (outcome.status, outcome.counts.absent) == (RunStatus.SUCCEEDED, 1)
    assert live(hub) == 9


def test_a_record_that_left_one_of_several_sets_stays(hub):
    repository = Repository(items=[replace(items(1)[0], set="a")], sets=("a", "b"))
    hub.add("s1", repository)
    sources.change(hub.database, replace(sources.get(hub.database, "s1"), sets=("a", "b")))
    go(hub)
    [item] = repository.items
    repository.items = [item, replace(item, set="b", deleted=True)]

    assert go(hub, full=True).counts.unchanged == 2
    assert live(hub) == 1


def test_a_list_that_was_not_complete_says_nothing_of_what_it_lacks(hub):
    vanished(one(hub, deleted_record="no"), 2)

    cut, rest = cut_short(hub, full=True), go(hub)

    assert (cut.status, cut.counts.absent) == (RunStatus.CANCELLED, 0)
    assert (rest.status, rest.counts.absent) == (RunStatus.SUCCEEDED, 2)
    assert live(hub) == 18


def test_a_run_of_a_part_says_nothing_of_the_rest(hub):
    vanished(one(hub, deleted_record="no"), 2)

    for options in ({"limit": 100, "full": True}, {"until": "2030-01-01"}, {"sets": ("x",)}):
        assert go(hub, **options).counts.absent == 0
    assert live(hub) == 20


def test_too_many_records_that_cannot_be_mapped_stop_the_run_early(hub):
    bad = [replace(item, payload="<x xmlns='urn:x'/>") for item in items(210)]
    more = [replace(item, identifier=f"m{at}") for at, item in enumerate(items(60))]
    hub.add("s1", Repository(items=bad + more, page_size=100))

    stopped = go(hub)
    goes_on = deciding.approve(hub.line, stopped.run, Event())
    rest = go(hub)

    assert stopped.error.code() == "stopped-unmapped"
    assert (stopped.status, stopped.counts.quarantined) == (RunStatus.WAITING, 200)
    assert goes_on.run.status is RunStatus.INCOMPLETE
    assert (rest.status, rest.counts.added) == (RunStatus.SUCCEEDED, 60)


def test_a_source_that_allows_it_is_harvested_whole(hub):
    bad = [replace(item, payload="<x xmlns='urn:x'/>") for item in items(210)]
    hub.add("s1", Repository(items=bad, page_size=100))
    source = sources.get(hub.database, "s1")
    sources.change(hub.database, replace(source, guards=Guards(unmapped_percent=100)))

    assert go(hub).status is RunStatus.SUCCEEDED


def test_a_worker_carries_out_what_was_approved(hub):
    deleted(one(hub), 10)
    run = go(hub).run
    decisions.approve(hub.database, run)

    assert [carry_out_next(hub.line, Event()) for _ in range(2)] == [True, False]
    assert live(hub) == 10
    assert runs.get(hub.database, run).status is RunStatus.SUCCEEDED


def test_the_next_harvest_carries_out_what_was_approved_and_judges_the_rest(hub):
    repository = one(hub, size=40)
    deleted(repository, 10)
    run = go(hub).run
    decisions.approve(hub.database, run)
    deleted(repository, 12)

    assert go(hub).status is RunStatus.SUCCEEDED
    assert runs.get(hub.database, run).status is RunStatus.SUCCEEDED
    assert live(hub) == 28


def test_a_dry_run_tells_of_deletions_and_does_none(hub):
    deleted(one(hub), 10)

    assert go(hub, dry_run=True).counts.deleted == 10
    assert live(hub) == 20


def test_what_a_list_with_gaps_lacks_waits_for_a_person(hub):
    repository = one(hub, deleted_record="no")
    vanished(repository, 1)
    repository.items[0] = replace(repository.items[0], identifier="")

    outcome = go(hub, full=True)

    assert (outcome.status, outcome.counts.absent) == (RunStatus.WAITING, 2)
    assert outcome.error.code() == "list-doubtful"
    assert live(hub) == 20
