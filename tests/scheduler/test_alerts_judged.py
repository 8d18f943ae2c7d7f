"""What is told of a source: what became otherwise, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from catalogue.alerts.model import Found, Observed, Stand
from catalogue.alerts.standing import Judged
from catalogue.errors import WorkerGone
from catalogue.model import Counts, Run, RunStatus, Source
from catalogue.options import Connection
from catalogue.watch import Watched
from crosswalks.model import Severity
from scheduler.alerts import certificates
from scheduler.alerts.judging import Moment, judge
from scheduler.alerts.rules import Rules
from scheduler.timetable import Timetable

NOW = datetime(2026, 5, 6, 12, 0, tzinfo=UTC)
MOMENT = Moment(now=NOW, timetable=Timetable(), rules=Rules())
NEW = Stand(since=int(NOW.timestamp()))
GOOD, BAD = RunStatus.SUCCEEDED, RunStatus.FAILED


def run(number: int, status: RunStatus, code: str = "") -> Run:
    return Run(
        id=number,
        source="s",
        status=status,
        started="",
        finished="",
        counts=Counts(),
        seconds=1,
        message="vì thế",
        code=code,
    )


def seen(
    last: Run | None = None,
    before: Stand | None = NEW,
    *,
    days: float | None = None,
    current: Run | None = None,
    waiting: int | None = None,
    **settings: object,
) -> Observed:
    """Return a source whose last run was this, and which succeeded so many days ago."""
    success = (NOW - timedelta(days=days)).isoformat() if days is not None else ""
    named = {"name": "s", "library": "L", "protocol": "oai-pmh", "url": "http://x.vn"}
    source = Source(**named | settings)
    watched = Watched(
        source=source,
        library="L",
        current=current,
        last=last,
        success=success,
        queued=None,
        waiting=waiting,
    )
    return Observed(id=1, library_id=1, watched=watched, before=before)


def kinds(judged: Judged) -> list[str]:
    return [change.kind.value for change in judged.changes]


def course(*statuses: RunStatus) -> list[list[str]]:
    """Return what is told after each of some runs."""
    told, stand = [], NEW
    for number, status in enumerate(statuses, 1):
        judged = judge(seen(run(number, status), stand, days=1), MOMENT)
        told.append(kinds(judged))
        stand = judged.after
    return told


def test_a_failure_is_told_once_and_so_is_that_it_is_over():
    assert course(GOOD, BAD, RunStatus.INCOMPLETE, BAD, GOOD, GOOD, BAD) == [
        [],
        ["failed"],
        [],
        [],
        ["recovered"],
        [],
        ["failed"],
    ]


@pytest.mark.parametrize("status", [RunStatus.CANCELLED, RunStatus.LIMITED])
def test_what_people_ended_says_nothing_of_a_source(status: RunStatus):
    assert course(BAD, status, BAD, GOOD) == [["failed"], [], [], ["recovered"]]


def test_the_same_run_is_judged_once():
    first = judge(seen(run(7, BAD)), MOMENT)
    stand = replace(first.after, failing=False)

    assert kinds(judge(seen(run(7, BAD), stand), MOMENT)) == []
    assert first.changes[0].details["message"] == "vì thế"


def test_a_worker_that_was_lost_is_no_failure_of_the_source_while_another_goes_on():
    lost = run(7, RunStatus.INCOMPLETE, WorkerGone.code())

    assert kinds(judge(seen(lost, current=run(8, RunStatus.RUNNING)), MOMENT)) == []
    assert kinds(judge(seen(lost), MOMENT)) == ["failed"]


@pytest.mark.parametrize(
    ("days", "settings", "told"),
    [
        (29, {}, []),
        (31, {}, ["silent"]),
        (31, {"paused": True}, []),
        (2.9, {"schedule": "daily 12:00"}, []),
        (3.1, {"schedule": "daily 12:00"}, ["silent"]),
        (0.9, {"schedule": "every 15 minutes"}, []),
        (1.1, {"schedule": "every 15 minutes"}, ["silent"]),
        (31, {"schedule": "bao giờ cũng được"}, ["silent"]),
    ],
)
def test_a_source_that_is_silent_for_too_long_is_told_of(days, settings, told):
    assert kinds(judge(seen(run(1, GOOD), days=days, **settings), MOMENT)) == told


def test_one_that_never_succeeded_is_missed_from_when_it_was_first_looked_at():
    old = Stand(since=int((NOW - timedelta(days=40)).timestamp()))
    silent = judge(seen(before=old), MOMENT)

    assert kinds(judge(seen(before=None), MOMENT)) == []
    assert kinds(silent) == ["silent"]
    assert kinds(judge(seen(before=silent.after), MOMENT)) == []
    assert kinds(judge(seen(run(1, GOOD), silent.after, days=0), MOMENT)) == ["recovered"]
    assert kinds(judge(seen(before=silent.after, paused=True), MOMENT)) == []


def test_a_harvest_that_takes_weeks_is_not_silence():
    assert kinds(judge(seen(days=40, current=run(2, RunStatus.RUNNING)), MOMENT)) == []


def test_a_run_that_waits_is_told_until_it_was_decided():
    waits = judge(seen(run(3, RunStatus.WAITING), waiting=3), MOMENT)
    again = judge(seen(run(4, RunStatus.WAITING), waits.after, waiting=4), MOMENT)
    decided = judge(seen(run(4, GOOD), again.after), MOMENT)
    anew = judge(seen(run(5, RunStatus.WAITING), decided.after, waiting=5), MOMENT)

    assert [kinds(each) for each in (waits, again, decided, anew)] == [
        ["waiting"],
        [],
        [],
        ["waiting"],
    ]
    assert (waits.changes[0].run, waits.changes[0].details["message"]) == (3, "vì thế")


def sizes(*lists: tuple[int, bool]) -> list[list[str]]:
    told, stand = [], NEW
    for number, listed in enumerate(lists, 1):
        judged = judge(replace(seen(run(number, GOOD), stand), listed=listed), MOMENT)
        told.append(kinds(judged))
        stand = judged.after
    return told


def test_a_list_that_shrinks_is_told_of_also_if_it_does_so_little_by_little():
    assert sizes((1000, False), (970, False), (940, False), (940, False), (880, False)) == [
        [],
        [],
        ["shrinking"],
        [],
        ["shrinking"],
    ]
    assert sizes((1000, False), (500, True), (480, False)) == [[], [], []]
    assert sizes((10, False), (5, False)) == [[], []]


def test_kinds_of_problems_are_told_if_the_source_did_not_have_them_from_the_beginning():
    found = (
        Found("bad-isbn", Severity.WARNING, 9),
        Found("unreadable", Severity.ERROR, 2),
        Found("obsolete", Severity.INFO, 30),
    )
    first = judge(replace(seen(run(1, GOOD), None), problems=found), MOMENT)
    later = judge(replace(seen(run(2, GOOD), first.after), problems=found), MOMENT)

    assert kinds(first) == []
    assert kinds(later) == ["problems"]
    assert later.changes[0].severity is Severity.ERROR
    assert [code for code, _, _ in later.changes[0].details["problems"]] == [
        "unreadable",
        "bad-isbn",
        "obsolete",
    ]


def test_a_certificate_is_told_of_once_and_its_successor_again():
    soon, later = NOW + timedelta(days=10), NOW + timedelta(days=90)
    first = judge(seen(), MOMENT, soon)
    same = judge(seen(before=first.after), MOMENT, soon)
    renewed = judge(seen(before=same.after), MOMENT, later)
    next_one = judge(seen(before=renewed.after), MOMENT, soon + timedelta(days=1))

    assert [kinds(each) for each in (first, same, renewed, next_one)] == [
        ["certificate"],
        [],
        [],
        ["certificate"],
    ]
    assert kinds(judge(seen(), MOMENT, None)) == []


def test_from_when_on_something_is_told_can_be_set():
    rules = Rules(silent_days=5, silent_rounds=1, shrink_percent=50, certificate_days=5)
    moment = replace(MOMENT, rules=rules)
    shrunk = replace(seen(run(2, GOOD), replace(NEW, listed=100)), listed=(60, False))

    assert kinds(judge(seen(days=6), moment)) == ["silent"]
    assert kinds(judge(seen(days=1.1, schedule="daily 12:00"), moment)) == ["silent"]
    assert kinds(judge(shrunk, moment)) == []
    assert kinds(judge(shrunk, MOMENT)) == ["shrinking"]
    assert kinds(judge(seen(), moment, NOW + timedelta(days=10))) == []


@pytest.mark.parametrize(
    ("settings", "is_due"),
    [
        ({"url": "https://x.vn/oai"}, True),
        ({"url": "http://x.vn/oai"}, False),
        ({"url": "https://x.vn/oai", "paused": True}, False),
        ({"url": "https://x.vn/oai", "connection": Connection(quiet_hours="11:00-13:00")}, False),
    ],
)
def test_certificates_are_looked_at_where_there_are_some_and_nobody_is_disturbed(settings, is_due):
    observed = seen(**settings)
    just_now = replace(observed, before=replace(NEW, probed=int(NOW.timestamp()) - 60))

    assert certificates.due([observed], MOMENT) == [observed] * is_due
    assert certificates.due([just_now], MOMENT) == []
