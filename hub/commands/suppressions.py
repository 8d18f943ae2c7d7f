"""``lienthong suppressions``: what staff hide from all doors."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Any

import click

from catalogue.clock import told
from catalogue.cluster.place import place_first
from catalogue.membership import suppressing
from catalogue.membership.hiding import Kind
from catalogue.membership.standing import By
from catalogue.membership.suppressing import Suppression, Target
from hub.commands.crosswalk import author_option
from hub.crosswalks import author_of
from hub.harvesting import timetable_of
from hub.instance import Hub
from hub.options import GREATEST, json_option, limit_option
from scheduler.moments import moment
from web.hidden import KINDS

_KINDS = click.Choice([each.value for each in Kind])


@click.group("suppressions")
def group() -> None:
    """Hide records, fields and clusters from all doors, and show them again."""


@group.command("list")
@click.option("--lifted", is_flag=True, help="Those too that are shown again.")
@limit_option
@json_option
@click.pass_obj
def list_suppressions(hub: Hub, limit: int, *, lifted: bool, as_json: bool) -> None:
    """List what is hidden, the newest first."""
    with hub.catalogue() as db:
        found = suppressing.all(db, lifted=lifted, limit=limit)
    if as_json:
        return hub.output.values(map(_as_json, found))
    return hub.output.table(
        (
            "Number",
            "Kind of item",
            "Of",
            "Field",
            "Hidden since",
            "Until",
            "Done by",
            "Reason",
            "Shown again",
        ),
        [_row(hub, each) for each in found],
    )


def _row(hub: Hub, each: Suppression) -> tuple[object, ...]:
    target = each.target
    field = f"{target.field} {target.value}".strip()
    until = "" if each.until is None else told(each.until)
    again = "" if each.lifted_at is None else told(each.lifted_at)
    return (
        *(each.id, hub.translate(KINDS[target.kind]), target.name, field),
        *(told(each.at), until, each.person, each.reason, again),
    )


@group.command("add")
@click.argument("kind", type=_KINDS)
@click.argument("name")
@click.option("--field", default="", help="Of kind field: a tag, such as 856, or 700$a.")
@click.option("--value", default="", help="Of kind field: only where it holds this text.")
@click.option("--reason", required=True, help="Why, for those who come later.")
@click.option("--until", default="", help="Show it again from then on, such as 2026-12-31 06:00.")
@author_option
@json_option
@click.pass_obj
def add(hub: Hub, /, kind: str, name: str, *, as_json: bool, **given: Any) -> None:
    """Hide a record or a field of one (source/identifier), or a cluster (its id), at once."""
    target = Target(kind=Kind(kind), name=name, field=given["field"], value=given["value"])
    by = By(person=author_of(hub, given["author"]), reason=given["reason"])
    until = given["until"] and moment(given["until"], *_here(hub))
    with hub.catalogue() as db:
        number = suppressing.suppress(db, target, by, int(until.timestamp()) if until else None)
        records = suppressing.records_of(db, number)
        place_first(db, hub.identity(), records)
    if as_json:
        return hub.output.value({"number": number, "records": len(records)})
    return hub.output.notice(
        "Hidden under the number {number}: records {records}.", number=number, records=len(records)
    )


@group.command("lift")
@click.argument("number", type=click.IntRange(1, GREATEST))
@author_option
@json_option
@click.pass_obj
def lift(hub: Hub, number: int, author: str, *, as_json: bool) -> None:
    """Show again what is hidden under a number."""
    with hub.catalogue() as db:
        lifted = suppressing.lift(db, number, author_of(hub, author))
        place_first(db, hub.identity(), suppressing.records_of(db, number))
    if as_json:
        return hub.output.value({"number": number, "lifted": lifted})
    return hub.output.notice("Shown again." if lifted else "Nothing was hidden under it any more.")


def _here(hub: Hub) -> tuple[tzinfo, datetime]:
    return timetable_of(hub.settings).zone, datetime.now(UTC)


def _as_json(each: Suppression) -> dict[str, object]:
    target = each.target
    return {
        "number": each.id,
        "kind": target.kind.value,
        "name": target.name,
        "field": target.field,
        "value": target.value,
        "reason": each.reason,
        "person": each.person,
        "at": each.at,
        "until": each.until,
        "lifted_at": each.lifted_at,
        "lifted_by": each.lifted_by,
    }
