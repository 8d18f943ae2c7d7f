"""``lienthong libraries groups``: libraries that are a set and a database together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from catalogue.members import groups
from catalogue.members.model import Basis, Group
from hub.harvesting import settle
from hub.instance import Hub
from hub.options import given, json_option, with_options
from web.members import BASES

_BASES = click.Choice([each.value for each in Basis if each])


@click.group("groups")
def group() -> None:
    """Put libraries together in groups, each a set of OAI-PMH and a database to search."""


@group.command("list")
@json_option
@click.pass_obj
def list_groups(hub: Hub, *, as_json: bool) -> None:
    """List the groups."""
    with hub.catalogue() as db:
        found = groups.all(db)
    if as_json:
        return hub.output.values(found)
    return hub.output.table(
        ("Code", "Name", "In common", "Libraries"),
        (
            (each.code, each.name(hub.language), _basis(hub, each), len(each.members))
            for each in found
        ),
    )


@group.command("show")
@click.argument("code")
@json_option
@click.pass_obj
def show(hub: Hub, code: str, *, as_json: bool) -> None:
    """Show a group and who is in it."""
    with hub.catalogue() as db:
        _print(hub, groups.get(db, code), as_json=as_json)


_details = with_options(
    click.option("--name-vi", help="Its name in Vietnamese."),
    click.option("--name-en", help="Its name in English."),
    click.option("--basis", type=_BASES, help="What its libraries have in common."),
)


@group.command("add")
@click.argument("code")
@click.argument("libraries", nargs=-1)
@_details
@json_option
@click.pass_obj
def add(hub: Hub, /, code: str, libraries: tuple[str, ...], *, as_json: bool, **named: Any) -> None:
    """Make a group under a code that no library has, with these libraries in it."""
    wanted = replace(Group(code=code, members=libraries), **_given(named))
    with hub.catalogue() as db:
        groups.add(db, wanted)
        settle(hub, db)
        _print(hub, groups.get(db, code), as_json=as_json)


@group.command("change")
@click.argument("code")
@_details
@json_option
@click.pass_obj
def change(hub: Hub, /, code: str, *, as_json: bool, **named: Any) -> None:
    """Change what a group is called; what is not named stays."""
    with hub.catalogue() as db:
        groups.change(db, replace(groups.get(db, code), **_given(named)))
        _print(hub, groups.get(db, code), as_json=as_json)


@group.command("join")
@click.argument("code")
@click.argument("libraries", nargs=-1, required=True)
@json_option
@click.pass_obj
def join(hub: Hub, code: str, libraries: tuple[str, ...], *, as_json: bool) -> None:
    """Take libraries into a group."""
    with hub.catalogue() as db:
        after = groups.join(db, code, libraries)
        settle(hub, db)
        _print(hub, after, as_json=as_json)


@group.command("leave")
@click.argument("code")
@click.argument("libraries", nargs=-1, required=True)
@json_option
@click.pass_obj
def leave(hub: Hub, code: str, libraries: tuple[str, ...], *, as_json: bool) -> None:
    """Take libraries out of a group."""
    with hub.catalogue() as db:
        after = groups.leave(db, code, libraries)
        settle(hub, db)
        _print(hub, after, as_json=as_json)


@group.command("remove")
@click.argument("code")
@json_option
@click.pass_obj
def remove(hub: Hub, code: str, *, as_json: bool) -> None:
    """Dissolve a group: its set is emptied, its database is gone, its libraries stay."""
    with hub.catalogue() as db:
        gone = groups.remove(db, code)
        settle(hub, db)
    if as_json:
        hub.output.value(gone)


def _given(named: dict[str, Any]) -> dict[str, Any]:
    found = given(named)
    if "basis" in found:
        found["basis"] = Basis(found["basis"])
    return found


def _basis(hub: Hub, each: Group) -> str:
    return hub.translate(BASES[each.basis])


def _print(hub: Hub, each: Group, *, as_json: bool) -> None:
    if as_json:
        return hub.output.value(each)
    return hub.output.pairs(
        {
            "Code": each.code,
            "Name in Vietnamese": each.name_vi,
            "Name in English": each.name_en,
            "In common": _basis(hub, each),
            "Libraries": each.members,
        }
    )
