"""What of a source became otherwise since it was last looked at: a pure judgement.

Only a change is told. A source that fails every night is told once, and once when it succeeds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from catalogue.alerts.model import LEVELS, Change, Kind, Observed, Stand
from catalogue.alerts.standing import Judged
from catalogue.errors import WorkerGone
from catalogue.guards import HANDFUL
from catalogue.model import Run, RunStatus
from crosswalks.model import Severity
from scheduler.alerts.rules import Rules
from scheduler.health import next_run
from scheduler.timetable import Timetable

_BAD = frozenset({RunStatus.FAILED, RunStatus.INCOMPLETE})
_GOOD = frozenset({RunStatus.SUCCEEDED, RunStatus.WAITING})
"""The server gave its list to the end; other ends say nothing of it."""
_LEAST_SILENCE = timedelta(days=1)
_MOST_KINDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When a source is looked at, and by which rules."""

    now: datetime
    timetable: Timetable
    rules: Rules


def judge(observed: Observed, moment: Moment, expires: datetime | None = None) -> Judged:
    """Return how a source stands and what to tell of it.

    ``expires`` is the end of its server's certificate, where that was looked at just now.
    """
    before = observed.before or Stand(since=int(moment.now.timestamp()))
    last = observed.watched.last
    after = replace(
        before,
        seen_run=max(before.seen_run, last.id if last else 0),
        failing=_fails(observed, before),
        silent=_is_silent(observed, before, moment),
        waiting=observed.watched.waiting is not None,
    )
    changes = [
        *_course(observed, before, after),
        *_silence(observed, before, after),
        *_decision(observed, before),
        *_new_kinds(observed),
    ]
    after, shrunk = _size(observed, after, moment.rules)
    after, ending = _certificate(after, moment, expires)
    return Judged(observed, after, (*changes, *shrunk, *ending))


def _fails(observed: Observed, before: Stand) -> bool:
    last = observed.watched.last
    if last is None or last.id <= before.seen_run:
        return before.failing
    if last.status in _BAD:
        # A run goes on where a worker of ours was lost: what comes of that says how it is.
        lost = last.code == WorkerGone.code() and observed.watched.current is not None
        return before.failing if lost else True
    return before.failing and last.status not in _GOOD


def _course(observed: Observed, before: Stand, after: Stand) -> Iterator[Change]:
    last = observed.watched.last
    if last is None:
        return
    if after.failing and not before.failing:
        yield Change(kind=Kind.FAILED, severity=Severity.ERROR, run=last.id, details=_reason(last))
    succeeded = last.id > before.seen_run and last.status in _GOOD
    if (before.failing or before.silent) and not after.failing and succeeded:
        yield Change(kind=Kind.RECOVERED, severity=Severity.INFO, run=last.id)


def _silence(observed: Observed, before: Stand, after: Stand) -> Iterator[Change]:
    if after.silent and not before.silent:
        yield Change(
            kind=Kind.SILENT,
            severity=Severity.WARNING,
            details={"success": observed.watched.success},
        )


def _decision(observed: Observed, before: Stand) -> Iterator[Change]:
    watched = observed.watched
    if watched.waiting is not None and not before.waiting:
        last = watched.last
        details = _reason(last) if last and last.id == watched.waiting else {}
        yield Change(
            kind=Kind.WAITING, severity=Severity.WARNING, run=watched.waiting, details=details
        )


def _new_kinds(observed: Observed) -> Iterator[Change]:
    """Tell of kinds that are new; those of the first look are what is usual."""
    if observed.before is None or not observed.problems:
        return
    found = sorted(
        observed.problems, key=lambda one: (-LEVELS.index(one.severity), -one.times, one.code)
    )
    last = observed.watched.last
    yield Change(
        kind=Kind.PROBLEMS,
        severity=found[0].severity,
        run=last.id if last else None,
        details={"problems": [list(each) for each in found[:_MOST_KINDS]], "kinds": len(found)},
    )


def _size(observed: Observed, after: Stand, rules: Rules) -> tuple[Stand, list[Change]]:
    """Measure the complete list by the largest since it was last told to have shrunk."""
    if observed.listed is None:
        return after, []
    listed, decided = observed.listed
    known = after.listed
    if known is None or listed >= known or decided:
        return replace(after, listed=listed), []
    fewer = known - listed
    if fewer <= HANDFUL or fewer * 100 < known * rules.shrink_percent:
        return after, []
    last = observed.watched.last
    change = Change(
        kind=Kind.SHRINKING,
        severity=Severity.WARNING,
        run=last.id if last else None,
        details={"listed": listed, "before": known},
    )
    return replace(after, listed=listed), [change]


def _certificate(
    after: Stand, moment: Moment, expires: datetime | None
) -> tuple[Stand, list[Change]]:
    if expires is None:
        return after, []
    end = int(expires.timestamp())
    if expires - moment.now > timedelta(days=moment.rules.certificate_days):
        return replace(after, expires=0), []
    if after.expires == end:
        return after, []
    change = Change(
        kind=Kind.CERTIFICATE, severity=Severity.WARNING, details={"expires": _iso(expires)}
    )
    return replace(after, expires=end), [change]


def _is_silent(observed: Observed, before: Stand, moment: Moment) -> bool:
    source, watched = observed.watched.source, observed.watched
    if source.rests or source.successor or watched.current is not None:
        return before.silent and watched.current is not None
    success = watched.success
    since = (
        datetime.fromisoformat(success) if success else datetime.fromtimestamp(before.since, UTC)
    )
    return moment.now > _deadline(observed, since, moment)


def _deadline(observed: Observed, since: datetime, moment: Moment) -> datetime:
    """Return until when nobody misses a source that succeeded then."""
    at: datetime | None = since
    for _ in range(moment.rules.silent_rounds):
        at = next_run(observed.watched.source, at, moment.timetable) if at else None
    if at is None:
        return since + timedelta(days=moment.rules.silent_days)
    return max(at, since + _LEAST_SILENCE)


def _reason(run: Run) -> dict[str, Any]:
    return {"message": run.message, "code": run.code, "details": dict(run.details)}


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
