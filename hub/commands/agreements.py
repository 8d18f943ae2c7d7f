"""``lienthong libraries agreements``: what was signed with a library, now and before."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any
from zoneinfo import ZoneInfo

import click

from catalogue.members import agreements
from catalogue.members.model import Agreement
from catalogue.members.text import today
from hub.instance import Hub
from hub.options import given, json_option, with_options


@click.group("agreements")
def group() -> None:
    """See and change the agreements with a library."""


@group.command("list")
@click.argument("library")
@json_option
@click.pass_obj
def list_agreements(hub: Hub, library: str, *, as_json: bool) -> None:
    """List the agreements with a library, the latest first."""
    with hub.catalogue() as db:
        found = agreements.all(db, library)
    if as_json:
        return hub.output.values(_plain(hub, each) for each in found)
    return hub.output.table(
        ("Number", "Signed", "From", "Until", "Scope", "In force"),
        (
            (
                *(each.number, each.signed, each.begins, each.valid_to, each.scope),
                _is_held(hub, each),
            )
            for each in found
        ),
    )


_details = with_options(
    click.option("--signed", help="The day on which it was signed (YYYY-MM-DD)."),
    click.option("--scope", help="What was agreed, in words."),
    click.option("--valid-from", help="Its first day, if not the one on which it was signed."),
    click.option("--valid-to", help="Its last day (YYYY-MM-DD)."),
    click.option("--reference", help="Where the document is kept."),
    click.option("--note", help="What else to know."),
)


@group.command("add")
@click.argument("library")
@click.argument("number")
@_details
@json_option
@click.pass_obj
def add(hub: Hub, /, library: str, number: str, *, as_json: bool, **details: Any) -> None:
    """Add an agreement under its number; of a library's one is in force at a time."""
    with hub.catalogue() as db:
        agreements.add(db, library, replace(Agreement(number=number), **given(details)))
        _print(hub, agreements.get(db, library, number), as_json=as_json)


@group.command("change")
@click.argument("library")
@click.argument("number")
@click.option("--number", "new_number", help="Another number.")
@_details
@json_option
@click.pass_obj
def change(
    hub: Hub, /, library: str, number: str, *, new_number: str | None, as_json: bool, **details: Any
) -> None:
    """Change an agreement; what is not named stays, and what is given empty is cleared."""
    with hub.catalogue() as db:
        before = agreements.get(db, library, number)
        after = replace(before, **given({**details, "number": new_number}))
        agreements.change(db, library, number, after, before.fingerprint)
        _print(hub, agreements.get(db, library, after.number), as_json=as_json)


@group.command("remove")
@click.argument("library")
@click.argument("number")
@json_option
@click.pass_obj
def remove(hub: Hub, library: str, number: str, *, as_json: bool) -> None:
    """Forget an agreement that was entered by mistake; one that ended is kept."""
    with hub.catalogue() as db:
        gone = agreements.remove(db, library, number)
    if as_json:
        hub.output.value(_plain(hub, gone))


def _holds(hub: Hub, each: Agreement) -> bool:
    return each.holds(today(ZoneInfo(hub.settings.scheduler.time_zone)))


def _is_held(hub: Hub, each: Agreement) -> str:
    return hub.translate("yes" if _holds(hub, each) else "no")


def _plain(hub: Hub, each: Agreement) -> dict[str, Any]:
    return {**asdict(each), "in_force": _holds(hub, each)}


def _print(hub: Hub, each: Agreement, *, as_json: bool) -> None:
    if as_json:
        return hub.output.value(_plain(hub, each))
    return hub.output.pairs(
        {
            "Number": each.number,
            "Signed": each.signed,
            "From": each.begins,
            "Until": each.valid_to,
            "Scope": each.scope,
            "Document": each.reference,
            "Remarks": each.note,
            "In force": _is_held(hub, each),
        }
    )
