"""What the words of a schedule mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduler.schedule import Later, trigger

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 3, 4, 10, 7, 30, tzinfo=HANOI)


def following(words: str, now: datetime = NOW, zone: ZoneInfo = HANOI) -> str:
    """Return when a schedule next comes round, by the clock of its zone."""
    moment = trigger(words, zone).get_next_fire_time(None, now)
    return f"{moment.astimezone(zone):%d %H:%M}"


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("every 1 minutes", "04 10:08"),
        ("every 15 minutes", "04 10:15"),
        ("every 6 hours", "04 12:00"),
        ("daily 02:30", "05 02:30"),
        ("daily 2:30", "05 02:30"),
        ("daily 23:59", "04 23:59"),
    ],
)
def test_a_schedule_comes_round(words, moment):
    assert following(words) == moment


def test_an_interval_keeps_its_beat_whenever_it_is_looked_at():
    moments = {following("every 15 minutes", NOW + timedelta(minutes=late)) for late in range(7)}

    assert moments == {"04 10:15"}


def test_a_day_begins_where_the_hub_is():
    assert following("daily 02:30", datetime(2026, 3, 4, 19, 0, tzinfo=UTC)) == "05 02:30"


def test_an_hour_that_summer_time_leaves_out_does_not_leave_out_the_day():
    berlin = ZoneInfo("Europe/Berlin")

    assert following("daily 02:30", datetime(2026, 3, 29, 0, 0, tzinfo=berlin), berlin)[:2] in {
        "29",
        "30",
    }


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("mondays 02:30", "09 02:30"),
        ("wednesdays, fridays 09:00", "06 09:00"),
        ("first of the month 02:30", "01 02:30"),
        ("last of the month 23:00", "31 23:00"),
        ("on the 2nd, 15th 02:30", "15 02:30"),
        ("cron 30 2 * * 1-5", "05 02:30"),
        ("cron 0 12 * * 0", "08 12:00"),
        ("cron 0 12 * * 7", "08 12:00"),
        ("cron 0 12 * * sun", "08 12:00"),
        ("cron */20 * * * *", "04 10:20"),
        ("cron 0 0 31 * *", "31 00:00"),
        ("cron 0 9 20 * fri", "06 09:00"),
        ("cron 0 9 5 * fri", "05 09:00"),
        ("cron 0 9 */19 * fri", "20 09:00"),
    ],
)
def test_days_are_those_that_people_and_crontabs_mean(words, moment):
    assert following(words) == moment


def test_rounds_may_all_be_later():
    rounds = Later(trigger("daily 02:30", HANOI), timedelta(minutes=7))
    first = rounds.get_next_fire_time(None, NOW)
    second = rounds.get_next_fire_time(first, first + timedelta(seconds=1))

    assert [f"{each.astimezone(HANOI):%d %H:%M}" for each in (first, second)] == [
        "05 02:37",
        "06 02:37",
    ]
