"""``lienthong search``: find clusters of the union catalogue by words."""

from __future__ import annotations

import click

from catalogue import search
from hub.instance import Hub
from hub.options import GREATEST, json_option, limit_option


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--offset",
    type=click.IntRange(min=0, max=GREATEST),
    default=0,
    help="Leave out the first ones.",
)
@limit_option
@json_option
@click.pass_obj
def command(hub: Hub, /, words: tuple[str, ...], *, as_json: bool, limit: int, offset: int) -> None:
    """Search the union catalogue; marks may be left out."""
    with hub.catalogue() as db:
        found = search.search(db, " ".join(words), limit=limit, offset=offset)
    if as_json:
        return hub.output.values(found.hits)
    rows = ((hit.public_id, hit.title, hit.author, hit.year, hit.libraries) for hit in found.hits)
    hub.output.table(("ID", "Title", "Author", "Year", "Libraries"), rows)
    return hub.output.notice("Found: {total}", total=found.total)
