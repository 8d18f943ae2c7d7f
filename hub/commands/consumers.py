"""``lienthong consumers``: who takes the catalogue with a key, and what was taken."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from catalogue.clock import told
from catalogue.consumers import store, usage
from catalogue.consumers.model import Consumer
from catalogue.database import Database
from catalogue.model import Sharing
from hub.instance import Hub
from hub.options import json_option, limit_option, with_options

_VIEWS = click.Choice([level.value for level in Sharing if level is not Sharing.HUB])


@click.group("consumers")
def group() -> None:
    """Give keys to services that take the catalogue, and see what they took."""


@group.command("list")
@json_option
@click.pass_obj
def list_consumers(hub: Hub, *, as_json: bool) -> None:
    """List those who have a key; the keys themselves are not kept."""
    with hub.catalogue() as db:
        found = store.all(db)
    if as_json:
        return hub.output.values(_plain(each) for each in found)
    return hub.output.table(
        (
            "Name",
            "Title",
            "Library",
            "Sees",
            "Sets",
            "Formats",
            "Requests a minute",
            "Has a key since",
        ),
        (
            (
                each.name,
                each.title,
                each.library,
                hub.translate(each.view),
                " ".join(each.sets),
                " ".join(each.prefixes),
                each.per_minute or "",
                told(each.created)[:10],
            )
            for each in found
        ),
    )


def _plain(each: Consumer) -> dict[str, Any]:
    return {
        "name": each.name,
        "title": each.title,
        "library": each.library or None,
        "view": each.view.value,
        "sets": list(each.sets),
        "formats": list(each.prefixes),
        "per_minute": each.per_minute,
        "created": told(each.created),
    }


_details = with_options(
    click.option("--title", help="What people call it."),
    click.option("--library", help="Code of the member that it works for."),
    click.option("--view", type=_VIEWS, help="Whose records it sees; default: public."),
    click.option("--set", "sets", multiple=True, help="Only this set; again for more."),
    click.option("--format", "prefixes", multiple=True, help="Only this format; again for more."),
    click.option("--per-minute", type=click.IntRange(min=0), help="Requests a minute."),
)


@group.command("add")
@click.argument("name")
@_details
@json_option
@click.pass_obj
def add(hub: Hub, /, name: str, *, as_json: bool, **details: Any) -> None:
    """Give a service a key, which is shown once."""
    with hub.catalogue() as db:
        key = store.add(db, replace(Consumer(name=name), **_given(details)))
        _show_key(hub, db, name, key, as_json=as_json)


@group.command("change")
@click.argument("name")
@_details
@click.option("--no-library", is_flag=True, help="It works for no member any more.")
@click.option("--all-sets", is_flag=True, help="It may harvest every set again.")
@click.option("--all-formats", is_flag=True, help="It may harvest every format again.")
@json_option
@click.pass_obj
def change(hub: Hub, /, name: str, *, as_json: bool, **details: Any) -> None:
    """Change what a consumer sees and may take; what is not named stays."""
    lifted = {"sets": details.pop("all_sets"), "prefixes": details.pop("all_formats")}
    is_alone = details.pop("no_library")
    given = _given(details) | {what: () for what, is_all in lifted.items() if is_all}
    given |= {"library": ""} if is_alone else {}
    with hub.catalogue() as db:
        store.change(db, replace(store.get(db, name), **given))
        if as_json:
            hub.output.value(_plain(store.get(db, name)))


@group.command("key")
@click.argument("name")
@json_option
@click.pass_obj
def key(hub: Hub, name: str, *, as_json: bool) -> None:
    """Give a consumer another key; the one before is void."""
    with hub.catalogue() as db:
        _show_key(hub, db, name, store.renew_key(db, name), as_json=as_json)


@group.command("remove")
@click.argument("name")
@json_option
@click.pass_obj
def remove(hub: Hub, name: str, *, as_json: bool) -> None:
    """Make a consumer's key void; what it took stays in the figures."""
    with hub.catalogue() as db:
        gone = store.get(db, name)
        store.remove(db, name)
        if as_json:
            hub.output.value(_plain(gone))


@group.command("usage")
@click.argument("name", required=False)
@click.option("--lists", is_flag=True, help="Which lists were harvested, and whether to their end.")
@limit_option
@json_option
@click.pass_obj
def show_usage(hub: Hub, /, name: str | None, *, lists: bool, limit: int, as_json: bool) -> None:
    """Show what was taken, day by day; without NAME by all, those without a key too."""
    with hub.catalogue() as db:
        if name is not None:
            store.get(db, name)
        if lists:
            return _show_lists(hub, db, name, limit, as_json=as_json)
        days = usage.days(db, name, limit)
    if as_json:
        return hub.output.values(day._asdict() for day in days)
    return hub.output.table(
        ("Day", "Consumer", "Door", "Requests", "Records", "Bytes"),
        (
            (day.day, day.consumer or "-", day.door, day.requests, day.records, day.octets)
            for day in days
        ),
    )


def _show_lists(hub: Hub, db: Database, name: str | None, limit: int, *, as_json: bool) -> None:
    found = usage.harvests(db, name, limit)
    rows = [
        {
            "consumer": each.consumer,
            "verb": each.page.verb,
            "format": each.page.prefix,
            "set": each.page.set_spec,
            "from": told(each.page.start) if each.page.start else "",
            "latest": told(each.latest),
            "given": each.page.reached,
            "size": each.page.size,
            "complete": each.is_complete,
        }
        for each in found
    ]
    if as_json:
        return hub.output.values(rows)
    return hub.output.table(
        (
            "Consumer",
            "Format",
            "OAI set",
            "From",
            "Last page",
            "Records given",
            "In all",
            "Complete",
        ),
        (
            (
                *(row[each] for each in ("consumer", "format", "set", "from", "latest")),
                *(row["given"], row["size"]),
                hub.translate("yes") if row["complete"] else hub.translate("no"),
            )
            for row in rows
        ),
    )


def _given(details: dict[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in details.items() if value not in (None, ())}
    if "view" in given:
        given["view"] = Sharing(given["view"])
    return given


def _show_key(hub: Hub, db: Database, name: str, key: str, *, as_json: bool) -> None:
    if as_json:
        hub.output.value({**_plain(store.get(db, name)), "key": key})
        return
    hub.output.notice("The key of {name}, which is shown this once:", name=name)
    hub.output.line(key)
    view = store.get(db, name).view
    if view is not Sharing.PUBLIC:
        hub.output.notice(
            "It sees what is shared with: {view}. Where nobody had this view before, a worker"
            " fills it in the background.",
            view=hub.translate(view),
        )
