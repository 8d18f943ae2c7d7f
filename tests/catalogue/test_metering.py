"""The figures of a hub, on each engine, by as many questions for much as for little."""

from __future__ import annotations

from sqlalchemy import event

from catalogue import daily
from catalogue.database import Database
from catalogue.metering import figures
from support.filled import add_library, book, deliver


def test_figures_tell_what_harvests_came_to(database: Database):
    for code in ("TVA", "TVB"):
        add_library(database, code, "")
    deliver(database, "TVA", {"1": book("Số đỏ"), "2": None})
    deliver(database, "TVA", {"1": book("Số đỏ, in lần hai")})
    daily.count_if_due(database)
    found = figures(database)
    [one] = found.harvested

    assert (one.source, one.runs, one.records["delivered"]) == ("tva", {"succeeded": 2}, 3)
    assert (one.records["added"], one.records["changed"]) == (1, 1)
    assert [each.watched.source.name for each in found.sources] == ["tva", "tvb"]
    assert found.day is not None
    assert (found.day.records, found.clock_runs) == (1, False)
    assert found.standing.engine.bytes > 0


def test_many_sources_cost_no_more_questions(database: Database):
    asked: list[str] = []
    event.listen(database.read, "before_cursor_execute", lambda *told: asked.append(told[2]))
    counts = []
    for n in range(3):
        add_library(database, f"TV{n}", "")
        deliver(database, f"TV{n}", {"1": book("Số đỏ")})
        asked.clear()
        figures(database)
        counts.append(len(asked))

    assert len(set(counts)) == 1
