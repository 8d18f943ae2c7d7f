"""``lienthong records refetch``: one record of a source, fetched anew by itself."""

from __future__ import annotations

import click

from hub.harvesting import refetch, tell
from hub.instance import Hub
from hub.options import json_option
from hub.stopping import interrupted_by_terminate


@click.command("refetch")
@click.argument("name", metavar="SOURCE")
@click.argument("identifier")
@json_option
@click.pass_obj
def command(hub: Hub, name: str, identifier: str, *, as_json: bool) -> int:
    """Fetch one record of a source anew, by itself, and store what came of it."""
    with interrupted_by_terminate(), hub.catalogue() as db:
        outcome = refetch(hub, db, name, identifier)
    return tell(hub, outcome, as_json=as_json)
