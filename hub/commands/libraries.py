"""``lienthong libraries``: the member libraries."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

import click

from catalogue import libraries
from catalogue.database import Database
from catalogue.members import groups, kinds
from catalogue.members.model import Days, days_of
from catalogue.members.text import today
from catalogue.model import Library, Sharing
from hub.harvesting import settle
from hub.instance import Hub
from hub.options import json_option, with_options
from web.hidden import WORDS
from web.members import DAYS

_SHARING = click.Choice([level.value for level in Sharing])


@click.group("libraries")
def group() -> None:
    """Show and change the member libraries."""


@group.command("list")
@json_option
@click.pass_obj
def list_libraries(hub: Hub, *, as_json: bool) -> None:
    """List the member libraries."""
    with hub.catalogue() as db:
        found = libraries.all(db)
    if as_json:
        return hub.output.values(found)
    rows = (
        (
            *(one.code, one.name, kinds.name_of(one.kind, hub.language), one.region),
            *(hub.translate(one.sharing), hub.translate(DAYS[_days(hub, one)])),
        )
        for one in found
    )
    return hub.output.table(
        ("Code", "Name", "Type", "Region", "Sharing", "Days of membership"), rows
    )


@group.command("show")
@click.argument("code")
@json_option
@click.pass_obj
def show(hub: Hub, code: str, *, as_json: bool) -> None:
    """Show one library, by its code or one of its aliases."""
    with hub.catalogue() as db:
        _print(hub, db, code, as_json=as_json)


_details = with_options(
    click.option("--name", help="The library's name."),
    click.option("--kind", help="Type of library: a code or name, such as university."),
    click.option("--region", help="Province or region."),
    click.option("--sharing", type=_SHARING, help="With whom its records are shared."),
    click.option("--alias", "aliases", multiple=True, help="Another code, such as an ISIL."),
    click.option("--valid-from", help="First day of membership (YYYY-MM-DD)."),
    click.option("--valid-to", help="Last day of membership (YYYY-MM-DD)."),
    click.option("--successor", help="Code of the library that took over."),
    click.option("--fields", help="Fields shared beyond the hub's staff, such as '1XX 245'."),
    click.option("--licence", help="Licence of its records, such as CC0-1.0 or CC-BY-NC-4.0."),
    click.option("--rights", help="Its rights statement, in its own words."),
)


@group.command("add")
@click.argument("code")
@_details
@json_option
@click.pass_obj
def add(hub: Hub, /, code: str, *, as_json: bool, **details: Any) -> None:
    """Add a member library under a code of its own."""
    with hub.catalogue() as db:
        libraries.add(db, Library(code=code, **_given(details)))
        _print(hub, db, code, as_json=as_json)


@group.command("change")
@click.argument("code")
@_details
@json_option
@click.pass_obj
def change(hub: Hub, /, code: str, *, as_json: bool, **details: Any) -> None:
    """Change what is said about a library; what is not named stays."""
    with hub.catalogue() as db:
        before = libraries.get(db, code)
        after = libraries.change(db, code, **_given(details))
        if after != before:
            settle(hub, db)
        _print(hub, db, code, as_json=as_json)


def _given(details: dict[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in details.items() if value not in (None, ())}
    if "sharing" in given:
        given["sharing"] = Sharing(given["sharing"])
    return given


def _days(hub: Hub, library: Library) -> Days:
    """Return how today lies to a membership."""
    day = today(ZoneInfo(hub.settings.scheduler.time_zone))
    return days_of(library.valid_from, library.valid_to, day)


def _print(hub: Hub, db: Database, code: str, *, as_json: bool) -> None:
    library = libraries.get(db, code)
    grouped = [each.code for each in groups.all(db) if library.code in each.members]
    if as_json:
        told = {"groups": grouped, "membership": _days(hub, library)}
        return hub.output.value({**asdict(library), **told})
    return hub.output.pairs(
        {
            "Code": library.code,
            "Name": library.name,
            "Type": kinds.name_of(library.kind, hub.language),
            "Region": library.region,
            "Groups": grouped,
            "Sharing": hub.translate(library.sharing),
            "Aliases": library.aliases,
            "Valid from": library.valid_from,
            "Valid to": library.valid_to,
            "Days of membership": hub.translate(DAYS[_days(hub, library)]),
            "Successor": library.successor,
            "Standing": hub.translate(WORDS[library.standing]),
            "Fields shared": library.fields,
            "Licence": library.licence,
            "Rights": library.rights,
        }
    )
