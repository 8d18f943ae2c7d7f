"""Dumps in the background: made once however often asked for, by the clock, gone on with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from threading import Event

import pytest

from catalogue import queue
from catalogue.errors import DatabaseUnreachable
from provider.dumps.errors import DumpNotWritten
from scheduler.dumper import Asked
from scheduler.dumps import (
    KIND,
    alone,
    ask_for,
    last_failure,
    make_next,
    queue_scheduled,
    under_way,
)
from scheduler.errors import DumpBusy
from support.engines import SQLITE_USUALLY
from support.lines import Hub, beside, wait_until

NAME = "public marcxml"


@dataclass
class Noting:
    """Makes nothing, and notes what it was asked for; it ends as it is told to."""

    scheduled: Sequence[str] = (NAME, "public jsonl library:NLV")
    ends: list[bool | Exception] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def make(self, asked: Asked, _stopping: Event, _resting: Event) -> bool:
        self.asked.append(asked)
        end = self.ends.pop(0) if self.ends else True
        if isinstance(end, Exception):
            raise end
        return end


def made(hub: Hub, noting: Noting) -> bool:
    return make_next(replace(hub.line, dumper=noting), Event(), Event())


def test_a_dump_is_made_once_however_often_it_is_asked_for(hub: Hub) -> None:
    noting = Noting()
    assert not made(hub, noting)

    assert [ask_for(hub.database, Asked(series=NAME, full=True)) for _ in range(2)] == [True, False]
    assert under_way(hub.database) == [NAME]
    assert made(hub, noting)

    assert not made(hub, noting)
    assert noting.asked == [Asked(series=NAME, full=True)]
    assert under_way(hub.database) == []


@SQLITE_USUALLY
def test_the_clock_has_those_of_the_settings_made(hub: Hub) -> None:
    noting = Noting()
    assert [queue_scheduled(hub.database) for _ in range(2)] == [True, False]
    while made(hub, noting):
        pass

    assert noting.asked == [Asked(series=name) for name in noting.scheduled]


def test_what_broke_off_is_asked_for_again_as_it_was(hub: Hub) -> None:
    noting = Noting(ends=[False, True])
    ask_for(hub.database, Asked(series=NAME, full=False))

    assert [made(hub, noting) for _ in range(3)] == [False, True, False]
    assert noting.asked == [Asked(series=NAME, full=False)] * 2


@SQLITE_USUALLY
def test_what_cannot_be_made_is_told_and_not_tried_again(hub: Hub) -> None:
    error = DumpNotWritten(name=NAME, reason="No space left on device")
    noting = Noting(ends=[error])
    ask_for(hub.database, Asked(series=NAME))

    assert [made(hub, noting) for _ in range(2)] == [True, False]
    found = last_failure(hub.database)
    assert found is not None
    assert found["series"] == NAME
    assert found["template"].format(**found["details"]) == str(error)
    ask_for(hub.database, Asked(series=NAME))
    made(hub, noting)
    assert last_failure(hub.database) is None


@SQLITE_USUALLY
def test_a_database_that_is_away_or_a_fault_of_ours_is_no_end_without_a_word(hub: Hub) -> None:
    noting = Noting(ends=[DatabaseUnreachable(reason="away"), RuntimeError("ours")])
    ask_for(hub.database, Asked(series=NAME))
    with pytest.raises(DatabaseUnreachable):
        made(hub, noting)

    assert list(queue.waiting(hub.database, KIND)) == [f"{KIND}:{NAME}"]
    ask_for(hub.database, Asked(series="public jsonl"))
    with pytest.raises(RuntimeError):
        made(hub, noting)
    assert last_failure(hub.database) is None


@SQLITE_USUALLY
def test_nobody_else_makes_one_of_a_series_meanwhile(hub: Hub) -> None:
    with alone(hub.database, NAME):
        assert not ask_for(hub.database, Asked(series=NAME))
        with pytest.raises(DumpBusy), alone(hub.database, NAME):
            pass
    assert ask_for(hub.database, Asked(series=NAME))


@SQLITE_USUALLY
def test_a_worker_makes_what_waits_and_one_that_makes_none_leaves_it(hub: Hub) -> None:
    noting = Noting()
    ask_for(hub.database, Asked(series=NAME))
    assert not make_next(hub.line, Event(), Event())
    hub.line = replace(hub.line, dumper=noting)

    with beside(hub.work):
        wait_until(lambda: not under_way(hub.database))

    assert noting.asked == [Asked(series=NAME)]
