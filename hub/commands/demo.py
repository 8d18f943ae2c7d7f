"""``lienthong demo``: a whole hub with three member endpoints on this machine, to try it out."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import click

from catalogue import browse, database
from catalogue.database import Database
from catalogue.model import RunStatus
from hub import background, firstuser, serving, z3950
from hub.demo.endpoints import members
from hub.demo.folder import demo_folder
from hub.demo.hub import demo_hub, register, take_lists
from hub.harvesting import harvest, report_failure
from hub.instance import Hub
from hub.measured import shared_timings
from hub.stopping import interrupted_by_terminate
from hub.webapp import web_app
from scheduler.model import HarvestOptions
from web.site import site_of

_TO_TRY = ("/", "/?q=truyen+kieu", "/oai?verb=ListRecords&metadataPrefix=marc21", "/staff")


@click.command("demo")
@click.option("--fresh", is_flag=True, help="Start over: delete what an earlier demo stored.")
@click.option("--no-serve", is_flag=True, help="End after the harvest.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 takes a free one.")
@click.option("--z3950-port", type=click.IntRange(0, 65535), help="Port for Z39.50 clients.")
@click.pass_obj
def command(
    hub: Hub, *, fresh: bool, no_serve: bool, port: int | None, z3950_port: int | None
) -> None:
    """Try it out: three simulated members, harvested and served on this machine."""
    place = hub.settings.folder / "demo"
    with (
        interrupted_by_terminate(),
        demo_folder(place, fresh=fresh) as folder,
        members() as running,
    ):
        demo = demo_hub(folder, hub.translate)
        # What an earlier version's demo stored is brought up to this one.
        database.upgrade(demo.settings.database_url)
        with demo.catalogue() as db:
            succeeded = _fill(demo, db, register(db, running))
            take_lists(db)
            _count(demo, db)
            if not no_serve:
                _serve(demo, db, port, z3950_port)
    if not succeeded:
        raise click.exceptions.Exit(1)


def _fill(hub: Hub, db: Database, names: list[str]) -> bool:
    succeeded = True
    for outcome in harvest(hub, db, names, HarvestOptions()):
        hub.output.notice(
            "{source}: {status}, {delivered} records in {seconds} s",
            source=outcome.source,
            status=hub.translate(outcome.status.value),
            delivered=f"{outcome.counts.delivered:,}",
            seconds=f"{outcome.seconds:.1f}",
        )
        if outcome.status is RunStatus.CANCELLED:
            raise click.Abort
        if outcome.status is not RunStatus.SUCCEEDED:
            report_failure(hub, outcome)
            succeeded = False
    return succeeded


def _count(hub: Hub, db: Database) -> None:
    # Scripts read these four lines: they are the same in every language.
    totals = browse.totals(db)
    for name in ("records", "clusters", "folded", "problems"):
        hub.output.line(f"{name}: {getattr(totals, name)}")


def _serve(hub: Hub, db: Database, port: int | None, z3950_port: int | None) -> None:
    with (
        shared_timings() as timings,
        _listening(hub, port) as listener,
        z3950.beside(hub, db, z3950_port, serving.address(listener), next_free=True) as beside,
    ):
        url = serving.address(listener)
        firstuser.ensure(hub, db, url)

        def ready() -> None:
            for path in _TO_TRY:
                click.echo(f"{url}{path}")
            click.echo(f"ready http={url} z3950={beside.address}")

        threads = hub.settings.serve.threads
        app = web_app(hub, db, url, beside.address, timings)
        parts = (
            background.clock(hub, db),
            *background.worker_and_teller(hub, db),
            *beside.parts,
        )
        with background.beside(site_of(app).tally.run, *parts):
            beside.wait()
            serving.serve(app, listener, threads=threads, ready=ready)


@contextmanager
def _listening(hub: Hub, port: int | None) -> Iterator[socket.socket]:
    settings = hub.settings.serve
    asked = settings.port if port is None else port
    with serving.listen(settings.host, asked, next_free=True) as listener:
        taken = listener.getsockname()[1]
        if asked not in (0, taken):
            hub.output.notice("Port {asked} is busy; taking {taken}.", asked=asked, taken=taken)
        yield listener
