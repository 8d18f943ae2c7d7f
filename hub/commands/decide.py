"""``lienthong runs approve`` and ``discard``: what people decide of runs that wait for them."""

from __future__ import annotations

import sys

import click

from catalogue import decisions, runs
from catalogue.database import Database
from catalogue.decisions import Proposal
from catalogue.model import RunStatus
from hub import decide
from hub.commands.runs import as_plain
from hub.harvesting import line_of, settle, stopping_by_signals
from hub.instance import Hub
from hub.options import GREATEST, json_option
from scheduler import deciding
from web.language import mark

_number = click.argument("number", type=click.IntRange(min=1, max=GREATEST))
_dry_run = click.option("--dry-run", is_flag=True, help="Only show what it waits to do.")
_yes = click.option("--yes", is_flag=True, help="Do not ask.")


@click.command("approve")
@_number
@_dry_run
@_yes
@json_option
@click.pass_obj
def approve(hub: Hub, number: int, *, dry_run: bool, yes: bool, as_json: bool) -> int:
    """Let a waiting run delete what it holds, or go on where it stopped."""
    with hub.catalogue() as db:
        waits = _shown(hub, db, number, as_json=as_json)
        if dry_run or not _agreed(hub, waits, mark("Delete these records?"), yes=yes):
            return 0
        with stopping_by_signals(hub) as stopping:
            done = deciding.approve(line_of(hub, db), number, stopping)
        if done.run.status is RunStatus.INCOMPLETE:
            hub.output.notice(
                "The run goes on with the next harvest: lienthong harvest {source}",
                source=done.run.source,
            )
        elif not done.is_done:
            hub.output.notice("It is carried out by a worker, or by the next harvest.")
        else:
            hub.output.notice("{count} records were deleted.", count=waits.deletes)
            settle(hub, db)
        if as_json:
            hub.output.value(as_plain(hub, done.run))
    return 0


@click.command("discard")
@_number
@_dry_run
@_yes
@json_option
@click.pass_obj
def discard(hub: Hub, number: int, *, dry_run: bool, yes: bool, as_json: bool) -> int:
    """Drop what a waiting run holds: no record is deleted."""
    with hub.catalogue() as db:
        waits = _shown(hub, db, number, as_json=as_json)
        if dry_run or not _agreed(hub, waits, mark("Keep these records?"), yes=yes):
            return 0
        dropped = decisions.discard(db, number)
        run = runs.get(db, number)
    hub.output.notice(
        "{count} deletions were dropped. To be told of them again:"
        " lienthong harvest {source} --full",
        count=dropped,
        source=run.source,
    )
    if as_json:
        hub.output.value(as_plain(hub, run))
    return 0


def _shown(hub: Hub, db: Database, number: int, *, as_json: bool) -> Proposal:
    waits = decisions.proposal(db, number)
    if not as_json:
        decide.show(hub, waits)
    return waits


def _agreed(hub: Hub, waits: Proposal, question: str, *, yes: bool) -> bool:
    """Ask, on a terminal; elsewhere the command itself is the decision."""
    if yes or not waits.deletes or not sys.stdin.isatty():
        return True
    return click.confirm(hub.translate(question), err=True)
