"""What a harvest's page tells of its way: the log, samples with bytes, and reading once more."""

from __future__ import annotations

from dataclasses import replace as changed

import pytest
from lxml import html

from catalogue import logs, queue, runs, sources
from catalogue.logs import Kind
from catalogue.model import RunStatus
from catalogue.store.run import KIND
from catalogue.users import Role
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from support.lines import Hub, beside, wait_until
from support.loopback import Reply
from support.oai_source import Item, Repository, items
from support.staff import document, inside, post, text

BROKEN = Item(identifier="x", payload="<q xmlns='urn:q'/>")


def go(members: Hub) -> int:
    run = harvest(members.line, "s1", HarvestOptions()).run
    assert run is not None
    return run


def lines(page: html.HtmlElement) -> list[str]:
    """Return the lines of a log as a page shows them."""
    rows = page.xpath("//table[caption='What happened, line by line']/tbody/tr")
    return [" ".join(row.text_content().split()) for row in rows]


def test_the_log_tells_of_each_page_with_its_address(members: Hub):
    members.add("s1", Repository(items=[*items(4), BROKEN], page_size=2))
    number = go(members)
    shown = lines(document(inside(members.database).get(f"/staff/runs/{number}")))

    assert len(shown) == 3
    assert "Page 1: 2 records" in shown[0]
    assert "verb=ListRecords" in shown[0]
    assert "problems: 1" in shown[2]


def test_the_log_tells_why_a_server_was_waited_for_in_the_readers_language(members: Hub):
    replies = [Reply(status=503, body=b"busy")]
    repository = Repository(items=items(2))
    repository.refusing = lambda asked: replies.pop() if replies and "from" not in asked else None
    members.add("s1", repository)
    number = go(members)
    client = inside(members.database)
    english, vietnamese = (
        text(client.get(f"/staff/runs/{number}/log?lang={language}")) for language in ("en", "vi")
    )

    assert "is busy (HTTP 503)" in english
    assert "and asks again:" in english
    assert "đang bận (HTTP 503)" in vietnamese


def test_the_log_tells_what_ended_a_harvest(members: Hub):
    repository = Repository(items=items(4), page_size=2)
    repository.refusing = lambda asked: Reply(status=403) if "resumptionToken" in asked else None
    members.add("s1", repository)
    number = go(members)
    told = logs.read(members.database, number).lines

    assert [each.kind for each in told] == [Kind.PAGE, Kind.FAULT]
    assert told[-1].code
    assert "fault" in lines(document(inside(members.database).get(f"/staff/runs/{number}")))[-1]


def test_a_log_is_bounded_and_says_so(members: Hub, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(logs, "MOST", 3)
    members.add("s1", Repository(items=items(5), page_size=1))
    number = go(members)
    page = document(inside(members.database, Role.VIEWER).get(f"/staff/runs/{number}/log"))

    assert len(lines(page)) == 3
    assert "The last 3 of 5 lines are kept." in page.text_content()


def test_logs_of_a_source_are_kept_of_its_last_harvests(
    members: Hub, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(logs, "RUNS", 2)
    members.add("s1", Repository(items=items(1)))
    numbers = [go(members) for _ in range(3)]
    kept = [len(logs.read(members.database, number).lines) for number in numbers]
    page = inside(members.database).get(f"/staff/runs/{numbers[0]}/log")

    assert kept == [0, 1, 1]
    assert "Nothing is kept of it" in text(page)


def test_records_with_a_problem_are_shown_with_their_bytes(members: Hub):
    repository = Repository(items=items(1))
    members.add("s1", repository)
    go(members)
    first = repository.items[0]
    repository.items = [changed(first, payload="<q xmlns='urn:q'/>", datestamp="2024-06-01")]
    number = go(members)
    client = inside(members.database, Role.VIEWER)
    page = document(client.get(f"/staff/runs/{number}"))
    [address] = page.xpath("//a[contains(., 'with their bytes')]/@href")
    shown = document(client.get(address))

    # The version that was refused, not the one that stays live.
    assert ["urn:q" in each.text_content() for each in shown.xpath("//pre")] == [True]
    assert client.get(f"/staff/runs/{number}/problems/none").status_code == 200


def test_a_harvest_is_read_once_more_from_what_is_kept_and_queued_once(members: Hub):
    repository = Repository(items=[*items(2), BROKEN])
    members.add("s1", repository)
    number = go(members)
    source = sources.get(members.database, "s1")
    sources.change(members.database, changed(source, crosswalk="oai_dc-marc21.dspace"))
    asked = len(repository.requests)
    client = inside(members.database)
    said = [
        text(client.get(post(client, f"/staff/runs/{number}/replay").location)) for _ in range(2)
    ]
    with beside(members.work):
        wait_until(lambda: members.outcomes)
    newest = runs.all(members.database, "s1")[0]

    assert "are read once more" in said[0]
    assert "was not queued twice" in said[1]
    assert (newest.replays, newest.status) == (number, RunStatus.SUCCEEDED)
    assert newest.counts.delivered == 3
    assert len(repository.requests) == asked
    assert queue.waiting(members.database, KIND) == {}


def test_a_harvest_of_which_nothing_is_kept_is_not_read_once_more(members: Hub):
    members.add("s1", Repository(items=[]))
    number = harvest(members.line, "s1", HarvestOptions(until="1990-01-01")).run
    members.database.writing(lambda connection: connection.exec_driver_sql("DELETE FROM raw_page"))
    client = inside(members.database)
    answer = post(client, f"/staff/runs/{number}/replay")

    page = document(client.get(f"/staff/runs/{number}"))
    assert page.xpath("//form[contains(@action, '/replay')]") == []
    assert answer.status_code == 409
    assert post(client, "/staff/runs/99/replay").status_code == 404
