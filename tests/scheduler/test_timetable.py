"""How schedules are meant: spread over a time, and what counts after no clock ran."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from catalogue.model import Source
from scheduler.errors import BadMoment
from scheduler.health import next_run
from scheduler.moments import moment
from scheduler.timetable import SLACK, Missed, Timetable
from support.lines import HANOI

NOW = datetime(2026, 3, 4, 3, 0, tzinfo=UTC)


def source(name: str, schedule: str = "daily 02:30") -> Source:
    return Source(
        name=name, library="L", protocol="oai-pmh", url="http://x.vn/oai", schedule=schedule
    )


def test_sources_that_are_due_at_one_time_are_spread_each_with_a_place_of_its_own():
    timetable = Timetable(zone=HANOI, spread_minutes=30)
    due = datetime(2026, 3, 4, 19, 30, tzinfo=UTC)
    places = [next_run(source(f"s{n}"), NOW, timetable) - due for n in range(200)]
    tomorrow = next_run(source("s7"), due + timedelta(hours=1), timetable)

    assert all(timedelta(0) <= place < timedelta(minutes=30) for place in places)
    assert len(set(places)) > 150
    assert tomorrow == due + timedelta(days=1) + places[7]


def test_without_a_spread_all_are_due_when_their_schedules_say():
    found = {next_run(source(f"s{n}"), NOW, Timetable(zone=HANOI)) for n in range(20)}

    assert found == {datetime(2026, 3, 4, 19, 30, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("seen", "missed", "since"),
    [
        (None, Missed.ONCE, NOW - SLACK),
        (NOW - timedelta(hours=9), Missed.ONCE, NOW - timedelta(hours=9) - SLACK),
        (NOW - timedelta(hours=9), Missed.SKIP, NOW - SLACK),
        (NOW + timedelta(hours=9), Missed.ONCE, NOW - SLACK),
    ],
)
def test_a_clock_looks_back_to_where_one_was_seen_last(seen, missed, since):
    assert Timetable(missed=missed).since(seen, NOW) == since


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("10:30", "2026-03-04T10:30"),
        ("06:00", "2026-03-05T06:00"),
        ("2026-12-31 06:00", "2026-12-31T06:00"),
        ("2026-12-31T06:00", "2026-12-31T06:00"),
        (" 31/12/2026 6:05 ", "2026-12-31T06:05"),
        ("1/2/2027", "2027-02-01T00:00"),
    ],
)
def test_a_moment_is_meant_where_the_hub_is(words, meant):
    assert moment(words, HANOI, NOW) == datetime.fromisoformat(f"{meant}+07:00")


@pytest.mark.parametrize("words", ["", "tomorrow", "24:00", "31/02/2026", "2026-13-01", "6"])
def test_what_is_no_moment_is_refused_with_what_is_one(words):
    with pytest.raises(BadMoment, match="31/12/2026 06:00"):
        moment(words, HANOI, NOW)
