"""``lienthong clusters rebuild``: the whole partition worked out anew."""

from __future__ import annotations

import click

from hub.instance import Hub
from hub.options import json_option
from scheduler.rebuilding import rebuild_now
from web.language import mark

_INTERRUPTED = mark("Something else was placed meanwhile: what is left is placed one by one.")
_FOLLOWS = mark("A worker places again what is not as it should be.")


@click.command("rebuild")
@click.option("--dry-run", is_flag=True, help="Only say what it would do.")
@json_option
@click.pass_obj
def rebuild(hub: Hub, *, dry_run: bool, as_json: bool) -> None:
    """Work out all clusters anew, and have placed again what is stored otherwise."""
    with hub.catalogue() as db:
        found = rebuild_now(db, dry_run=dry_run)
    if as_json:
        return hub.output.value(found._asdict())
    hub.output.pairs(
        {
            "Records": found.records,
            "To be placed again": found.again,
            "Spared from being placed again": found.spared,
            "Links corrected": found.links,
        }
    )
    if found.interrupted:
        hub.output.notice(_INTERRUPTED)
    elif found.again and not dry_run:
        hub.output.notice(_FOLLOWS)
    return None
