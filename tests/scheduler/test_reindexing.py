"""The search index is made again when its schedule comes round."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from catalogue import clockwork, queue
from catalogue.search import waiting
from scheduler.clock import Clock
from scheduler.reindexing import KIND, reindex_due
from scheduler.timetable import Timetable
from support.filled import add_library, book, deliver, settle
from support.lines import REST_SECONDS, Hub, beside, wait_until


def test_what_is_indexed_waits_again_once_the_clock_says_so(hub: Hub) -> None:
    add_library(hub.database, "A", "Thư viện A")
    deliver(hub.database, "A", {"1": book("Số đỏ"), "2": book("Giông tố")})
    settle(hub.database)
    waiting.settle(hub.database)
    assert waiting.count(hub.database) == 0
    assert reindex_due(hub.line) is None

    clockwork.saw(hub.database, int((datetime.now(UTC) - timedelta(days=2)).timestamp()))
    timetable = Timetable(chores={"reindex": "daily 02:00", "prune": ""})
    with beside(Clock(hub.database, timetable, REST_SECONDS).run):
        wait_until(lambda: queue.next_due(hub.database, KIND) is not None)

    assert reindex_due(hub.line) == 2
    assert waiting.count(hub.database) == 2
    assert reindex_due(hub.line) is None


def test_a_worker_does_it(hub: Hub) -> None:
    queue.enqueue(hub.database, KIND, KIND, 0)
    with beside(hub.work):
        wait_until(lambda: queue.latest(hub.database, KIND)[0] == "done")
