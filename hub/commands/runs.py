"""``lienthong runs``: the history of harvests."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from catalogue import runs
from catalogue.model import Run
from hub.instance import Hub
from hub.options import GREATEST, json_option, limit_option


@click.group("runs")
def group() -> None:
    """Look back at harvests."""


@group.command("list")
@click.option("--source", default="", help="Only runs of this source.")
@limit_option
@json_option
@click.pass_obj
def list_runs(hub: Hub, source: str, limit: int, *, as_json: bool) -> None:
    """List the latest runs, newest first."""
    with hub.catalogue() as db:
        found = runs.all(db, source=source, limit=limit)
    if as_json:
        return hub.output.values(map(as_result, found))
    return hub.output.table(
        ("Run", "Source", "Status", "Started", "Seconds", "delivered", "added", "changed"),
        (_row(hub, run) for run in found),
    )


@group.command("show")
@click.argument("number", type=click.IntRange(min=1, max=GREATEST))
@json_option
@click.pass_obj
def show(hub: Hub, number: int, *, as_json: bool) -> None:
    """Show one run with everything it counted."""
    with hub.catalogue() as db:
        run = runs.get(db, number)
    if as_json:
        return hub.output.value(as_result(run))
    return hub.output.pairs(
        {
            "Run": run.id,
            "Source": run.source,
            "Status": hub.translate(run.status.value),
            "Started": run.started,
            "Finished": run.finished,
            "Seconds": f"{run.seconds:.1f}",
            **asdict(run.counts),
            "Message": run.message,
        }
    )


def as_result(run: Run) -> dict[str, Any]:
    """Return a run as one flat object, its counts beside the rest."""
    return {
        "run": run.id,
        "source": run.source,
        "status": run.status.value,
        "started": run.started,
        "finished": run.finished,
        **asdict(run.counts),
        "seconds": round(run.seconds, 3),
        "message": run.message,
    }


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
