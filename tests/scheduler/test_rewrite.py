"""Publishing a crosswalk out of MARC 21 makes stored forms anew; harvesters miss nothing of it."""

from __future__ import annotations

import itertools
import time
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import select, update

from catalogue import crosswalks, policies, queue, records
from catalogue.cluster import read, rewrite
from catalogue.cluster.place import make_plan, waiting
from catalogue.cluster.rewrite import Rewritten, Writer
from catalogue.cluster.write import write
from catalogue.crosswalks import REWRITE, Version
from catalogue.database import Database
from catalogue.errors import CrosswalksChanged, LeaseLost
from catalogue.forms import versions
from catalogue.model import HubIdentity
from catalogue.raw import FolderRawStore
from catalogue.tables import FormRow, ItemRow, ItemSetRow, JobRow
from crosswalks.shelf import Written
from scheduler.model import Line
from scheduler.remaining import remaining_work
from scheduler.rewrite import queue_if_outdated, rewrite_due
from scheduler.worker import work
from support.downstream import Downstream
from support.engines import SQLITE_USUALLY
from support.harvesting import LOOPBACK
from support.lines import REST_SECONDS, beside, wait_until
from support.pages import HUB, Book, add_source, books, deliver, place_all

pytestmark = SQLITE_USUALLY

NAME = "marc21-oai_dc"
HEADING = f"crosswalk {NAME} version 9\nfrom marc21 to oai_dc\n"
SHIPPED = f"include shipped/{NAME}\n"
TEXT = f'{HEADING}dc:rights <- "mine" if 245 $a matches "^A"\n{SHIPPED}'
FAILS = f'{HEADING}dc:rights <- 245 $a | replace ".*(A+)y$" "z"\n{SHIPPED}'
NOTHING = (
    f"{HEADING}xslt\n"
    '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">'
    "<xsl:template match='/*'/></xsl:stylesheet>"
)
COUNT = 5
STEP = 2
LONG = "A" * 20_000


