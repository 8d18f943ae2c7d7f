"""``lienthong libraries contacts``: whom the hub's staff write to at a library."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from catalogue.members import contacts
from catalogue.members.model import Contact
from hub.instance import Hub
from hub.options import given, json_option, with_options


@click.group("contacts")
def group() -> None:
    """See and change the contacts of a library."""


@group.command("list")
@click.argument("library")
@json_option
@click.pass_obj
def list_contacts(hub: Hub, library: str, *, as_json: bool) -> None:
    """List the contacts of a library."""
    with hub.catalogue() as db:
        found = contacts.all(db, library)
    if as_json:
        return hub.output.values(found)
    return hub.output.table(
        ("Name", "Role", "Mail", "Phone", "Remarks", "Alerts"),
        (
            (each.name, each.role, each.mail, each.phone, each.notes, " ".join(each.channels))
            for each in found
        ),
    )


_details = with_options(
    click.option("--role", help="What the person or office is there."),
    click.option("--mail", help="The mail address."),
    click.option("--phone", help="The telephone number."),
    click.option("--notes", help="What else to know."),
)


@group.command("add")
@click.argument("library")
@click.argument("name")
@_details
@json_option
@click.pass_obj
def add(hub: Hub, /, library: str, name: str, *, as_json: bool, **details: Any) -> None:
    """Add a contact under a name."""
    with hub.catalogue() as db:
        contacts.add(db, library, replace(Contact(name=name), **given(details)))
        _print(hub, contacts.get(db, library, name), as_json=as_json)


@group.command("change")
@click.argument("library")
@click.argument("name")
@click.option("--name", "new_name", help="Another name.")
@_details
@json_option
@click.pass_obj
def change(
    hub: Hub, /, library: str, name: str, *, new_name: str | None, as_json: bool, **details: Any
) -> None:
    """Change a contact; what is not named stays, and what is given empty is cleared."""
    with hub.catalogue() as db:
        before = contacts.get(db, library, name)
        after = replace(before, **given({**details, "name": new_name}))
        contacts.change(db, library, name, after, before.fingerprint)
        _print(hub, contacts.get(db, library, after.name), as_json=as_json)


@group.command("remove")
@click.argument("library")
@click.argument("name")
@json_option
@click.pass_obj
def remove(hub: Hub, library: str, name: str, *, as_json: bool) -> None:
    """Forget a contact."""
    with hub.catalogue() as db:
        gone = contacts.remove(db, library, name)
    if as_json:
        hub.output.value(gone)


def _print(hub: Hub, each: Contact, *, as_json: bool) -> None:
    if as_json:
        return hub.output.value(each)
    return hub.output.pairs(
        {
            "Name": each.name,
            "Role": each.role,
            "Mail": each.mail,
            "Phone": each.phone,
            "Remarks": each.notes,
            "Alerts": each.channels,
        }
    )
