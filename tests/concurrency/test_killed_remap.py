"""kill -9 in the middle of mapping again: another process goes on, and all comes out the same."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import select

from catalogue import crosswalks, sources
from catalogue.crosswalks import Version
from catalogue.database import Database
from catalogue.model import RunStatus, Source
from catalogue.store import close_run, open_run, put_page
from catalogue.tables import RecordRow
from crosswalks.formats import oai_dc
from crosswalks.model import Element, Page, RawRecord, Record, Schema
from crosswalks.shelf import Written
from scheduler.mapping import current_versions, map_page
from scheduler.remap import remap_due
from support.background import STEP_DONE, do_due
from support.processes import function, run, running

NAME = "oai_dc-marc21"
TEXT = (
    f'crosswalk {NAME} version 2\nfrom oai_dc to marc21\n500 __ $a <- "x"\ninclude shipped/{NAME}\n'
)
COUNT = 60


def map_again(url: str, folder: str, rest: float) -> int:
    """Map again, telling each page and resting after it; return how many records changed."""
    return do_due(remap_due, url, folder, rest)


def fill(database: Database) -> None:
    sources.add(database, Source(name="s1", library="L", protocol="oai-pmh", url="http://a.vn/oai"))
    opened = open_run(database, "s1")
    raws = tuple(
        RawRecord(
            identifier=f"r{number}",
            format="oai_dc",
            position=number,
            body=oai_dc.write(
                Record(schema=Schema.OAI_DC, fields=(Element("dc:title", (), f"T{number}"),))
            ),
        )
        for number in range(COUNT)
    )
    page = Page(number=1, url="", records=raws, next_checkpoint={}, raw=b"", last=True)
    mapped = map_page(page, opened.source, ())
    put_page(database, opened, page, mapped.records, mapped.problems)
    close_run(database, opened, RunStatus.SUCCEEDED)


def states(database: Database) -> set[tuple[str, int]]:
    """Return each version that records have, with how often their content changed."""
    with database.reading() as connection:
        rows = connection.execute(select(RecordRow.crosswalk_version, RecordRow.rev))
        return {(row.crosswalk_version, row.rev) for row in rows}


@pytest.mark.parametrize("seconds", [pytest.param(0.0, marks=pytest.mark.soak), 0.2])
def test_what_a_killed_process_left_another_finishes(database, database_url, tmp_path, seconds):
    fill(database)
    wanted = Version(name=NAME, version=None, written=Written(text=TEXT))
    crosswalks.put_draft(database, wanted)
    crosswalks.publish(database, NAME, "Lan")

    with running(function(map_again, database_url, str(tmp_path), 0.1)) as (process,):
        process.await_text(STEP_DONE)
        time.sleep(seconds)
        process.kill()
    left = len(states(database))
    [outcome] = run(function(map_again, database_url, str(tmp_path), 0.0))
    [version] = current_versions(sources.get(database, "s1"), crosswalks.shelf(database)) & {
        version for version, _ in states(database)
    }

    assert left == 2
    assert 0 < outcome.value < COUNT
    assert states(database) == {(version, 2)}
