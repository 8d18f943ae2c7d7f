"""``lienthong runs``: the history of harvests, and what can be done with one."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

import click

from catalogue import decisions, logs, retention, runs, watch
from catalogue.database import Database
from catalogue.intake import rows as intake
from catalogue.model import Run
from catalogue.watch import ProblemKind
from crosswalks.model import Severity
from hub import decide, maintenance
from hub.checkpage import severity_word
from hub.harvesting import harvest, line_of, replay, tell
from hub.instance import Hub
from hub.options import GREATEST, json_option, limit_option
from hub.stopping import interrupted_by_terminate
from scheduler import control
from scheduler.keeping import pruning_by_hand
from web import runlog
from web.language import mark
from web.quality.words import meaning, next_step
from web.told import run_message

_MEBIBYTE = 1024 * 1024
_WOULD_GO = mark(
    "{pages} pages of {runs} runs would be removed: {freed} MiB; {left} MiB would be left."
)
_GONE = mark("{pages} pages of {runs} runs were removed: {freed} MiB; {left} MiB are left.")


@click.group("runs")
def group() -> None:
    """Look back at harvests, stop one, go on with one, or replay one."""


@group.command("list")
@click.option("--source", default="", help="Only runs of this source.")
@limit_option
@json_option
@click.pass_obj
def list_runs(hub: Hub, source: str, limit: int, *, as_json: bool) -> None:
    """List the latest runs, newest first."""
    with hub.catalogue() as db:
        found = runs.all(db, source=source, limit=limit)
        maintenance.tell(hub, db)
    if as_json:
        return hub.output.values(as_plain(hub, run) for run in found)
    return hub.output.table(
        ("Run", "Source", "Status", "Started", "Seconds", "delivered", "added", "changed"),
        (_row(hub, run) for run in found),
    )


@group.command("show")
@click.argument("number", type=click.IntRange(min=1, max=GREATEST))
@json_option
@click.pass_obj
def show(hub: Hub, number: int, *, as_json: bool) -> None:
    """Show one run: what it counted, why it ended, what was wrong, and what to do next."""
    with hub.catalogue() as db:
        run = runs.get(db, number)
        found = watch.problems(db, number)
        kept = 0 if as_json else sum(1 for _ in runs.pages(db, number))
        waits = decisions.proposal(db, number)
        read = intake.of_run(db, number)
    if as_json:
        told: dict[str, Any] = {"deliveries": [each.id for each in read]} if read else {}
        if found:
            told["problems"] = [_problem(hub, each) for each in found]
        return hub.output.value(as_plain(hub, run) | told | decide.as_plain(waits))
    hub.output.pairs(
        {
            "Run": run.id,
            "Source": run.source,
            "Status": hub.translate(run.status.value),
            "Asked for": [f"{name} {value}" for name, value in run.options.items()],
            "Started": run.started,
            "Finished": run.finished,
            "Seconds": f"{run.seconds:.1f}",
            **asdict(run.counts),
            "Pages kept": kept,
            "Deliveries": [f"{each.id} ({each.name})" for each in read],
            "Message": run_message(run, hub.translate),
        }
    )
    decide.show(hub, waits)
    return _print_problems(hub, found)


@group.command("log")
@click.argument("number", type=click.IntRange(min=1, max=GREATEST))
@json_option
@click.pass_obj
def log(hub: Hub, number: int, *, as_json: bool) -> None:
    """Show what happened in a run line by line: pages, waits and faults, as far as it is kept."""
    with hub.catalogue() as db:
        runs.get(db, number)
        lines = logs.read(db, number).lines
    told = [(each, runlog.words(each, hub.translate)) for each in lines]
    if as_json:
        return hub.output.values(
            {
                "number": each.number,
                "at": runlog.at(each).isoformat(),
                "kind": each.kind.value,
                "code": each.code,
                "message": said,
                **each.facts,
            }
            for each, said in told
        )
    rows = (
        (
            runlog.at(each).isoformat(timespec="seconds"),
            hub.translate(runlog.KINDS[each.kind]),
            said,
        )
        for each, said in told
    )
    return hub.output.table(("Time", "Kind", "What happened"), rows)


@group.command("stop")
@click.argument("wanted", metavar="RUN|SOURCE")
@json_option
@click.pass_obj
def stop(hub: Hub, wanted: str, *, as_json: bool) -> None:
    """End a harvest after its page, whichever process is at it, and take it out of the queue."""
    with hub.catalogue() as db:
        stopped = control.stop(db, wanted)
    if as_json:
        return hub.output.value(stopped._asdict())
    if stopped.lives:
        hub.output.notice("Run {run} ends after the page it is at.", run=stopped.run)
    elif stopped.run is not None:
        hub.output.notice("Run {run} has ended: its process was gone.", run=stopped.run)
    if stopped.withdrawn:
        hub.output.notice("A queued harvest was taken back.")
    return None


@group.command("resume")
@click.argument("wanted", metavar="RUN|SOURCE")
@click.option("--queue", "queued", is_flag=True, help="Leave it to a worker.")
@json_option
@click.pass_obj
def resume(hub: Hub, wanted: str, *, queued: bool, as_json: bool) -> int:
    """Go on with a harvest that was stopped or broke off, asked for what it was asked for."""
    with interrupted_by_terminate(), hub.catalogue() as db:
        name, options = control.to_resume(db, wanted)
        if queued:
            anew = control.ask_for(db, name, options)
            hub.output.notice(
                "A harvest of {source} is queued." if anew else "One is queued already.",
                source=name,
            )
            if as_json:
                hub.output.value({"source": name, "queued": True})
            return 0
        return tell(hub, next(harvest(hub, db, [name], options)), as_json=as_json)


@group.command("replay")
@click.argument("number", type=click.IntRange(min=1, max=GREATEST))
@click.option("--dry-run", is_flag=True, help="Read and map, but store nothing.")
@json_option
@click.pass_obj
def replay_run(hub: Hub, number: int, *, dry_run: bool, as_json: bool) -> int:
    """Read, map and store a run's pages once more as they are kept, without the network.

    What a later run delivered is left as it is, and the next harvest begins where it would have.
    """
    with interrupted_by_terminate(), hub.catalogue() as db:
        return tell(hub, replay(hub, db, number, dry_run=dry_run), as_json=as_json)


@group.command("prune")
@click.option("--dry-run", is_flag=True, help="Only tell what would be removed.")
@json_option
@click.pass_obj
def prune(hub: Hub, *, dry_run: bool, as_json: bool) -> None:
    """Remove pages that need not be kept any longer, as [raw] keep_days and keep_gb say."""
    with hub.catalogue() as db:
        done = _pruned(hub, db, dry_run=dry_run)
    if as_json:
        return hub.output.value(done)
    wording = _WOULD_GO if dry_run else _GONE
    return hub.output.line(
        hub.translate(wording).format(
            pages=done.pages,
            runs=done.runs,
            freed=f"{done.bytes / _MEBIBYTE:.1f}",
            left=f"{done.left / _MEBIBYTE:.1f}",
        )
    )


def _pruned(hub: Hub, db: Database, *, dry_run: bool) -> retention.Pruned:
    line = line_of(hub, db)
    if dry_run:
        return retention.prune(db, line.raw_store, line.retention, time.time(), dry_run=True)
    with pruning_by_hand(db):
        return retention.prune(db, line.raw_store, line.retention, time.time())


def as_plain(hub: Hub, run: Run) -> dict[str, Any]:
    """Return a run as one flat object, its counts beside the rest, its message in words."""
    return {
        "run": run.id,
        "source": run.source,
        "status": run.status.value,
        "started": run.started,
        "finished": run.finished,
        **asdict(run.counts),
        "seconds": round(run.seconds, 3),
        "message": run_message(run, hub.translate),
        "code": run.code,
        "options": run.options,
        "replays": run.replays,
    }


def _problem(hub: Hub, found: ProblemKind) -> dict[str, Any]:
    return {
        **asdict(found),
        "meaning": hub.translate(meaning(found.code)),
        "next": hub.translate(next_step(found.code)),
    }


def _print_problems(hub: Hub, found: list[ProblemKind]) -> None:
    if not found:
        return
    hub.output.line("")
    say = hub.translate
    rows = (
        (
            severity_word(Severity(each.severity), say),
            each.code,
            each.count,
            say(meaning(each.code)),
            _example(each),
            say(next_step(each.code)),
        )
        for each in found
    )
    hub.output.table(("Severity", "Code", "Count", "Meaning", "For example", "What to do"), rows)


def _example(found: ProblemKind) -> str:
    first = found.samples[0]
    parts = (first.identifier, first.field, first.detail or first.sample)
    return " ".join(" ".join(parts).split())


def _row(hub: Hub, run: Run) -> tuple[object, ...]:
    counts = run.counts
    return (
        run.id,
        run.source,
        hub.translate(run.status.value),
        run.started,
        f"{run.seconds:.1f}",
        counts.delivered,
        counts.added,
        counts.changed,
    )
