"""``lienthong libraries improved``: what a library gets back."""

from __future__ import annotations

from pathlib import Path

import click

from catalogue.errors import WrongUse
from catalogue.improved import giving
from catalogue.model import Sharing
from catalogue.querysets.defining import views
from crosswalks.errors import Said
from hub.filing import outgoing
from hub.instance import Hub
from hub.options import json_option
from web.marcfiles import TYPES, written


@click.command("improved")
@click.argument("code")
@click.option(
    "--view",
    type=click.Choice([level.value for level in Sharing]),
    help="Whose sight of the union it is made of; default: the members' where there is one.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a file for the library's system: .mrc or .xml.",
)
@json_option
@click.pass_obj
def improved(hub: Hub, code: str, view: str | None, output: Path | None, *, as_json: bool) -> None:
    """Tell which of a library's records the union has better, as it can load them."""
    form = output.suffix.removeprefix(".") if output else ""
    if output and form not in TYPES:
        raise WrongUse(reason=Said("name a file that ends in .mrc or .xml", {}))
    with hub.catalogue() as db:
        view = view or giving.members_view(db)
        if view not in views(db):
            raise WrongUse(reason=Said("nobody sees the union as {view}", {"view": view}))
        found = giving.records(db, code, view, hub.identity())
        if output is not None:
            with outgoing(str(output)) as out:
                out.writelines(written(found, form))
            return hub.output.notice("Written to {path}.", path=output)
        rows = [(each.control("001"), next(iter(each.values("245", "a")), "")) for each in found]
    if as_json:
        return hub.output.values({"number": number, "title": title} for number, title in rows)
    return hub.output.table(("Record number", "Title"), rows)
