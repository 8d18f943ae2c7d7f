"""``lienthong sets``: sets of OAI-PMH that staff define by a query."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from catalogue.database import Database
from catalogue.querysets import defining, members
from catalogue.querysets.model import Language, QuerySet
from hub.errors import NoQuery
from hub.instance import Hub
from hub.options import json_option, with_options
from web.language import mark

_KNOWN = mark("complete")
_BEING_FOUND = mark("being found")


@click.group("sets")
def group() -> None:
    """Define the sets that harvesters can ask for by a query."""


@group.command("list")
@json_option
@click.pass_obj
def list_sets(hub: Hub, *, as_json: bool) -> None:
    """List the sets that are defined by a query, and how many records the public sees in each."""
    with hub.catalogue() as db:
        found, sizes = defining.all(db), defining.sizes(db)
    if as_json:
        return hub.output.values(_plain(each, sizes.get(each.name, 0)) for each in found)
    return hub.output.table(
        ("OAI set", "Title", "Query", "Records", "State"),
        (
            (
                each.spec,
                each.title,
                f"{each.language.value}: {each.query}",
                sizes.get(each.name, 0),
                hub.translate(_KNOWN if each.known else _BEING_FOUND),
            )
            for each in found
        ),
    )


def _plain(each: QuerySet, size: int) -> dict[str, Any]:
    return {
        "spec": each.spec,
        "name": each.name,
        "title": each.title,
        "language": each.language.value,
        "query": each.query,
        "description": each.description,
        "records": size,
        "complete": each.known,
    }


_details = with_options(
    click.option("--title", help="What people call it."),
    click.option("--description", help="What it holds, for those who harvest it."),
    click.option("--words", default="", help="It holds what these words find."),
    click.option("--cql", default="", metavar="QUERY", help="Or what a query in CQL finds."),
    click.option("--pqf", default="", metavar="QUERY", help="Or what a query in PQF finds."),
)


@group.command("add")
@click.argument("name")
@_details
@json_option
@click.pass_obj
def add(hub: Hub, /, name: str, *, as_json: bool, **given: Any) -> None:
    """Define a set: harvesters ask for it as query:NAME."""
    queries = _queries(given)
    if len(queries) != 1:
        raise NoQuery
    [(language, query)] = queries
    wanted = QuerySet(
        name=name,
        title=given["title"] or name,
        description=given["description"] or "",
        language=language,
        query=query,
    )
    with hub.catalogue() as db:
        defining.add(db, wanted)
        _find(hub, db, name, as_json=as_json)


@group.command("change")
@click.argument("name")
@_details
@json_option
@click.pass_obj
def change(hub: Hub, /, name: str, *, as_json: bool, **given: Any) -> None:
    """Change what a set is; what is not named stays."""
    queries = _queries(given)
    if len(queries) > 1:
        raise NoQuery
    with hub.catalogue() as db:
        wanted = defining.get(db, name)
        for language, query in queries:
            wanted = replace(wanted, language=language, query=query)
        for told in ("title", "description"):
            if given[told] is not None:
                wanted = replace(wanted, **{told: given[told]})
        defining.change(db, wanted)
        _find(hub, db, name, as_json=as_json)


@group.command("remove")
@click.argument("name")
@json_option
@click.pass_obj
def remove(hub: Hub, name: str, *, as_json: bool) -> None:
    """Have all records leave a set; those who harvest it are told."""
    with hub.catalogue() as db:
        gone = defining.get(db, name)
        defining.remove(db, name)
        _walk(hub, db)
    if as_json:
        return hub.output.value(_plain(gone, 0))
    return hub.output.notice("Set {name} is removed: all records have left it.", name=name)


def _queries(given: dict[str, Any]) -> list[tuple[Language, str]]:
    return [(each, given[each.value]) for each in Language if given[each.value]]


def _find(hub: Hub, db: Database, name: str, *, as_json: bool) -> None:
    _walk(hub, db)
    found, size = defining.get(db, name), defining.sizes(db).get(name, 0)
    if as_json:
        return hub.output.value(_plain(found, size))
    return hub.output.notice("Set {spec} holds {records} records.", spec=found.spec, records=size)


def _walk(hub: Hub, db: Database) -> None:
    """Go through the catalogue; who has no time for that leaves it to the workers by Ctrl-C."""
    if members.does_wait(db):
        hub.output.notice("Going through the catalogue; the workers go on if this is stopped.")
    while members.does_wait(db):
        members.walk(db)
