"""What one run holds, while others come in between: nothing is deleted that nobody was asked about.

A person may take weeks to decide; meanwhile the source is harvested every night.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from threading import Event

from sqlalchemy import update

from catalogue import queue, records, runs, sources
from catalogue.errors import ListDoubtful
from catalogue.model import RunStatus
from catalogue.options import Guards
from catalogue.store import complete, open_run
from catalogue.tables import JobRow, SourceRow
from scheduler import deciding
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from scheduler.refetch import refetch
from scheduler.replay import replay
from support.engines import SQLITE_USUALLY
from support.lines import Hub
from support.loopback import Reply
from support.oai_source import Item, Repository, dublin_core, envelope, items

pytestmark = SQLITE_USUALLY

LATER = "2024-06-01"
UNREADABLE = "<x xmlns='urn:x'/>"


def go(hub: Hub, **options):
    return harvest(hub.line, "s1", HarvestOptions(**options))


def cut_short(hub: Hub, **options):
    """Harvest, and stop after the first page."""
    stopping = Event()
    asked = HarvestOptions(**options)
    return harvest(hub.line, "s1", asked, lambda _: stopping.set(), stopping)


def live(hub: Hub) -> int:
    return Counter(record.state.value for record in records.listing(hub.database, "s1"))["active"]


def status(hub: Hub, run: int) -> str:
    return runs.get(hub.database, run).status.value


def guarded(hub: Hub, **guards: int) -> None:
    source = sources.get(hub.database, "s1")
    sources.change(hub.database, replace(source, guards=Guards(**guards)))


def one(hub: Hub, size: int = 20, **repository) -> Repository:
    """Return the repository of a source that was harvested once."""
    made = Repository(items=items(size), page_size=7, **repository)
    hub.add("s1", made)
    go(hub)
    return made


def doubtful(hub: Hub) -> tuple[Repository, int]:
    """Return a repository, and the run that waits since the complete list had gaps."""
    repository = one(hub, deleted_record="no")
    whole = repository.items
    repository.items = [replace(whole[1], identifier=""), *whole[2:]]
    waits = go(hub, full=True)
    assert waits.error.code() == "list-doubtful"
    repository.items = whole
    return repository, waits.run


def test_what_a_list_with_gaps_lacks_waits_however_many_harvests_come_after(hub):
    repository, waits = doubtful(hub)
    new = Item(identifier="new", payload=dublin_core("Mới"), datestamp=LATER)
    repository.items = [*repository.items, new]

    usual = [go(hub).status for _ in range(2)]

    assert usual == [RunStatus.SUCCEEDED] * 2
    assert (status(hub, waits), live(hub)) == ("waiting", 21)
    deciding.approve(hub.line, waits, Event())
    assert (status(hub, waits), live(hub)) == ("succeeded", 19)


def test_what_a_shrunken_list_lacks_waits_however_many_harvests_come_after(hub):
    repository = one(hub, deleted_record="no")
    guarded(hub, delete_percent=90)
    go(hub, full=True)
    repository.items = repository.items[6:]
    waits = go(hub, full=True)

    usual = go(hub)

    assert (waits.error.code(), usual.status) == ("source-shrank", RunStatus.SUCCEEDED)
    assert (status(hub, waits.run), live(hub)) == ("waiting", 20)


def test_what_a_run_holds_that_could_map_little_waits_while_others_end(hub):
    repository = one(hub)
    fresh = [Item(identifier=f"x{at}", payload=UNREADABLE, datestamp=LATER) for at in range(9)]
    gone = replace(repository.items[0], deleted=True, datestamp=LATER)
    repository.items = [gone, *repository.items[1:], *fresh]
    waits = go(hub)
    also = replace(repository.items[1], deleted=True, datestamp="2024-06-03")
    repository.items = [*repository.items[2:20], also]

    usual = go(hub)

    assert (waits.error.code(), usual.status) == ("cannot-map", RunStatus.SUCCEEDED)
    assert (usual.counts.deleted, live(hub)) == (1, 19)
    deciding.approve(hub.line, waits.run, Event())
    assert live(hub) == 18


def test_what_a_list_of_identifiers_has_is_not_missing_any_more(hub):
    _, waits = doubtful(hub)

    compared = go(hub, reconcile=True)

    assert compared.status is RunStatus.SUCCEEDED
    assert live(hub) == 20
    told = runs.get(hub.database, waits).counts
    assert (told.held, told.deleted) == (0, 0)


def test_what_a_list_of_identifiers_with_gaps_lacks_waits_too(hub):
    repository = one(hub)
    nameless = [replace(repository.items[0], identifier=""), *repository.items[1:]]
    listed = "".join(item.header() for item in nameless)
    answer = Reply(body=envelope(f"<ListIdentifiers>{listed}</ListIdentifiers>"))
    repository.refusing = lambda asked: answer if asked["verb"] == "ListIdentifiers" else None

    compared = go(hub, reconcile=True)

    assert compared.error.code() == "list-doubtful"
    assert (compared.counts.absent, live(hub)) == (1, 20)


def test_a_run_waits_from_the_moment_it_has_judged(hub):
    one(hub)
    run = open_run(hub.database, "s1")
    assert run is not None
    doubt = ListDoubtful(run=run.run_id, absent=1)

    complete.end_list(hub.database, run, None, compared=False, doubt=doubt)

    assert status(hub, run.run_id) == "waiting"


def stopped(hub: Hub) -> Repository:
    """Return a repository of which more cannot be mapped than may be; a harvest of it stopped."""
    bad = [Item(identifier=f"x{at}", payload=UNREADABLE) for at in range(430)]
    repository = Repository(items=[*bad, *items(60)], page_size=100)
    hub.add("s1", repository)
    assert go(hub).error.code() == "stopped-unmapped"
    return repository


def test_deletions_of_what_never_was_here_hide_nothing_that_cannot_be_mapped(hub):
    gone = [Item(identifier=f"d{at}", deleted=True) for at in range(1000)]
    bad = [Item(identifier=f"x{at}", payload=UNREADABLE) for at in range(200)]
    hub.add("s1", Repository(items=[*gone, *bad, *items(5)], page_size=600))

    assert go(hub).error.code() == "stopped-unmapped"


def test_an_approved_start_goes_on_whatever_else_was_read_meanwhile(hub):
    stopped(hub)
    deciding.approve(hub.line, 1, Event())
    replay(hub.line, 1)
    refetch(hub.line, ("s1", "oai:example.org:1"))

    assert go(hub).status is RunStatus.SUCCEEDED
    assert live(hub) == 60


def test_of_runs_that_stopped_early_only_the_latest_waits(hub):
    stopped(hub)

    again = go(hub)

    assert [again.status.value, status(hub, 1)] == ["waiting", "cancelled"]
    assert runs.get(hub.database, 1).code == "taken-over"
    deciding.approve(hub.line, again.run, Event())
    assert go(hub).status is RunStatus.SUCCEEDED


def test_other_settings_are_not_what_was_approved(hub):
    stopped(hub)
    deciding.approve(hub.line, 1, Event())
    source = sources.get(hub.database, "s1")
    sources.change(hub.database, replace(source, crosswalk="oai_dc-marc21"))

    assert go(hub).error.code() == "stopped-unmapped"


def test_a_replay_hides_nothing_that_a_list_under_way_lacks(hub):
    repository = one(hub, deleted_record="no")
    repository.items = repository.items[2:]
    cut_short(hub, full=True)
    replay(hub.line, 1)

    rest = go(hub)

    assert (rest.status, rest.counts.absent) == (RunStatus.SUCCEEDED, 2)
    assert live(hub) == 18


def test_a_part_that_was_approved_stays_a_part(hub):
    repository = one(hub)
    repository.items = [replace(item, deleted=True, datestamp=LATER) for item in repository.items]
    waits = go(hub, until="2024-12-31")

    deciding.approve(hub.line, waits.run, Event())

    assert (status(hub, waits.run), live(hub)) == ("limited", 0)


def two_sets(hub: Hub) -> Repository:
    """Return the repository of a source of two sets, harvested once, with a page for each."""
    one_record = replace(items(1)[0], set="a")
    repository = Repository(items=[one_record], sets=("a", "b"), page_size=2)
    hub.add("s1", repository)
    sources.change(hub.database, replace(sources.get(hub.database, "s1"), sets=("a", "b")))
    go(hub)
    return repository


def test_a_record_that_left_a_set_stays_though_the_harvest_broke_off_between_the_sets(hub):
    repository = two_sets(hub)
    [item] = repository.items
    here = replace(item, datestamp=LATER, payload=dublin_core("Khác"))
    repository.items = [here, replace(item, set="b", deleted=True, datestamp=LATER)]
    cut_short(hub)

    rest = go(hub)

    assert (rest.status, live(hub)) == (RunStatus.SUCCEEDED, 1)


def test_a_record_deleted_after_a_complete_list_of_sets_is_deleted_by_the_next(hub):
    repository = two_sets(hub)
    [item] = repository.items
    run = open_run(hub.database, "s1")
    assert run is not None
    hub.database.writing(
        lambda connection: connection.execute(update(SourceRow).values(list_run=1, list_done=True))
    )
    hub.database.writing(lambda connection: queue.finish(connection, run.lease))
    repository.items = [replace(item, deleted=True, datestamp=LATER)]

    go(hub)

    assert live(hub) == 0


def test_a_harvest_that_lost_its_lease_while_the_server_failed_is_incomplete(hub):
    repository = one(hub)
    sources.change(hub.database, replace(sources.get(hub.database, "s1"), encoding="auto"))

    def taken(_: object) -> None:
        later = update(JobRow).values(lease_token=JobRow.lease_token + 1)
        hub.database.writing(lambda connection: connection.execute(later))
        repository.refusing = lambda _: Reply(status=404)

    outcome = harvest(hub.line, "s1", HarvestOptions(settle=False), taken)

    assert outcome.status is RunStatus.INCOMPLETE
