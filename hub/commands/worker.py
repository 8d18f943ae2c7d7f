"""``lienthong worker``: one that does what is due, as a process of its own."""

from __future__ import annotations

import click

from hub import background
from hub.instance import Hub
from hub.stopping import wait_until_stopped


@click.command("worker")
@click.pass_obj
def command(hub: Hub) -> None:
    """Harvest what is due and place what waits, until stopped with Ctrl-C."""
    with hub.catalogue() as db, background.beside(*background.worker_and_teller(hub, db)):
        wait_until_stopped(lambda: click.echo("ready worker"))
