"""``lienthong worker``: one that does what is due, as a process of its own, or several of them."""

from __future__ import annotations

from functools import partial
from threading import Event, Thread

import click

from hub import background
from hub.instance import Hub
from hub.stopping import wait_until_stopped
from hub.workers import Told, Workers


@click.command("worker")
@click.option(
    "--concurrency",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Workers, each a process of its own.",
)
@click.pass_obj
def command(hub: Hub, /, *, concurrency: int) -> None:
    """Harvest what is due and place what waits, until stopped with Ctrl-C."""
    with hub.catalogue() as db:
        if concurrency == 1:
            with background.beside(*background.worker_and_teller(hub, db)):
                wait_until_stopped(lambda: click.echo("ready worker"))
            return
    _several(hub, concurrency)


def _several(hub: Hub, count: int) -> None:
    workers, stopping = Workers(Told(dict(hub.environment), hub.language), count), Event()
    looking_after = Thread(target=workers.run, args=(stopping,))
    looking_after.start()
    tell = partial(_tell_ready, workers, stopping)
    try:
        wait_until_stopped(Thread(target=tell, daemon=True).start)
    finally:
        stopping.set()
        looking_after.join()


def _tell_ready(workers: Workers, stopping: Event) -> None:
    workers.wait(stopping)
    if not stopping.is_set():
        click.echo("ready worker")
