"""``lienthong tickets``: errors that readers reported, and what becomes of them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from catalogue.clock import told
from catalogue.tickets import looking, working
from catalogue.tickets.model import By, State, Ticket, Wanted, Whole
from hub.commands.crosswalk import author_option
from hub.crosswalks import author_of
from hub.instance import Hub
from hub.options import GREATEST, json_option, limit_option
from web.tickets import KINDS, STATES

_ALL = "all"
_STATES = [*(each.value for each in State), _ALL]
_ENDS = [each.value for each in State if each.is_closed]
_number = click.argument("number", type=click.IntRange(1, GREATEST))


@click.group("tickets")
def group() -> None:
    """See what readers reported is wrong with records, and close it."""


@group.command("list")
@click.option("--state", type=click.Choice(_STATES), help="Only of this state, or all.")
@click.option("--library", default="", help="Only those that concern this library.")
@click.option(
    "--before", type=click.IntRange(1, GREATEST), help="Only those with a smaller number."
)
@limit_option
@json_option
@click.pass_obj
def list_tickets(
    hub: Hub, /, state: str | None, library: str, *, as_json: bool, **page: Any
) -> None:
    """List reports, the newest first: those to be worked on, unless a state is named."""
    of = State(state) if state and state != _ALL else None
    wanted = Wanted(state=of, finished=state == _ALL, library=library, **page)
    with hub.catalogue() as db:
        found = looking.listing(db, wanted)
    if as_json:
        return hub.output.values(map(asdict, found))
    return hub.output.table(
        ("Number", "State", "Record", "Title", "Libraries", "Reported", "What is wrong"),
        [_row(hub, each) for each in found],
    )


@group.command("show")
@_number
@json_option
@click.pass_obj
def show(hub: Hub, number: int, *, as_json: bool) -> None:
    """Show a report, the records it is about, and what was done."""
    with hub.catalogue() as db:
        found = looking.get(db, number)
    _print(hub, found, as_json=as_json)


@group.command("close")
@_number
@click.option("--state", type=click.Choice(_ENDS), required=True, help="What became of it.")
@click.option("--answer", default="", help="What the reader is told, if there is an address.")
@author_option
@json_option
@click.pass_obj
def close(hub: Hub, /, number: int, *, as_json: bool, **given: str) -> None:
    """Close a report; the reader who left an address is told by mail."""
    with hub.catalogue() as db:
        by = By(person=author_of(hub, given["author"]))
        working.move(db, number, State(given["state"]), given["answer"], by)
        found = looking.get(db, number)
    _print(hub, found, as_json=as_json)


def _print(hub: Hub, found: Whole, *, as_json: bool) -> None:
    if as_json:
        return hub.output.value(asdict(found))
    ticket, say = found.ticket, hub.translate
    hub.output.pairs(
        {
            "Number": ticket.id,
            "State": say(STATES[ticket.state]),
            "Record": ticket.record,
            "Title": ticket.title,
            "What is wrong": say(KINDS[ticket.kind]),
            "In the words of the reader": ticket.text,
            "Reported": told(ticket.opened),
            "Libraries": [each.code for each in ticket.libraries],
            "Records": [f"{each.source}/{each.identifier}" for each in found.parts],
            "Answer": ticket.answer,
        }
    )
    return hub.output.table(
        ("Time", "State", "Done by", "Library", "Note"),
        [
            (told(each.at), say(STATES[each.state]), each.person, each.library, each.note)
            for each in found.events
        ],
    )


def _row(hub: Hub, each: Ticket) -> tuple[object, ...]:
    say = hub.translate
    return (
        *(each.id, say(STATES[each.state]), each.record, each.title),
        " ".join(one.code for one in each.libraries),
        *(told(each.opened), say(KINDS[each.kind])),
    )
