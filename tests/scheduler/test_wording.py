"""Schedules in words, in both languages, and the one form in which they are kept."""

from __future__ import annotations

from contextlib import suppress
from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler import crontab, wording
from scheduler.errors import BadCron, BadSchedule, NoSuchDay
from scheduler.wording import ALL_DAYS, LAST, Every, Monthly, Weekly, canonical
from web.language import LANGUAGES, translator
from web.schedules import in_words, said

times = st.times().map(lambda at: time(at.hour, at.minute))
some_days = st.sets(st.sampled_from(ALL_DAYS), min_size=1).map(lambda days: tuple(sorted(days)))
dates = st.sets(st.integers(1, 28), min_size=1, max_size=5).map(lambda days: tuple(sorted(days)))
parts = st.sampled_from(("*", "*/3", "1", "1-5", "2,4", "1-6/2"))
languages = st.sampled_from(sorted(LANGUAGES))
schedules = st.one_of(
    st.builds(Every, st.integers(1, 9999), st.sampled_from(("minutes", "hours"))),
    st.builds(Weekly, some_days, times),
    st.builds(Monthly, dates | st.just((LAST,)), times),
    st.tuples(*[parts] * 5).map(lambda five: crontab.parse(" ".join(("cron", *five)))),
)


def is_read_back(schedule, language):
    kept = wording.said_plainly(schedule)

    assert wording.parse(said(schedule, translator(language))) == schedule
    assert wording.parse(kept) == schedule
    assert canonical(kept) == kept


@given(schedules, languages)
@settings(max_examples=60)
def test_what_is_said_in_any_language_is_read_back(schedule, language):
    is_read_back(schedule, language)


@pytest.mark.soak
@given(schedules, languages)
@settings(max_examples=20_000)
def test_what_is_said_in_any_language_is_read_back_of_very_many(schedule, language):
    is_read_back(schedule, language)


@given(st.text(max_size=40))
@settings(max_examples=60)
def test_any_words_are_read_or_refused(words):
    with suppress(BadSchedule):
        kept = canonical(words)
        assert canonical(kept) == kept


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("", ""),
        (" Every  15 minutes ", "every 15 minutes"),
        ("every minute", "every 1 minutes"),
        ("every hour", "every 1 hours"),
        ("every 2 days", "every 48 hours"),
        ("mỗi 15 phút", "every 15 minutes"),
        ("15 phút một lần", "every 15 minutes"),
        ("mỗi 2 tiếng", "every 2 hours"),
        ("moi 2 gio", "every 2 hours"),
        ("mỗi ngày", "every 24 hours"),
        ("daily 2:30", "daily 02:30"),
        ("every day at 02:30", "daily 02:30"),
        ("hằng ngày lúc 02:30", "daily 02:30"),
        ("Hàng ngày 2h30", "daily 02:30"),
        ("mỗi ngày lúc 14 giờ", "daily 14:00"),
        ("ha\u0306\u0300ng nga\u0300y lu\u0301c 02:30", "daily 02:30"),
        ("mondays 02:30", "mondays 02:30"),
        ("Thursday and mon at 02:30", "mondays, thursdays 02:30"),
        ("thứ hai lúc 02:30", "mondays 02:30"),
        ("thứ năm, thứ hai và chủ nhật 02:30", "mondays, thursdays, sundays 02:30"),
        ("T2, T4, CN lúc 5g", "mondays, wednesdays, sundays 05:00"),
        ("t2,t3,t4,t5,t6,t7,cn 02:30", "daily 02:30"),
        ("first of the month 02:30", "first of the month 02:30"),
        ("ngày đầu tháng lúc 02:30", "first of the month 02:30"),
        ("on the 1st 02:30", "first of the month 02:30"),
        ("the last day of the month at 23:00", "last of the month 23:00"),
        ("ngày cuối tháng lúc 23:00", "last of the month 23:00"),
        ("on the 15th 02:30", "on the 15th 02:30"),
        ("on the 15th and 2nd of each month at 02:30", "on the 2nd, 15th 02:30"),
        ("ngày 15 hằng tháng lúc 02:30", "on the 15th 02:30"),
        ("vào các ngày 1, 15 hàng tháng lúc 2h", "on the 1st, 15th 02:00"),
        ("CRON  30 2 * * Mon-Fri", "cron 30 2 * * mon-fri"),
    ],
)
def test_words_are_kept_in_one_form(words, kept):
    assert canonical(words) == kept


@pytest.mark.parametrize(
    "words",
    [
        *("hourly", "every 0 minutes", "every 99999 hours", "every 417 days", "every 5 seconds"),
        *("daily", "daily 24:00", "daily 02:60", "daily 0230", "mỗi ngày 25h", "x" * 5000),
        *("mondays", "someday 02:30", "mondays, 02:30", "thứ 8 lúc 02:30", "on the 0th 02:30"),
        *("on the 32nd 02:30", "on the 15th", "ngày 15 lúc 02:30", "first of the year 02:30"),
    ],
)
def test_other_words_are_refused_with_those_that_will_do(words):
    with pytest.raises(BadSchedule, match="every 15 minutes") as refused:
        wording.parse(words)

    assert refused.value.wrong_use


@pytest.mark.parametrize("day", [29, 30, 31])
def test_a_day_that_not_every_month_has_is_refused_with_the_last_one(day):
    with pytest.raises(NoSuchDay, match="last of the month"):
        canonical(f"on the 2nd, {day}th 02:30")


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("cron", ""),
        ("cron 30 2 * *", r"30 2 \* \*"),
        ("cron 60 2 * * *", "60"),
        ("cron 30 24 * * *", "24"),
        ("cron 30 2 0 * *", "0"),
        ("cron 30 2 * 13 *", "13"),
        ("cron 30 2 * * 8", "8"),
        ("cron 30 2 * * mo", "mo"),
        ("cron 5-1 2 * * *", "5-1"),
        ("cron */0 2 * * *", r"\*/0"),
        ("cron 1,,2 2 * * *", "1,,2"),
        ("cron 0 0 31 2,4 *", "31 2,4"),
    ],
)
def test_a_line_of_cron_that_cannot_be_is_refused_where_it_is_wrong(words, part):
    with pytest.raises(BadCron, match=f"look at '{part}'"):
        canonical(words)


def test_vietnamese_readers_are_told_schedules_in_vietnamese():
    vietnamese = translator("vi")

    assert [
        in_words(kept, vietnamese)
        for kept in (
            *("every 1 minutes", "every 15 minutes", "every 2 hours", "daily 02:30"),
            *("mondays, sundays 02:30", "first of the month 02:30", "on the 1st, 15th 02:30"),
        )
    ] == [
        *("mỗi phút", "mỗi 15 phút", "mỗi 2 giờ", "hằng ngày lúc 02:30"),
        *("thứ hai, chủ nhật lúc 02:30", "ngày đầu tháng lúc 02:30"),
        "ngày 1, 15 hằng tháng lúc 02:30",
    ]


def test_a_schedule_kept_by_another_version_is_shown_as_it_is():
    assert in_words("whenever", translator("vi")) == "whenever"
