"""``lienthong clusters place``: all that waits into its clusters, and out to every door."""

from __future__ import annotations

import time
from pathlib import Path

import click

from catalogue.cluster.place import waiting
from hub.harvesting import line_of, stopping_by_signals
from hub.instance import Hub
from hub.options import json_option, result_option
from hub.progress import showing
from hub.stopping import interrupted_by_terminate
from scheduler.model import Progress
from scheduler.pipeline import settle
from web.language import mark

_STAGE = "place"
_LEFT = mark("{count} records still wait. Run the command again to go on.")


@click.command("place")
@result_option
@json_option
@click.pass_obj
def place(hub: Hub, result: Path | None, *, as_json: bool) -> int:
    """Place all records that wait: those of a first load all at once, on all processors."""
    started = time.monotonic()
    with interrupted_by_terminate(), hub.catalogue() as db:
        before = waiting(db)
        with stopping_by_signals(hub) as stopping, showing(hub.translate) as show:

            def told(left: int) -> None:
                show(
                    Progress(
                        source=hub.translate("Union catalogue"),
                        stage=_STAGE,
                        records=0,
                        pages=0,
                        problems=0,
                        total=left,
                    )
                )

            settle(line_of(hub, db), told, stopping, result)
        left = waiting(db)
    seconds = round(time.monotonic() - started, 1)
    if as_json:
        hub.output.value({"waited": before, "left": left, "seconds": seconds})
    else:
        hub.output.pairs({"Records that waited": before, "Left": left, "Seconds": seconds})
        if left:
            hub.output.notice(_LEFT, count=left)
    return 1 if left else 0
