"""What the words of a schedule mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduler.errors import BadSchedule
from scheduler.schedule import trigger

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
    "words",
    [
        *("", "hourly", "mỗi ngày", 5),
        *("every minute", "every 0 minutes", "every 99999 hours", "every 5 seconds"),
        *("daily", "daily 24:00", "daily 02:60", "daily 0230", "daily 02:30 "),
    ],
)
def test_other_words_are_refused_with_those_that_will_do(words):
    with pytest.raises(BadSchedule, match="every 15 minutes") as refused:
        trigger(words, HANOI)

    assert refused.value.wrong_use
