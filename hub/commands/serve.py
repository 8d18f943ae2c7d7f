"""``lienthong serve``: the public pages, those of staff, and OAI-PMH, over HTTP; Z39.50 beside."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import click

from hub import background, firstuser, serving, z3950
from hub.instance import Hub
from hub.measured import shared_timings
from hub.webapp import web_app
from web.site import site_of
from web.staff.uploads import FORM


@click.command("serve")
@click.option("--host", help="Address to listen on; default: [serve] host.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 takes a free one.")
@click.option(
    "--z3950-port", "z3950_at", type=click.IntRange(0, 65535), help="Port for Z39.50 clients."
)
@click.option("--no-z3950", is_flag=True, help="Do not serve Z39.50.")
@click.option("--all", "everything", is_flag=True, help="Run a worker and the clock too.")
@click.pass_obj
def command(
    hub: Hub,
    /,
    *,
    host: str | None,
    port: int | None,
    everything: bool,
    **options: Any,
) -> None:
    """Serve the public and staff pages, OAI-PMH and Z39.50 until stopped with Ctrl-C."""
    settings = hub.settings.serve
    chosen = settings.port if port is None else port
    with (
        shared_timings() as timings,
        hub.catalogue() as db,
        serving.listen(host or settings.host, chosen) as listener,
        nullcontext(z3950.OFF)
        if options["no_z3950"]
        else z3950.beside(hub, db, options["z3950_at"], serving.address(listener)) as beside,
    ):
        url = serving.address(listener)
        firstuser.open_door(hub, db, url)
        app = web_app(hub, db, url, "" if options["no_z3950"] else beside.address, timings)
        parts = (
            (background.clock(hub, db), *background.worker_and_teller(hub, db))
            if everything
            else ()
        )
        with background.beside(site_of(app).tally.run, *parts, *beside.parts):
            beside.wait()
            serving.serve(
                app,
                listener,
                threads=settings.threads,
                ready=lambda: click.echo(f"ready http={url} z3950={beside.address}"),
                largest=hub.settings.files.max_bytes + FORM,
            )
