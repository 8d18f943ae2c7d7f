from __future__ import annotations

import pytest

from catalogue import owned, sources
from catalogue.database import Database
from catalogue.model import RunStatus, Source
from catalogue.store import close_run, open_run
from support.filled import add_library, book, deliver


def harvested(database: Database, name: str, library: str) -> int:
    """Add a source with a run that ended, and return the run's number."""
    sources.add(database, Source(name=name, library=library, protocol="oai-pmh", url="x"))
    run = open_run(database, name)
    assert run is not None
    close_run(database, run, RunStatus.SUCCEEDED)
    return run.run_id


@pytest.mark.parametrize("few", [1, 50])
def test_the_newest_harvests_of_many_sources_come_first_and_no_other_library_s(
    database: Database, monkeypatch: pytest.MonkeyPatch, few: int
):
    monkeypatch.setattr(owned, "_FEW_SOURCES", few)
    own = [harvested(database, f"a{number}", "A") for number in range(4)]
    theirs = harvested(database, "b", "B")
    newest = owned.runs_of(database, "A", "", None, 3)
    older = owned.runs_of(database, "A", "", newest[-1].id, 3)

    assert [run.id for run in (*newest, *older)] == own[::-1]
    assert [run.id for run in owned.runs_of(database, "A", "a1", None, 3)] == [own[1]]
    assert owned.runs_of(database, "A", "b", None, 3) == []
    assert owned.run(database, "A", theirs) is None


def test_what_a_harvest_delivered_is_told_with_titles(database: Database):
    add_library(database, "A", "A")
    deliver(database, "A", {"1": book("Một"), "2": book("Hai")})
    deliver(database, "A", {"1": None, "2": book("Hai, sửa")})
    [run] = owned.runs_of(database, "A", "", None, 1)

    told = [each[:3] + each[4:] for each in owned.delivered(database, run.id, 5)]
    assert told == [("1", "deleted", False, ""), ("2", "changed", False, "Hai, sửa")]
    assert len(owned.delivered(database, run.id, 1)) == 1
