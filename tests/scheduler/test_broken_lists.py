"""Lists that break, from the server to the catalogue: what can be had is live, the rest is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from catalogue import records
from catalogue.model import RecordState, RunStatus
from catalogue.tables import ProblemRow
from scheduler.model import HarvestOptions, Line
from scheduler.pipeline import harvest
from support.harvesting import LOOPBACK
from support.lines import Hub
from support.loopback import Reply
from support.oai_source import Item, Repository, dublin_core


def one_a_year(count: int) -> list[Item]:
    return [
        Item(
            identifier=f"oai:x:{n}",
            payload=dublin_core(f"Nhan đề {n}"),
            datestamp=f"{2021 + n // 12}-{n % 12 + 1:02}-01",
        )
        for n in range(count)
    ]


@pytest.fixture
def line(hub: Hub) -> Line:
    return replace(hub.line, http=replace(LOOPBACK, retries=0))


def states(hub: Hub) -> dict[str, bool]:
    found = records.listing(hub.database, "s1")
    return {one.identifier: one.state is RecordState.QUARANTINED for one in found}


def codes(hub: Hub) -> set[str]:
    with hub.database.reading() as connection:
        return set(connection.execute(select(ProblemRow.code)).scalars())


def test_a_record_that_breaks_its_pages_is_quarantined_and_all_others_are_live(hub, line):
    hub.add("s1", Repository(items=one_a_year(9), broken=frozenset({"oai:x:4"})))

    outcome = harvest(line, "s1", HarvestOptions())

    assert outcome.status is RunStatus.SUCCEEDED
    assert states(hub) == {f"oai:x:{n}": n == 4 for n in range(9)}
    assert {"cut-into-windows", "read-one-by-one", "record-not-given"} <= codes(hub)


def test_a_record_cut_out_of_a_page_is_quarantined_and_all_others_are_live(hub, line):
    repository = Repository(items=one_a_year(3), page_size=9)
    body = repository.page(repository.items).replace("Nhan đề 1".encode(), b"<b>")
    repository.faults[""] = Reply(body=body)
    hub.add("s1", repository)

    outcome = harvest(line, "s1", HarvestOptions())

    assert (outcome.status, outcome.counts.quarantined) == (RunStatus.SUCCEEDED, 1)
    assert states(hub) == {f"oai:x:{n}": n == 1 for n in range(3)}
    assert {"page-mended", "damaged-record"} <= codes(hub)


def test_a_broken_version_leaves_the_earlier_one_live(hub, line):
    repository = Repository(items=one_a_year(3), page_size=9)
    hub.add("s1", repository)
    harvest(line, "s1", HarvestOptions())
    body = repository.page(repository.items).replace("Nhan đề 1".encode(), b"<b>")
    repository.faults[""] = Reply(body=body)

    outcome = harvest(line, "s1", HarvestOptions())

    assert outcome.counts.quarantined == 1
    assert states(hub) == {f"oai:x:{n}": False for n in range(3)}
