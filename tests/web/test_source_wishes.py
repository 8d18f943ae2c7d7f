"""Harvests in another way: said in words first, queued once, and done as they were wished."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from catalogue import queue, records, runs, sources
from catalogue.model import Source
from catalogue.store.run import KIND, job_key
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from support.lines import Hub, beside, wait_until
from support.oai_source import Repository, items
from support.staff import document, inside, post, text

ASK = "/staff/sources/s1/harvest"
DATES = {"start": "2024-01-02", "until": "2024-01-05"}


def repository(members: Hub, count: int = 4) -> Repository:
    """Add a source of some records, of which it forgets deletions."""
    found = Repository(items=items(count), deleted_record="no")
    members.add("s1", found)
    return found


def done(members: Hub) -> dict[str, object]:
    """Have a worker do what waits, and return what the newest run was asked for."""
    before = len(members.outcomes)
    with beside(members.work):
        wait_until(lambda: len(members.outcomes) > before)
    return dict(runs.all(members.database, "s1")[0].options)


def queued(members: Hub) -> dict[str, object]:
    """Return what the harvest that waits is asked for."""
    lease = queue.claim(members.database, KIND, job_key("s1"), anew=False)
    assert lease is not None
    found: dict[str, object] = json.loads(queue.payload(members.database, lease))
    return found


@pytest.mark.parametrize(
    ("wish", "asked"),
    [
        ({"wish": "full"}, {"full": True}),
        ({"wish": "reconcile"}, {"reconcile": True}),
        ({"wish": "backfill", **DATES}, {"from": "2024-01-02", "until": "2024-01-05"}),
    ],
)
def test_what_is_asked_for_twice_is_queued_once_and_seen_in_the_next_run(
    members: Hub, wish: dict[str, str], asked: dict[str, object]
):
    repository(members)
    client = inside(members.database)
    said = [text(client.get(post(client, ASK, **wish).location)) for _ in range(2)]

    assert "is queued as you wished" in said[0]
    assert "was not queued twice" in said[1]
    assert done(members) == asked
    assert queue.next_due(members.database, KIND) is None


def test_comparing_deletes_what_the_source_has_no_more(members: Hub):
    source = repository(members, 20)
    harvest(members.line, "s1", HarvestOptions())
    gone = source.items.pop(0)
    post(inside(members.database), ASK, wish="reconcile")
    done(members)

    assert runs.all(members.database, "s1")[0].counts.absent == 1
    assert records.get(members.database, "s1", gone.identifier).state == "deleted"


def test_a_wish_takes_the_place_of_a_usual_harvest_that_waits(members: Hub):
    repository(members)
    members.enqueue("s1")
    client = inside(members.database)
    answer = post(client, ASK, wish="full")

    assert "is now done as you wished" in text(client.get(answer.location))
    assert queued(members) == {"full": True}
    assert queue.waiting(members.database, KIND) == {}


def test_a_wish_changes_nothing_of_another_that_waits(members: Hub):
    repository(members)
    client = inside(members.database)
    post(client, ASK, wish="full")
    others = ({"wish": "backfill", **DATES}, {"wish": "reconcile"}, {"wish": "usual"})
    said = [text(client.get(post(client, ASK, **wish).location)) for wish in others]

    assert all("nothing was changed" in each for each in said)
    assert queued(members) == {"full": True}


def test_days_do_not_take_the_place_of_a_usual_harvest(members: Hub):
    repository(members)
    members.enqueue("s1")
    client = inside(members.database)
    answer = post(client, ASK, wish="backfill", **DATES)

    assert "nothing was changed" in text(client.get(answer.location))
    assert queued(members) == {}


def test_days_that_cannot_be_are_said_beside_them_and_stay(members: Hub):
    repository(members)
    client = inside(members.database)
    for dates, said in (
        ({}, "Between which dates"),
        ({"start": "2024-02-01", "until": "2024-01-01"}, "is later than"),
        ({"start": "yesterday"}, "is not a date"),
    ):
        answer = post(client, ASK, wish="backfill", **dates)
        page = document(answer)
        filled = [dict(form.form_values()) for form in page.forms]

        assert answer.status_code == 400
        assert said in page.xpath("string(//form[.//input[@name='start']]//p[@role='alert'])")
        assert [dates.items() <= form.items() for form in filled if "start" in form] == [True]
    assert queue.next_due(members.database, KIND) is None


def test_each_way_says_how_long_the_last_one_took(members: Hub):
    repository(members)
    for options in (HarvestOptions(), HarvestOptions(full=True)):
        harvest(members.line, "s1", options)
    page = document(inside(members.database).get(ASK))
    said = {
        section.xpath("string(h2)"): section.xpath("string(p[@class='hint']/a)")
        for section in page.xpath("//section[@class='choice']")
    }

    assert said == {
        "What is new": "Harvest 1",
        "Changes between two dates": "",
        "Everything from the beginning": "Harvest 2",
        "What is new, and then compare": "",
    }


def test_only_oai_pmh_is_asked_by_dates(members: Hub):
    files = Source(name="s1", library="LIB", protocol="file", url="file:")
    sources.add(members.database, files)
    client = inside(members.database)
    answer = post(client, ASK, wish="backfill", **DATES)

    assert document(client.get(ASK)).xpath("//input[@name='start']") == []
    assert "does not list its records by dates" in text(answer)


def test_a_source_that_is_paused_is_asked_for_nothing(members: Hub):
    repository(members)
    paused = replace(sources.get(members.database, "s1"), paused=True)
    sources.change(members.database, paused)
    client = inside(members.database)

    assert document(client.get(ASK)).xpath("//section//button") == []
    assert "is left alone" in text(client.get(post(client, ASK, wish="full").location))
    assert queue.waiting(members.database, KIND) == {}
    assert post(client, ASK, wish="sing").status_code == 400


def test_a_wish_made_while_a_harvest_runs_is_done_after_it(members: Hub):
    repository(members)
    running = queue.claim(members.database, KIND, job_key("s1"))
    assert running is not None
    client = inside(members.database)
    post(client, ASK, wish="full")
    members.database.writing(lambda connection: queue.finish(connection, running))

    assert queued(members) == {"full": True}
