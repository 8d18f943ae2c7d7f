"""``lienthong clock``: the one that says when, as a process of its own."""

from __future__ import annotations

import click

from hub import background
from hub.instance import Hub
from hub.stopping import wait_until_stopped


@click.command("clock")
@click.pass_obj
def command(hub: Hub) -> None:
    """Queue the harvests that are due by the sources' schedules, until stopped with Ctrl-C."""
    with hub.catalogue() as db, background.beside(background.clock(hub, db)):
        wait_until_stopped(lambda: click.echo("ready clock"))
