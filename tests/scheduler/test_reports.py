"""Reports in the background: made once however often they are asked for, and by the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from catalogue import clockwork, queue
from catalogue.errors import DatabaseUnreachable
from catalogue.reports import store
from catalogue.reports.errors import PeriodToCome
from catalogue.reports.periods import Period, month_before, parse
from scheduler import reports
from scheduler.clock import Clock
from scheduler.errors import ReportBusy
from scheduler.reports import ask_for, make_next, make_now, today, under_way
from scheduler.timetable import Timetable
from support.filled import add_library, book, deliver, settle
from support.lines import REST_SECONDS, Hub, beside, wait_until

OCTOBER = parse("2024-10")


def names(hub: Hub) -> list[str]:
    return [each.name for each in store.all(hub.database)]


def test_a_worker_makes_what_was_asked_for_as_it_stands_then(hub: Hub) -> None:
    assert make_next(hub.line) is None
    assert ask_for(hub.database, UTC, OCTOBER, "Lan")
    assert under_way(hub.database) == [OCTOBER]
    add_library(hub.database, "A", "Thư viện A")
    deliver(hub.database, "A", {"1": book("Số đỏ")})
    settle(hub.database)

    with beside(hub.work):
        wait_until(lambda: not under_way(hub.database))

    [made] = store.all(hub.database)
    assert (made.name, made.author, made.zone) == ("2024-10 1", "Lan", "UTC")
    assert store.get(hub.database, OCTOBER).figures.total.numbers["records"] == 1


def test_who_presses_twice_gets_one_report_whenever_the_second_press_comes(hub: Hub) -> None:
    def press() -> bool:
        return ask_for(hub.database, UTC, OCTOBER, "Lan", seen=0)

    assert [press(), press()] == [True, False]
    lease = queue.claim(hub.database, reports.KIND, f"{reports.KIND}:2024-10", anew=False)
    assert lease is not None
    assert not press()
    with pytest.raises(ReportBusy):
        make_now(hub.database, UTC, OCTOBER, "Minh")
    queue.put_back(hub.database, lease)
    assert make_next(hub.line) is not None
    assert not press()

    assert make_next(hub.line) is None
    assert names(hub) == ["2024-10 1"]
    # Who has seen that one may want another.
    assert ask_for(hub.database, UTC, OCTOBER, "Lan", seen=store.all(hub.database)[0].id)


def test_a_press_that_slipped_into_the_queue_makes_no_second_report(hub: Hub) -> None:
    first = make_now(hub.database, UTC, OCTOBER, "Lan")
    queue.ask(hub.database, reports.KIND, f"{reports.KIND}:2024-10", '{"author": "Lan", "seen": 0}')

    made = make_next(hub.line)

    assert made == first
    assert names(hub) == ["2024-10 1"]


def test_a_worker_that_died_over_it_leaves_it_to_the_next(hub: Hub) -> None:
    ask_for(hub.database, UTC, OCTOBER, "Lan")
    lease = queue.claim(hub.database, reports.KIND, f"{reports.KIND}:2024-10", anew=False)
    assert lease is not None
    queue.let_go(hub.database, lease)

    made = make_next(hub.line)

    assert made is not None
    assert (made.name, made.author) == ("2024-10 1", "Lan")


def test_the_clock_has_the_last_month_reported_once_it_is_over(hub: Hub) -> None:
    clockwork.saw(hub.database, int((datetime.now(UTC) - timedelta(days=40)).timestamp()))
    timetable = Timetable(chores={"prune": ""})
    with beside(Clock(hub.database, timetable, REST_SECONDS).run):
        wait_until(lambda: queue.next_due(hub.database, reports.KIND) is not None)
    month = month_before(today(UTC))

    made = make_next(hub.line)
    reports.queue_monthly(hub.database)
    again = make_next(hub.line)

    assert made is not None
    assert (made.period, made.author, again) == (month, "", None)
    assert names(hub) == [f"{month.name} 1"]
    assert reports.queue_monthly(hub.database)


def test_what_was_made_before_the_month_was_over_is_not_taken_for_its_report(hub: Hub) -> None:
    month = month_before(today(UTC))
    before = month.moments(UTC)[1] - 1
    with patch("scheduler.reports.wall_clock", return_value=before):
        make_now(hub.database, UTC, month, "Lan")
    reports.queue_monthly(hub.database)

    made = make_next(hub.line)

    assert made is not None
    assert made.issue == 2


def test_what_has_not_begun_is_not_counted(hub: Hub) -> None:
    tomorrow = today(UTC) + timedelta(days=1)
    to_come = Period(tomorrow, date(tomorrow.year + 1, 12, 31))

    with pytest.raises(PeriodToCome):
        make_now(hub.database, UTC, to_come, "Lan")
    with pytest.raises(PeriodToCome):
        ask_for(hub.database, UTC, to_come, "Lan")
    assert under_way(hub.database) == []


def test_a_database_that_went_away_meanwhile_costs_no_report(hub: Hub) -> None:
    reports.queue_monthly(hub.database)

    def break_off(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "row_number" in statement:
            raise OperationalError(statement, {}, ConnectionError("terminated by somebody"))

    event.listen(hub.database.primary, "before_cursor_execute", break_off)
    with pytest.raises(DatabaseUnreachable):
        make_next(hub.line)
    event.remove(hub.database.primary, "before_cursor_execute", break_off)
    assert make_next(hub.line) is None

    later = int(datetime.now(UTC).timestamp()) + 3600
    with patch("catalogue.queue.wall_clock", return_value=later):
        assert make_next(hub.line) is not None
