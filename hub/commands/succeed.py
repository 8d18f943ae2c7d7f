"""``lienthong sources succeed``: a member changes its system, and its records go on."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any, NamedTuple

import click

from catalogue import runs
from catalogue.database import Database
from catalogue.model import Run, RunStatus
from catalogue.succession import report as reporting
from catalogue.succession import steps
from catalogue.succession.errors import AlreadyApplied
from catalogue.succession.report import Report
from catalogue.succession.setting import State
from catalogue.succession.steps import Succession
from hub.errors import WrongUse
from hub.filing import outgoing
from hub.harvesting import line_of, settle, stopping_by_signals
from hub.instance import Hub
from hub.options import json_option
from hub.progress import showing
from hub.succession import as_plain, show
from scheduler import succession
from scheduler.model import Line, Progress


class _Wanted(NamedTuple):
    apply: bool
    cancel: bool
    delete_unpaired: bool
    yes: bool
    unpaired: str | None


@click.command("succeed")
@click.argument("old")
@click.argument("new")
@click.option("--apply", is_flag=True, help="Carry it out: old records go on as the new ones.")
@click.option("--cancel", is_flag=True, help="Call it off: what waits becomes ordinary records.")
@click.option(
    "--delete-unpaired",
    is_flag=True,
    help="Afterwards hold the deletion of old records that are left, as the guards allow.",
)
@click.option(
    "--unpaired",
    metavar="FILE",
    help="Write what could not be paired, and why, to this file (CSV).",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_obj
def command(hub: Hub, /, old: str, new: str, *, as_json: bool, **given: Any) -> int:
    """Pair the records of a source with those of its successor; show, and carry over."""
    wanted = _Wanted(**given)
    if wanted.cancel and (wanted.apply or wanted.delete_unpaired):
        raise WrongUse(reason=hub.translate("--cancel goes with none of the other options"))
    with hub.catalogue() as db, stopping_by_signals(hub) as stopping:
        task = _Task(hub, db, line_of(hub, db), stopping, as_json=as_json)
        return task.do(steps.named(db, old, new), wanted)


class _Task:
    """The command under way."""

    def __init__(
        self, hub: Hub, db: Database, line: Line, stopping: Event, *, as_json: bool
    ) -> None:
        self._hub, self._db, self._line, self._stopping = hub, db, line, stopping
        self._as_json = as_json

    def do(self, named: Succession, wanted: _Wanted) -> int:
        """Do what is wanted; return the exit code."""
        if wanted.cancel:
            return self._cancel(named)
        done = self._apply(named, wanted) if wanted.apply else self._look(named, wanted)
        if done is None:
            return 0
        run = None
        if done and wanted.delete_unpaired:
            now = steps.named(self._db, named.old, named.new)
            run = succession.delete_unpaired(self._line, now, self._stopping)
            self._say_left(run)
        if self._as_json:
            found = reporting.report(self._db, named)
            self._hub.output.value(as_plain(found) | {"run": run.id if run else None})
        if wanted.apply or run:
            settle(self._hub, self._db)
        return 0 if done and (run is None or run.status is not RunStatus.FAILED) else 1

    def _look(self, named: Succession, wanted: _Wanted) -> bool:
        self._warn(named)
        if named.state in (State.WAITING, State.CANCELLED):
            with succession.looking(self._line, named) as work, self._showing(named) as tell:
                succession.find(self._line, work, tell)
        self._tell(named, wanted)
        return True

    def _apply(self, named: Succession, wanted: _Wanted) -> bool | None:
        """Carry it out; tell whether all is done, or None where the person does not want it."""
        with succession.taken(self._line, named) as work:
            if named.state is State.CANCELLING:
                succession.cancel(self._line, work, named, self._stopping)
            if named.state is not State.APPLYING:
                self._warn(named)
                with self._showing(named) as tell:
                    succession.find(self._line, work, tell)
                if not self._agreed(self._tell(named, wanted), wanted):
                    return None
            with self._showing(named) as tell:
                done = succession.apply(self._line, work, named, self._stopping, tell)
        self._say_applied(named, done=done)
        if named.state is State.APPLYING:
            self._tell(steps.named(self._db, named.old, named.new), wanted)
        return done

    def _cancel(self, named: Succession) -> int:
        if named.state in (State.APPLYING, State.APPLIED):
            raise AlreadyApplied(old=named.old, new=named.new)
        with succession.taken(self._line, named) as work:
            done = succession.cancel(self._line, work, named, self._stopping)
        self._hub.output.notice(
            "{new} does not take over from {old}: its records are ordinary ones.",
            new=named.new,
            old=named.old,
        )
        if self._as_json:
            self._hub.output.value(as_plain(reporting.report(self._db, named)) | {"run": None})
        settle(self._hub, self._db)
        return 0 if done else 1

    def _warn(self, named: Succession) -> None:
        """Say so where the new source may not have come whole yet."""
        last = next(iter(runs.all(self._db, source=named.new, limit=1)), None)
        if last is None or last.status is not RunStatus.SUCCEEDED:
            self._hub.output.notice(
                "The last harvest of {new} did not come to its end: records that are still to come"
                " have no pair yet.",
                new=named.new,
            )

    def _tell(self, named: Succession, wanted: _Wanted) -> Report:
        found = reporting.report(self._db, named)
        if not self._as_json:
            show(self._hub, found)
        if wanted.unpaired is not None:
            _write_unpaired(wanted.unpaired, self._db, named)
        return found

    def _agreed(self, found: Report, wanted: _Wanted) -> bool:
        """Ask, on a terminal; elsewhere the command itself is the decision."""
        if wanted.yes or not sys.stdin.isatty():
            return True
        question = self._hub.translate("Let {count} records of {old} go on as those of {new}?")
        told = {"count": f"{found.paired:,}", "old": found.old, "new": found.new}
        return click.confirm(question.format(**told), err=True)

    def _say_applied(self, named: Succession, *, done: bool) -> None:
        if not done:
            return self._hub.output.notice(
                "It is not finished: a worker goes on, or this command once more."
            )
        return self._hub.output.notice(
            "{new} has taken over from {old}, which is paused and harvested no more.",
            new=named.new,
            old=named.old,
        )

    def _say_left(self, run: Run) -> None:
        if run.status is RunStatus.WAITING:
            self._hub.output.notice(
                "Run {run} waits to delete {count} records. Look at it with: lienthong runs show"
                " {run}; agree with: lienthong runs approve {run}",
                run=run.id,
                count=f"{run.counts.held:,}",
            )
        else:
            self._hub.output.notice("{count} records were deleted.", count=run.counts.absent)

    @contextmanager
    def _showing(self, named: Succession) -> Iterator[Callable[[succession.Progress], None]]:
        with showing(self._hub.translate) as shown:

            def tell(now: succession.Progress) -> None:
                if now.stage == succession.LOOK and self._stopping.is_set():
                    # Nothing but scratch was written: who looks again begins anew.
                    raise click.Abort
                shown(
                    Progress(
                        source=named.new,
                        stage=now.stage,
                        records=now.records,
                        pages=0,
                        problems=0,
                        total=None,
                    )
                )

            yield tell


def _write_unpaired(path: str, db: Database, named: Succession) -> None:
    """Write a table of what could not be paired, in which spreadsheets read Vietnamese."""
    with outgoing(path) as stream:
        file = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
        table = csv.writer(file)
        table.writerow(reporting.Unpaired._fields)
        for row in reporting.unpaired(db, named):
            table.writerow(map(_harmless, row))
        file.detach()


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
