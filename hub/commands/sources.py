"""``lienthong sources``: the endpoints of the member libraries."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from catalogue import credentials, crosswalks, sources
from catalogue.database import Database
from catalogue.model import Source
from hub import maintenance
from hub.commands import credentials as credentials_commands
from hub.commands import sourcefiles, sourcetest, sourcetext, succeed
from hub.harvesting import credentials_key, settle
from hub.instance import Hub
from hub.options import json_option
from hub.sourcecheck import check
from hub.sourceoptions import in_words, setting_options, with_settings
from web import schedules

_signing_in = click.option(
    "--credentials-from",
    "login",
    metavar="FILE",
    help="File with user:password or a token on its first line, kept under the source's name.",
)


@click.group("sources")
def group() -> None:
    """Show and change the endpoints that are harvested."""


@group.command("list")
@json_option
@click.pass_obj
def list_sources(hub: Hub, *, as_json: bool) -> None:
    """List the sources."""
    with hub.catalogue() as db:
        found = sources.all(db)
        maintenance.tell(hub, db)
    if as_json:
        return hub.output.values(found)
    say = hub.translate
    paused = say("paused")
    rows = (
        (
            one.name,
            one.library,
            one.protocol,
            one.prefix,
            one.sets,
            paused if one.paused else one.schedule and schedules.in_words(one.schedule, say),
            one.url,
        )
        for one in found
    )
    headings = ("Name", "Library", "Protocol", "Prefix", "Sets", "Schedule", "URL")
    return hub.output.table(headings, rows)


@group.command("show")
@click.argument("name")
@json_option
@click.pass_obj
def show(hub: Hub, name: str, *, as_json: bool) -> None:
    """Show one source."""
    with hub.catalogue() as db:
        _print(hub, sources.get(db, name), as_json=as_json)


@group.command("add")
@click.argument("name")
@click.option("--protocol", required=True, help="oai-pmh, sru, z3950 or file.")
@click.option("--url", required=True, help="The endpoint's address.")
@click.option("--library", required=True, help="Code of the library; a new one is created.")
@setting_options
@_signing_in
@json_option
@click.pass_obj
def add(hub: Hub, /, *, login: str | None, as_json: bool, **given: Any) -> None:
    """Add an endpoint of a library under a name of its own."""
    signed = credentials_commands.from_file(given["name"], login)
    if signed:
        given["credentials"] = signed.name
    bare = {name: given.pop(name) for name in ("name", "protocol", "url", "library")}
    source = with_settings(Source(**bare), given)
    with hub.catalogue() as db:
        source = check(source, crosswalks.shelf(db).into_pivot())
        added = sources.add(db, source)
        if signed:
            credentials.put(db, credentials_key(hub), signed)
        if added:
            hub.output.notice(
                "Library {code} was not known and has been added.", code=source.library
            )
        _say_what_is_missing(hub, db, source)
        _print(hub, sources.get(db, source.name), as_json=as_json)


@group.command("change")
@click.argument("name")
@click.option("--protocol", help="oai-pmh, sru, z3950 or file.")
@click.option("--url", help="The endpoint's address.")
@setting_options
@_signing_in
@click.option(
    "--same-list", is_flag=True, help="The new address gives the old list: go on where it was."
)
@json_option
@click.pass_obj
def change(
    hub: Hub, /, name: str, *, login: str | None, same_list: bool, as_json: bool, **given: Any
) -> None:
    """Change a source's settings; what is not named stays, and so do its records."""
    signed = credentials_commands.from_file(name, login)
    if signed:
        given["credentials"] = signed.name
    with hub.catalogue() as db:
        before = sources.get(db, name)
        after = check(with_settings(before, given), crosswalks.shelf(db).into_pivot())
        sources.change(db, after, same_list=same_list)
        if signed:
            credentials.put(db, credentials_key(hub), signed)
        if after.weight != before.weight:
            settle(hub, db)
        _say_what_is_missing(hub, db, after)
        _print(hub, sources.get(db, name), as_json=as_json)


@group.command("pause")
@click.argument("name")
@json_option
@click.pass_obj
def pause(hub: Hub, name: str, *, as_json: bool) -> None:
    """Leave a source alone until it is resumed; by hand it can still be harvested."""
    _set_paused(hub, name, paused=True, as_json=as_json)


@group.command("resume")
@click.argument("name")
@json_option
@click.pass_obj
def resume(hub: Hub, name: str, *, as_json: bool) -> None:
    """Let a paused source be harvested by its schedule again."""
    _set_paused(hub, name, paused=False, as_json=as_json)


def _set_paused(hub: Hub, name: str, *, paused: bool, as_json: bool) -> None:
    with hub.catalogue() as db:
        sources.change(db, replace(sources.get(db, name), paused=paused))
        _print(hub, sources.get(db, name), as_json=as_json)


def _say_what_is_missing(hub: Hub, db: Database, source: Source) -> None:
    name = source.connection.credentials
    if name and name not in {each.name for each in credentials.all(db)}:
        hub.output.notice(
            "There are no credentials named {name} yet. Keep them with:"
            " lienthong sources credentials set {name}",
            name=name,
        )


def _print(hub: Hub, source: Source, *, as_json: bool) -> None:
    if as_json:
        return hub.output.value(source)
    return hub.output.pairs(
        {
            "Name": source.name,
            "Library": source.library,
            "Protocol": source.protocol,
            "URL": source.url,
            "Prefix": source.prefix,
            "Sets": source.sets,
            "Crosswalk": source.crosswalk,
            "Encoding": sourcetext.in_words(source),
            "Weight": source.weight,
            "Schedule": source.schedule and schedules.in_words(source.schedule, hub.translate),
            "Paused": hub.translate("yes") if source.paused else "",
            "Takes over from": source.succeeds,
            "Has been succeeded by": source.successor,
            "Suppressed if": source.suppress,
            "Connection": in_words(source, "connection"),
            "Listing": in_words(source, "listing"),
            "Guards": in_words(source, "guards"),
            "Files": in_words(source, "files"),
            "Searching": in_words(source, "search"),
        }
    )


group.add_command(sourcefiles.export)
group.add_command(sourcefiles.apply)
group.add_command(sourcetest.command)
group.add_command(succeed.command)
group.add_command(sourcetext.command)
group.add_command(credentials_commands.group)
