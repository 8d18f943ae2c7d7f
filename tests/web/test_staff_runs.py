"""Harvests on screen: live figures, sums that add up, reasons in words, and decisions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import html

from catalogue import queue, runs
from catalogue.model import RunStatus
from catalogue.store import close_run, open_run
from catalogue.store.run import KIND, job_key
from catalogue.users import Role
from scheduler.deciding import carry_out_next
from scheduler.errors import StoppedBySomebody
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from support.lines import Hub
from support.oai_source import Item, Repository, items
from support.staff import document, inside, post, text


def go(members: Hub) -> int:
    run = harvest(members.line, "s1", HarvestOptions()).run
    assert run is not None
    return run


def counted(page: html.HtmlElement) -> dict[str, int]:
    """Return the figures that a page shows, by name."""
    return {each.get("data-count"): int(each.text) for each in page.xpath("//*[@data-count]")}


@pytest.fixture
def waiting(members: Hub) -> int:
    """Give the number of a run that waits, since it would delete ten of twenty records."""
    repository = Repository(items=items(20), page_size=7)
    members.add("s1", repository)
    go(members)
    repository.items = [
        replace(item, deleted=at < 10, datestamp="2024-06-01") if at < 10 else item
        for at, item in enumerate(repository.items)
    ]
    return go(members)


def test_the_figures_of_a_run_add_up(members: Hub):
    broken = Item(identifier="x", payload="<nothing/>")
    members.add("s1", Repository(items=[*items(4), broken]))
    page = document(inside(members.database).get(f"/staff/runs/{go(members)}"))
    shown = counted(page)

    assert shown.pop("delivered") == sum(shown.values()) == 5
    assert (shown["added"], shown["quarantined"]) == (4, 1)
    assert page.xpath("//ul[@class='kinds']//strong/text()")


def test_held_deletions_are_part_of_the_sum(members: Hub, waiting: int):
    shown = counted(document(inside(members.database).get(f"/staff/runs/{waiting}")))

    assert shown.pop("delivered") == sum(shown.values())
    assert shown["held"] == 10


def test_a_run_under_way_asks_for_its_figures_and_ends_asking_with_the_run(members: Hub):
    members.add("s1", Repository())
    client = inside(members.database)
    run = open_run(members.database, "s1")
    assert run is not None
    address = f"/staff/runs/{run.run_id}"
    page, part = document(client.get(address)), client.get(f"{address}/progress")
    close_run(members.database, run, RunStatus.SUCCEEDED)
    after = client.get(f"{address}/progress")

    assert b'id="log" hx-swap-oob="true"' in part.get_data()
    assert page.xpath("//div[@id='progress']/@hx-get") == [f"{address}/progress"]
    assert page.xpath("//noscript/meta/@http-equiv") == ["refresh"]
    assert "HX-Refresh" not in part.headers
    assert after.headers["HX-Refresh"] == "true"
    assert b"hx-get" not in after.get_data()


def test_why_a_run_ended_is_said_in_the_readers_language(members: Hub):
    members.add("s1", Repository())
    run = open_run(members.database, "s1")
    assert run is not None
    close_run(members.database, run, RunStatus.CANCELLED, StoppedBySomebody(run=run.run_id))
    client = inside(members.database)

    assert "Somebody stopped this run" in text(client.get(f"/staff/runs/{run.run_id}"))
    assert "Somebody stopped" not in text(client.get(f"/staff/runs/{run.run_id}?lang=vi"))


def test_a_run_that_was_stopped_is_gone_on_with(members: Hub):
    members.add("s1", Repository())
    run = open_run(members.database, "s1")
    assert run is not None
    close_run(members.database, run, RunStatus.CANCELLED, StoppedBySomebody(run=run.run_id))
    client = inside(members.database)
    post(client, f"/staff/runs/{run.run_id}/resume")

    assert queue.next_due(members.database, KIND) == job_key("s1")


def test_approving_tells_first_what_it_will_do(members: Hub, waiting: int):
    client = inside(members.database)
    page = document(client.get(f"/staff/runs/{waiting}"))
    asked = document(client.get(page.xpath("//a[contains(., 'Approve')]/@href")[0]))

    assert "10 records of s1 will be deleted" in asked.text_content()
    assert "Nhan đề 0" in asked.text_content()
    assert runs.get(members.database, waiting).status is RunStatus.WAITING


def test_an_approved_run_is_carried_out_by_a_worker_however_often_it_is_approved(
    members: Hub, waiting: int
):
    from threading import Event

    client = inside(members.database)
    for _ in range(2):
        post(client, f"/staff/runs/{waiting}/approve")
    said = text(client.get(f"/staff/runs/{waiting}"))
    carry_out_next(members.line, Event())
    after = runs.get(members.database, waiting)

    assert "It is approved" in said
    assert (after.status, after.counts.deleted) == (RunStatus.SUCCEEDED, 10)


def test_what_is_discarded_leaves_the_records(members: Hub, waiting: int):
    client = inside(members.database)
    asked = text(client.get(f"/staff/runs/{waiting}/discard"))
    post(client, f"/staff/runs/{waiting}/discard")
    after = runs.get(members.database, waiting)

    assert "Nothing is deleted: 10 records of s1 stay" in asked
    assert (after.status, after.counts.deleted) == (RunStatus.CANCELLED, 0)


def test_what_was_discarded_cannot_be_approved(members: Hub, waiting: int):
    client = inside(members.database)
    post(client, f"/staff/runs/{waiting}/discard")
    answer = post(client, f"/staff/runs/{waiting}/approve")

    assert answer.status_code == 400
    assert "was decided otherwise already" in text(answer)


def test_a_viewer_sees_that_a_run_waits_and_decides_nothing(members: Hub, waiting: int):
    client = inside(members.database, Role.VIEWER)
    page = document(client.get(f"/staff/runs/{waiting}"))

    assert "would delete 10" in page.text_content()
    assert page.xpath("//main//form | //main//a[contains(., 'Approve')]") == []
    assert client.get(f"/staff/runs/{waiting}/approve").status_code == 403


def test_the_list_goes_back_page_by_page(members: Hub):
    members.add("s1", Repository())
    for _ in range(52):
        run = open_run(members.database, "s1")
        assert run is not None
        close_run(members.database, run, RunStatus.SUCCEEDED)
    client = inside(members.database)
    first = document(client.get("/staff/runs?source=s1"))
    second = document(client.get(first.xpath("string(//a[@rel='next']/@href)")))

    assert [len(page.xpath("//tbody/tr")) for page in (first, second)] == [50, 2]
    assert second.xpath("//a[@rel='next']") == []


@pytest.mark.parametrize(
    "address",
    ["/9", "/9/progress", "/9/approve", "/9223372036854775808", "/1/burn", "?before=-1"],
)
def test_what_is_not_there_is_said_so(members: Hub, address: str):
    assert inside(members.database).get(f"/staff/runs{address}").status_code == 404


def test_what_waits_no_more_is_not_asked_for_again(members: Hub, waiting: int):
    client = inside(members.database)
    post(client, f"/staff/runs/{waiting}/approve")
    answer = client.get(f"/staff/runs/{waiting}/discard")

    assert answer.location == f"/staff/runs/{waiting}"
    assert "does not wait for a decision any more" in text(client.get(answer.location))


def test_a_source_leads_to_the_harvest_that_waits(members: Hub, waiting: int):
    client = inside(members.database, Role.VIEWER)
    there = f"/staff/runs/{waiting}"

    for address in ("/staff/sources", "/staff/sources/s1"):
        assert there in document(client.get(address)).xpath("//main//a/@href")
