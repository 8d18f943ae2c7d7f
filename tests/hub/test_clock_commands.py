"""``lienthong clock``: what comes next, whether a clock runs, and the pause of all harvests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hub.harvesting import timetable_of
from hub.sections import Scheduler
from hub.settings import load
from scheduler.chores import CHORES
from scheduler.timetable import Missed, Timetable
from support.loopback import replying
from support.oai_source import Repository
from web.coming import CHORES as TOLD


@pytest.fixture
def named(lienthong):
    """Add sources with and without a schedule, one of them paused, one with quiet hours."""
    quiet = ("--schedule", "every 15 minutes", "--quiet-hours", "00:00-23:59")
    for name, options in {
        "dem": ("--schedule", "hằng ngày lúc 02:30"),
        "tay": (),
        "nghi": ("--schedule", "every 1 hours"),
        "yen": quiet,
    }.items():
        bare = ("--protocol", "oai-pmh", "--url", "https://x.example/oai", "--library", "VN-X")
        assert lienthong("sources", "add", name, *bare, *options).code == 0
    assert lienthong("sources", "pause", "nghi").code == 0


def coming(lienthong):
    """Return what comes next, by source or kind."""
    [told] = lienthong("clock", "next", "--json").json
    return told, {each["source"] or each["kind"]: each for each in told["next"]}


@pytest.mark.usefixtures("named")
def test_what_comes_next_is_told_with_what_stands_against_it_and_without_any_clock(lienthong):
    told, found = coming(lienthong)

    assert told["clock"] == {"leads": False, "seen": None}
    assert {name: each["reason"] for name, each in found.items()} == {
        "dem": "",
        "nghi": "paused",
        "prune": "",
        "quality": "",
        "report": "",
        "yen": "quiet",
    }
    assert found["dem"]["at"].endswith("T02:30:00+07:00")
    assert found["yen"]["begins"].endswith("T23:59:00+07:00")
    assert found["nghi"]["begins"] is None
    assert [each["source"] for each in told["next"]][-1] == "nghi"


@pytest.mark.usefixtures("named")
def test_what_comes_next_is_shown_in_the_readers_language(lienthong):
    shown = lienthong("--lang", "vi", "clock", "next", "--limit", "5").out

    assert "không có clock nào đang chạy" in shown
    assert "hằng ngày lúc 02:30" in shown
    assert "chờ hết giờ không thu thập" in shown
    assert "Asia/Ho_Chi_Minh" in shown


@pytest.mark.usefixtures("named")
def test_a_pause_of_all_harvests_is_told_wherever_one_looks_until_it_is_ended(lienthong):
    [window] = lienthong("clock", "pause", "--why", "sao lưu  máy chủ", "--json").json
    told, found = coming(lienthong)
    lists = [
        lienthong("--lang", "vi", *command).err
        for command in (("sources", "list"), ("runs", "list"), ("import", "list"))
    ]
    ended = [lienthong("clock", "go-on", "--json").json for _ in range(2)]
    after = lienthong("sources", "list").err

    assert (window["under_way"], window["ends"], window["why"]) == (True, None, "sao lưu máy chủ")
    assert told["maintenance"]["why"] == "sao lưu máy chủ"
    assert {found[name]["reason"] for name in ("dem", "yen")} == {"maintenance"}
    assert found["prune"]["reason"] == ""
    assert all(
        "tạm dừng cho đến khi có lệnh: lienthong clock go-on (sao lưu" in said for said in lists
    )
    assert ended == [[{"was_paused": True}], [{"was_paused": False}]]
    assert after == ""


def test_a_harvest_by_hand_is_done_in_a_pause_all_the_same_with_a_word_about_it(lienthong):
    with replying(Repository()) as url:
        bare = ("--protocol", "oai-pmh", "--url", url, "--library", "VN-X")
        lienthong("sources", "add", "thu", *bare)
        lienthong("clock", "pause")
        done = lienthong("harvest", "thu", "--json")

    assert done.json[0]["status"] == "succeeded"
    assert "paused for maintenance; thu is harvested this once" in done.err


def test_a_pause_may_have_a_beginning_and_an_end(lienthong):
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    said = (f"{tomorrow:%d/%m/%Y} 22:00", f"{tomorrow:%Y-%m-%d} 23:30")
    [window] = lienthong("clock", "pause", "--from", said[0], "--until", said[1], "--json").json
    shown = lienthong("clock", "next").out

    assert window["begins"] == f"{tomorrow:%Y-%m-%d}T22:00:00+07:00"
    assert window["ends"] == f"{tomorrow:%Y-%m-%d}T23:30:00+07:00"
    assert not window["under_way"]
    assert f"from {tomorrow:%Y-%m-%d} 22:00 until {tomorrow:%Y-%m-%d} 23:30" in shown
    assert lienthong("sources", "list").err == ""


def test_a_pause_that_cannot_be_is_refused(lienthong):
    refused = [
        lienthong("clock", "pause", *options)
        for options in (
            ("--until", "tomorrow"),
            ("--until", "31/02/2030"),
            ("--until", "2020-01-01"),
            ("--from", "2031-01-01", "--until", "2030-01-01"),
        )
    ]

    assert [done.code for done in refused] == [2] * 4
    assert [done.err.partition(".")[0] for done in refused] == [
        "tomorrow is not a moment",
        "31/02/2030 is not a moment",
        *["This maintenance window would be over already, or before it begins"] * 2,
    ]
    assert lienthong("clock", "go-on", "--json").json == [{"was_paused": False}]


@pytest.mark.usefixtures("named")
def test_the_settings_say_how_schedules_are_meant(lienthong):
    [told] = lienthong(
        *("clock", "next", "--json"),
        LIENTHONG_SCHEDULER__TIME_ZONE="Europe/Berlin",
        LIENTHONG_SCHEDULER__PRUNE="",
        LIENTHONG_SCHEDULER__SPREAD_MINUTES="600",
    ).json
    [nightly] = [each["at"] for each in told["next"] if each["source"] == "dem"]

    assert told["time_zone"] == "Europe/Berlin"
    assert "prune" not in {each["kind"] for each in told["next"]}
    assert "T02:30:00" not in nightly


def test_a_setting_that_is_no_schedule_is_refused(lienthong):
    done = lienthong("clock", "next", LIENTHONG_SCHEDULER__RELIST="now and then")

    assert (done.code, "[scheduler] relist" in done.err) == (2, True)


def test_all_settings_of_the_clock_reach_it():
    environment = {
        "LIENTHONG_INSTANCE": "nowhere",
        "LIENTHONG_SCHEDULER__MISSED": "skip",
        "LIENTHONG_SCHEDULER__RELIST": "ngày đầu tháng lúc 1h",
        "LIENTHONG_SCHEDULER__PRUNE": "thứ hai lúc 4h",
        "LIENTHONG_SCHEDULER__REPORT": "last of the month 23:30",
        "LIENTHONG_SCHEDULER__DUMP": "daily 01:15",
    }

    assert timetable_of(load(environment)) == Timetable(
        zone=ZoneInfo("Asia/Ho_Chi_Minh"),
        missed=Missed.SKIP,
        chores={
            "prune": "thứ hai lúc 4h",
            "reindex": "",
            "report": "last of the month 23:30",
            "dump": "daily 01:15",
            "quality": "daily 04:15",
        },
        relist="ngày đầu tháng lúc 1h",
    )


def test_each_chore_has_a_setting_with_its_usual_schedule_and_words_for_people():
    usual = {chore.kind: chore.usual for chore in CHORES}

    assert {kind: getattr(Scheduler(), kind) for kind in usual} == usual
    assert set(timetable_of(load({"LIENTHONG_INSTANCE": "nowhere"})).chores) == set(usual)
    assert set(TOLD) == set(usual)
