"""``lienthong live``: one query to the union and to servers that are asked while one waits."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from catalogue.contents import Master
from catalogue.database import Database
from crosswalks.model import Record
from hub.basket import BasketFormat, put
from hub.commands.search import queried
from hub.errors import NotInTheList
from hub.instance import Hub
from hub.live import live_targets
from hub.options import json_option
from hub.output import harmless
from provider.federation.model import Asked, Limits, Publication, Sight, State
from provider.federation.search import search
from provider.lookup import Lookup
from web.live import told

_FORMATS = click.Choice([each.value for each in BasketFormat])


@click.command("live")
@click.argument("words", nargs=-1)
@click.option("--field", multiple=True, metavar="NAME=WORDS", help="Words of one field only.")
@click.option("--cql", default="", metavar="QUERY", help="A query in CQL.")
@click.option("--pqf", default="", metavar="QUERY", help="A query in PQF, with Bib-1.")
@click.option(
    "--target",
    "named",
    multiple=True,
    metavar="SOURCE|URL",
    help="Ask this source or address; again for more. Default: all sources that are searched.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(0.1, 120),
    default=5.0,
    show_default=True,
    help="How long a server may take.",
)
@click.option(
    "--records",
    type=click.IntRange(1, 500),
    default=20,
    show_default=True,
    help="Fetched of each server.",
)
@click.option("--facets", is_flag=True, help="Count what the servers have by kind, year and so on.")
@click.option("--pick", multiple=True, type=int, metavar="N", help="Save number N of the list.")
@click.option(
    "--save", type=click.Path(dir_okay=False, path_type=Path), help="File that picks are added to."
)
@click.option("--format", "form", type=_FORMATS, default="marc", help="Format of that file.")
@json_option
@click.pass_obj
def command(hub: Hub, /, *, as_json: bool, **given: Any) -> None:
    """Search the union and live servers at once; what is in the union already is marked."""
    query = queried(given["words"], given["field"], given["cql"], given["pqf"])
    limits = Limits(seconds=given["seconds"], records=given["records"])
    if bool(given["pick"]) != bool(given["save"]):
        raise click.UsageError(hub.translate("Give --pick and --save together."))
    with hub.catalogue() as db:
        targets = live_targets(hub, db, given["named"], limits.seconds)
        last = _watch(hub, db, Asked(query=query, limits=limits), targets, as_json=as_json)
        if as_json:
            hub.output.values(_plain(each) for each in last.publications)
        else:
            _show(hub, last)
            if given["facets"]:
                _show_facets(hub, last)
        if given["pick"]:
            _save(hub, db, last, given)


def _watch(hub: Hub, db: Database, asked: Asked, targets: list[Any], *, as_json: bool) -> Sight:
    """Tell of each server as it is through; return what was found in the end."""
    through: set[str] = set()
    shown: set[str] = set()
    for sight in search(db, asked, targets):
        for status in sight.statuses:
            if status.state is not State.ASKING and status.target not in through:
                through.add(status.target)
                click.echo(harmless(told(status, hub.translate)), err=True)
        if not (as_json or sight.is_last):
            _show_first(sight, shown)
    return sight


def _show_first(sight: Sight, shown: set[str]) -> None:
    """Show what came now: the list with its numbers comes when all is known."""
    for each in sight.publications:
        line = f"{each.title} / {each.author} {each.year}".strip(" /")
        if each.copies and line not in shown:
            shown.add(line)
            click.echo(harmless(f"  {line} ({', '.join(each.targets)})"), err=True)


def _show(hub: Hub, last: Sight) -> None:
    rows = (
        (
            number,
            each.title,
            each.author,
            each.year,
            each.public_id or "",
            ", ".join(each.targets),
        )
        for number, each in enumerate(last.publications, 1)
    )
    hub.output.table(("No.", "Title", "Author", "Year", "In the union", "Servers"), rows)
    hub.output.notice(
        "Publications: {count}; found in the union: {total}",
        count=len(last.publications),
        total=last.total,
    )


def _show_facets(hub: Hub, last: Sight) -> None:
    hub.output.table(
        ("Facet", "Value", "Found"),
        ((name.value, one.value, one.hits) for name, values in last.facets for one in values),
    )


def _plain(each: Publication) -> dict[str, Any]:
    return {
        "title": each.title,
        "author": each.author,
        "year": each.year,
        "union": each.public_id,
        "found_in_union": each.is_hit,
        "targets": list(each.targets),
        "copies": [
            {"target": one.target, "position": one.position, "identifier": one.identifier}
            for one in each.copies
        ],
    }


def _save(hub: Hub, db: Database, last: Sight, given: dict[str, Any]) -> None:
    picked = [_picked(last, number) for number in given["pick"]]
    union = Lookup(db).records([each.public_id for each in picked if each.public_id])
    records = [_record(union, each) for each in picked]
    new, held = put(given["save"], records, BasketFormat(given["form"]))
    hub.output.notice(
        "{new} records were added to {path}, which has {held} now.",
        new=new,
        path=given["save"],
        held=held,
    )


def _picked(last: Sight, number: int) -> Publication:
    if not 1 <= number <= len(last.publications):
        raise NotInTheList(number=number, count=len(last.publications))
    return last.publications[number - 1]


def _record(union: Mapping[str, Master], each: Publication) -> Record:
    """Return the union's record where it has one: it is merged of all; else the first server's."""
    if each.public_id in union:
        return union[each.public_id].record
    return each.copies[0].record
