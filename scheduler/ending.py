"""The end of a run: what the complete list lacks, what the guards say, and then the deletions.

Nothing before it has deleted anything. It goes in bounded steps; whoever is killed in the middle is
followed by a run that finds what is left and judges it anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event

from catalogue import decisions
from catalogue.clock import wall_clock
from catalogue.guards import judge
from catalogue.model import RunHandle
from catalogue.store import complete, held
from catalogue.store.held import Span
from catalogue.store.naming import named
from crosswalks.model import RawRecord
from harvester.errors import HarvestError
from harvester.model import Listed, Reader, SourceSpec
from scheduler.model import Line
from scheduler.outgoing import OAI
from scheduler.schedule import trigger

POLICIES_TO_COMPARE = ("no", "transient")
"""Servers that do not tell of every deletion (OAI-PMH 2.0 s2.5.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How the source can be asked for what a run needs at its end."""

    reader: Reader
    spec: SourceSpec
    compare: bool = False
    """Compare with the complete list, whatever the source's settings say."""


def conclude(
    line: Line,
    run: RunHandle,
    asking: Asking | None,
    placed: Callable[[int], None],
    stopping: Event,
) -> bool:
    """End a run whose list came to its end; tell whether nothing is left to do.

    ``asking`` is None where only a part of the source was asked for, which says nothing of the
    rest. ``placed`` hears how many records of each step have to be placed. Raises NeedsDecision
    where a person has to decide, HarvestError, LeaseLost and SourceChanged.
    """
    if asking is None:
        return _end_part(line, run, placed, stopping)
    compared = _compare(line, run, asking)
    whole = run.list_run > 0
    for span in decisions.approved(line.db, run):
        if not carry_out(line, run, placed, stopping, span):
            return False
    figures = complete.figures(line.db, run, whole=whole, compared=compared)
    doubt = judge(figures, run.source.guards)
    complete.end_list(line.db, run, figures.listed, compared=compared, doubt=doubt)
    decisions.take_over(line.db, run, doubt, whole=whole)
    if doubt is not None:
        raise doubt
    span = held.ALL if whole else decisions.unasked(line.db, run)
    return carry_out(line, run, placed, stopping, span)


def _end_part(line: Line, run: RunHandle, placed: Callable[[int], None], stopping: Event) -> bool:
    """End a run of a part of the source, which has a say on nothing but what it was told itself."""
    span = Span(run.run_id, run.run_id)
    doubt = judge(complete.figures(line.db, run, span), run.source.guards)
    if doubt is not None:
        raise doubt
    return carry_out(line, run, placed, stopping, span)


def carry_out(
    line: Line,
    run: RunHandle,
    placed: Callable[[int], None],
    stopping: Event,
    span: Span = held.ALL,
) -> bool:
    """Carry out what is held for a run's source; tell whether nothing is left of it."""
    while (step := held.apply_held(line.db, run, span)) is not None:
        placed(step.dirty)
        if stopping.is_set():
            return False
    decisions.settle(line.db, run)
    return True


def _compare(line: Line, run: RunHandle, asking: Asking) -> bool:
    """Hold the deletion of what the complete list lacks, where it has to be compared."""
    policy, last = complete.reconciled(line.db, run)
    wanted = asking.compare or _is_due(line, _when(line, run, policy), last)
    if run.list_run:
        policy = _policy(line, run, asking) or policy
        if not wanted and policy not in POLICIES_TO_COMPARE:
            return False
        _hold_absent(line, run, run.list_run, by_name=False)
        return True
    if wanted:
        for listed in asking.reader.identifiers(asking.spec):
            held.mark_seen(line.db, run, _kept_as(listed), listed.problems)
        _hold_absent(line, run, run.run_id, by_name=True)
    return wanted


def _kept_as(listed: Listed) -> list[str]:
    """Return under which names the records are kept that a list has alive."""
    names = [header.identifier for header in listed.headers if not header.deleted]
    return [named(RawRecord(identifier=name)).raw.identifier for name in names]


def _policy(line: Line, run: RunHandle, asking: Asking) -> str:
    try:
        info = asking.reader.identify(asking.spec)
    except HarvestError:
        # The list came whole: what the server said of itself before has to do.
        return ""
    complete.note_deletions(line.db, run, info.deleted_record)
    return info.deleted_record


def _hold_absent(line: Line, run: RunHandle, since: int, *, by_name: bool) -> None:
    after: int | None = 0
    while after is not None:
        after = held.hold_absent(line.db, run, since, after, by_name=by_name)


def _when(line: Line, run: RunHandle, policy: str) -> str:
    """Return when a source is compared: as it says itself, else as the hub does with its kind."""
    if run.source.guards.reconcile:
        return run.source.guards.reconcile
    tells_nothing = run.source.protocol == OAI and policy in POLICIES_TO_COMPARE
    return line.timetable.relist if tells_nothing else ""


def _is_due(line: Line, words: str, last: int) -> bool:
    """Tell whether a source's own schedule says to compare again."""
    if not words:
        return False
    moment = datetime.fromtimestamp(last + 1, UTC)
    due = trigger(words, line.zone).get_next_fire_time(None, moment)
    return due is not None and due.timestamp() <= wall_clock()