@pytest.fixture(autouse=True)
def _seconds_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ten seconds pass whenever the clock is looked at, so that nobody waits for one."""
    moments = itertools.count(int(time.time()), 10)
    monkeypatch.setattr("catalogue.clock.wall_clock", lambda: next(moments))


@pytest.fixture
def line(database: Database, tmp_path: Path) -> Line:
    """Give a hub with placed records of one source."""
    add_source(database)
    bring(database, *[f"A{number}" for number in range(COUNT)], "B")
    return Line(
        db=database, raw_store=FolderRawStore(tmp_path), identity=HubIdentity(), http=LOOPBACK
    )


def bring(database: Database, *titles: str) -> None:
    entries = [(title[:9], Book(title=title, author=title[:9])) for title in titles]
    deliver(database, "s1", *books(entries))
    place_all(database)


def publish(database: Database, text: str = TEXT, name: str = NAME) -> None:
    wanted = Version(name=name, version=None, author="Lan", written=Written(text=text))
    crosswalks.put_draft(database, wanted)
    crosswalks.publish(database, name, "Lan")


def again(line: Line, stopping: Event | None = None, tell=lambda _: None) -> Rewritten | None:
    return rewrite_due(line, stopping or Event(), tell, STEP)


def stamps(database: Database) -> dict[int, int]:
    with database.reading() as connection:
        rows = connection.execute(select(ItemRow.cluster_id, ItemRow.stamp))
        return {row.cluster_id: row.stamp for row in rows}


def in_sets(database: Database) -> set[tuple[int, int]]:
    with database.reading() as connection:
        rows = connection.execute(select(ItemSetRow.cluster_id, ItemSetRow.stamp))
        return {(row.cluster_id, row.stamp) for row in rows}


def made_by(database: Database) -> set[str]:
    with database.reading() as connection:
        query = select(FormRow.version).where(FormRow.prefix == "oai_dc")
        return set(connection.execute(query).scalars())


def told(database: Database) -> dict[str, list[dict[str, str]]]:
    return {
        each.identifier: [
            problem
            for problem in records.get(database, "s1", each.identifier).problems
            if problem["code"] == "form-failed"
        ]
        for each in records.listing(database, "s1")
    }


def forget_owners(database: Database) -> None:
    """Make all leases look as those of processes that ended long ago."""
    database.writing(lambda connection: connection.execute(update(JobRow).values(lease_until=0)))


def test_only_items_whose_bytes_change_get_another_stamp(line):
    before, sets = stamps(line.db), in_sets(line.db)
    publish(line.db)
    done = again(line)
    after = stamps(line.db)
    changed = {cluster for cluster, stamp in after.items() if stamp > before[cluster]}

    assert done == Rewritten(changed=COUNT, same=1, failed=0)
    assert len(changed) == COUNT
    assert in_sets(line.db) - sets == {
        (cluster, after[cluster]) for cluster, _ in sets if cluster in changed
    }
    assert made_by(line.db) == {versions(crosswalks.shelf(line.db))["oai_dc"]}


def test_a_harvester_gets_each_changed_record_once_while_forms_are_made_anew(line):
    service = Downstream(line.db)
    first = service.harvest()
    publish(line.db)
    came: list[str] = []
    again(line, tell=lambda _: came.extend(service.harvest().elements()))
    came.extend(service.harvest().elements())
    rights = [body.count("<dc:rights>mine</dc:rights>") for body in service.has.values()]

    assert len(first) == COUNT + 1
    assert len(came) == len(set(came)) == COUNT
    assert sorted(rights) == [0, *[1] * COUNT]
    assert service.has == new_service(line.db)


def new_service(database: Database) -> dict[str, str]:
    service = Downstream(database, page_size=100)
    service.harvest()
    return service.has


def test_rolling_back_brings_the_old_bytes_with_another_stamp(line):
    service = Downstream(line.db)
    service.harvest()
    before, stamped = dict(service.has), stamps(line.db)
    publish(line.db)
    again(line)
    service.harvest()
    between = dict(service.has)
    crosswalks.roll_back(line.db, NAME, 0, "Lan")
    again(line)

    assert between != before
    assert sum(service.harvest().values()) == COUNT
    assert service.has == before
    assert sum(stamp > stamped[cluster] for cluster, stamp in stamps(line.db).items()) == COUNT


def test_what_was_published_in_between_is_taken_up_from_the_beginning(line):
    publish(line.db)
    texts = iter([TEXT.replace("mine", "yours")])
    again(line, tell=lambda _: [publish(line.db, text) for text in texts])
    bodies = list(new_service(line.db).values())
    waits = again(line)

    assert sum("yours" in body for body in bodies) == COUNT
    assert sum("mine" in body for body in bodies) == 0
    assert waits == Rewritten(0, 0, 0)
    assert queue.next_due(line.db, REWRITE) is None


def test_what_is_placed_after_publishing_is_made_by_the_new_version_at_once(line):
    publish(line.db)
    bring(line.db, "A9")

    assert sum("mine" in body for body in new_service(line.db).values()) == 1
    assert again(line).changed == COUNT


def test_a_placement_planned_before_publishing_is_not_written(line):
    deliver(line.db, "s1", *books([("A9", Book(title="A9"))]))
    with line.db.reading() as connection:
        live = policies.live(connection)
        batch = read.waiting(connection, live.id, 50)
        planned = make_plan(connection, live, batch, HUB, read.Keyring(connection, live.id))
    publish(line.db)

    assert line.db.writing(lambda connection: write(connection, planned)) is False


def test_making_forms_anew_leaves_planned_placements_as_they_are(line):
    publish(line.db)
    deliver(line.db, "s1", *books([("A9", Book(title="A9"))]))
    with line.db.reading() as connection:
        live = policies.live(connection)
        batch = read.waiting(connection, live.id, 50)
        planned = make_plan(connection, live, batch, HUB, read.Keyring(connection, live.id))
    again(line)

    assert line.db.writing(lambda connection: write(connection, planned)) is True


def test_one_that_is_stopped_is_queued_again_and_goes_on(line):
    publish(line.db)
    stopping = Event()
    stopping.set()
    first, left = again(line, stopping), remaining_work(line.db)[1]
    steps: list[Rewritten] = []
    again(line, tell=steps.append)

    assert first == Rewritten(STEP, 0, 0)
    assert left == ("rewrite", "queued", COUNT + 1 - STEP)
    assert remaining_work(line.db)[1] == ("rewrite", "", 0)
    assert steps[-1] == Rewritten(COUNT - STEP, 1, 0)
    assert again(line) is None


def test_one_whose_worker_died_is_gone_on_with(line):
    publish(line.db)

    def die(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        again(line, tell=die)
    forget_owners(line.db)

    assert again(line) == Rewritten(COUNT - STEP, 1, 0)


def test_a_worker_that_lost_its_lease_writes_nothing(line):
    publish(line.db)
    lease = queue.claim(line.db, REWRITE, REWRITE)
    forget_owners(line.db)
    queue.claim(line.db, REWRITE, REWRITE)

    with pytest.raises(LeaseLost):
        put(line, Writer(lease, 1, "{}"))
    assert "mine" not in "".join(new_service(line.db).values())


def test_what_was_made_by_an_older_edition_is_not_stored(line):
    publish(line.db)
    lease = queue.claim(line.db, REWRITE, REWRITE)

    with pytest.raises(CrosswalksChanged):
        put(line, Writer(lease, 0, "{}"))


def put(line: Line, writer: Writer) -> None:
    looked = rewrite.look(line.db, versions(crosswalks.shelf(line.db)))
    made = [rewrite.Anew(each, "x", rewrite.Made(body=b"<x/>")) for each in looked.outdated]
    rewrite.put_again(line.db, writer, made)


def test_a_rule_that_fails_on_a_record_is_left_out_there_and_told_with_it(line):
    bring(line.db, LONG)
    before = new_service(line.db)
    publish(line.db, FAILS)
    done = again(line)
    found = told(line.db)

    assert done == Rewritten(COUNT + 1, 1, 0)
    assert [name for name, problems in found.items() if problems] == [LONG[:9]]
    assert found[LONG[:9]][0]["field"] == "oai_dc"
    assert "line 3" in found[LONG[:9]][0]["detail"]
    assert new_service(line.db).keys() == before.keys()
    assert sum(body in before.values() for body in new_service(line.db).values()) == 1


def test_what_was_wrong_with_a_form_is_forgotten_once_it_is_right(line):
    publish(line.db, FAILS)
    bring(line.db, LONG)
    again(line)
    before = told(line.db)
    crosswalks.roll_back(line.db, NAME, 0, "Lan")
    again(line)

    assert sum(map(len, before.values())) == 1
    assert sum(map(len, told(line.db).values())) == 0


def test_what_is_wrong_with_a_form_stays_told_while_its_record_is_delivered_again(line):
    publish(line.db, FAILS)
    bring(line.db, LONG)
    deliver(line.db, "s1", *books([(LONG[:9], Book(title=LONG, author=LONG[:9], number="2"))]))
    place_all(line.db)

    assert sum(map(len, told(line.db).values())) == 1


def test_where_nothing_can_be_made_the_form_before_stays_and_a_new_record_has_the_shipped_one(
    line,
):
    publish(line.db)
    again(line)
    before = new_service(line.db)
    publish(line.db, NOTHING)
    done = again(line)
    stays = new_service(line.db)
    bring(line.db, "A9")
    [made] = [body for name, body in new_service(line.db).items() if name not in before]

    assert done == Rewritten(0, 0, COUNT + 1)
    assert stays == before
    assert "A9" in made
    assert {len(problems) for problems in told(line.db).values()} == {1}


def test_no_form_depends_on_the_day_it_is_made(line):
    publish(line.db, f"{HEADING}dc:date <- 005\n{SHIPPED}")

    assert again(line) == Rewritten(0, COUNT + 1, 0)


def test_a_worker_makes_forms_anew_and_goes_on_placing(line):
    publish(line.db)
    deliver(line.db, "s1", *books([("A9", Book(title="A9"))]))
    wanted = {versions(crosswalks.shelf(line.db))["oai_dc"]}

    with beside(lambda stopping: work(line, lambda _: None, stopping, REST_SECONDS)):
        wait_until(lambda: not waiting(line.db) and made_by(line.db) == wanted)

    assert sum("mine" in body for body in new_service(line.db).values()) == COUNT + 1


def test_forms_of_an_older_program_are_made_anew(line):
    queue_if_outdated(line)
    first, rest = again(line), queue.next_due(line.db, REWRITE)
    queue_if_outdated(line)
    unneeded = queue.next_due(line.db, REWRITE)
    line.db.writing(
        lambda connection: connection.execute(
            update(JobRow)
            .where(JobRow.kind == REWRITE)
            .values(payload='{"edition": 0, "versions": {"oai_dc": "older"}, "after": null}')
        )
    )
    line.db.writing(lambda connection: connection.execute(update(FormRow).values(version="older")))
    queue_if_outdated(line)

    assert (first, rest, unneeded) == (Rewritten(0, 0, 0), None, None)
    assert again(line) == Rewritten(0, COUNT + 1, 0)
