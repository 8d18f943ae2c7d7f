"""``lienthong serve``: the public pages, those of staff, and OAI-PMH, over HTTP."""

from __future__ import annotations

import click

from hub import background, firstuser, serving
from hub.instance import Hub
from hub.webapp import web_app
from web.staff.uploads import FORM


@click.command("serve")
@click.option("--host", help="Address to listen on; default: [serve] host.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 takes a free one.")
@click.option("--all", "everything", is_flag=True, help="Run a worker and the clock too.")
@click.pass_obj
def command(hub: Hub, *, host: str | None, port: int | None, everything: bool) -> None:
    """Serve the public pages, the staff pages and OAI-PMH until stopped with Ctrl-C."""
    settings = hub.settings.serve
    chosen = settings.port if port is None else port
    with hub.catalogue() as db, serving.listen(host or settings.host, chosen) as listener:
        url = serving.address(listener)
        firstuser.ensure(hub, db, url)
        parts = [background.clock(hub, db), background.worker(hub, db)] if everything else []
        with background.beside(*parts):
            serving.serve(
                web_app(hub, db, url),
                listener,
                threads=settings.threads,
                ready=lambda: click.echo(f"ready http={url} z3950=off"),
                largest=hub.settings.files.max_bytes + FORM,
            )
