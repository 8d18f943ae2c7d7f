"""kill -9 in the middle of a bulk correction: another process goes on, each is corrected once."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from threading import Event

import pytest

from catalogue.database import Database
from catalogue.model import HubIdentity
from catalogue.overlays import bulk, bulksteps, making
from catalogue.overlays.bulk import Bulk, Phase, Wanted
from catalogue.querysets.model import Language
from catalogue.raw import FolderRawStore
from scheduler import bulk as working
from scheduler.model import Line
from support.background import STEP_DONE
from support.harvesting import LOOPBACK
from support.pages import Book, add_source, books, deliver, place_all
from support.processes import function, running

COUNT = 40
WANTED = Wanted(
    language=Language.CQL, query="cql.allRecords=1", rules='500 __ $a <- "Thử"', reason="thử"
)


def line_of(database: Database, folder: str) -> Line:
    store = FolderRawStore(Path(folder))
    return Line(db=database, raw_store=store, identity=HubIdentity(), http=LOOPBACK)


def go_on(url: str, folder: str) -> None:
    """Do what the bulk correction waits for, resting after each step of four records."""
    bulksteps.STEP, working.LOOK_AGAIN_SECONDS = 4, 0.0

    def tell(_: Bulk) -> None:
        print(STEP_DONE, flush=True)
        time.sleep(0.1)

    working.carry_out(line_of(Database.open(url), folder), 1, Event(), tell)


SOAK = pytest.mark.soak
PHASES = [
    pytest.param("look", "sqlite", marks=SOAK),
    ("apply", "sqlite"),
    pytest.param("undo", "sqlite", marks=SOAK),
    *(pytest.param(each, "postgresql", marks=SOAK) for each in ("look", "apply", "undo")),
]


@pytest.mark.parametrize(("phase", "engine"), PHASES, indirect=["engine"])
def test_what_a_killed_process_left_another_finishes(
    database: Database, database_url: str, tmp_path: Path, phase: str
) -> None:
    add_source(database)
    entries = [(f"r{number}", Book(title=f"T{number}", year="")) for number in range(COUNT)]
    deliver(database, "s1", *books(entries))
    place_all(database)
    line = line_of(database, str(tmp_path))
    number = bulk.ask(database, WANTED, "lan")
    for begun, begin in (("look", None), ("apply", bulk.agree), ("undo", bulk.undo)):
        if begin is not None:
            begin(database, number, "hoa")
        if begun == phase:
            break
        working.carry_out(line, number, Event(), lambda _: None)

    with running(function(go_on, database_url, str(tmp_path))) as (process,):
        for _ in range(4):
            process.await_text(STEP_DONE)
        process.kill()
    was_busy = bulk.get(database, number).phase.is_busy
    ended = working.carry_out(line, number, Event(), lambda _: None)
    place_all(database)
    laid = Counter(each.cluster for each in making.all(database, undone=True, limit=1000))

    assert was_busy
    assert ended.phase is {"look": Phase.LOOKED, "apply": Phase.APPLIED}.get(phase, Phase.UNDONE)
    assert ended.figures.found == COUNT
    assert set(laid.values()) == (set() if phase == "look" else {1})
    assert len(laid) == ended.figures.done
    assert ended.figures.undone == (COUNT if phase == "undo" else 0)
