"""``lienthong overlays``: what cataloguers correct of the union's records."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from catalogue.clock import told
from catalogue.cluster.place import place_first
from catalogue.errors import WrongUse
from catalogue.overlays import making, offering
from catalogue.overlays.making import By
from catalogue.overlays.model import LEADER, Change, Kind, Overlay
from catalogue.overlays.notation import as_line, read, write
from catalogue.overlays.offering import Offered
from crosswalks.errors import Said
from crosswalks.model import Control
from hub.commands import bulk
from hub.commands.crosswalk import author_option
from hub.crosswalks import author_of
from hub.filing import outgoing
from hub.instance import Hub
from hub.options import GREATEST, json_option, limit_option, with_options
from web.overlays.files import TYPES, written
from web.overlays.words import PARTED, STATES, kind_word

_making = partial(
    with_options,
    click.option("--reason", required=True, help="Why, for those who come later."),
    author_option,
    json_option,
)


@click.group("overlays")
def group() -> None:
    """Correct the union's records without changing those of its members."""


group.add_command(bulk.group)


@group.command("list")
@click.argument("cluster", required=False)
@click.option("--doubtful", is_flag=True, help="Only those that somebody has to look at.")
@click.option("--undone", is_flag=True, help="Those too that were taken off.")
@limit_option
@json_option
@click.pass_obj
def list_overlays(hub: Hub, /, cluster: str | None, limit: int, **given: bool) -> None:
    """List corrections, the newest first; of one cluster, all there ever were."""
    as_json = given.pop("as_json")
    with hub.catalogue() as db:
        some = partial(making.all, db, limit=limit, **given)
        found = making.of_cluster(db, cluster) if cluster else some()
    if as_json:
        return hub.output.values(map(as_result, found))
    return hub.output.table(
        ("Number", "Cluster", "Correction", "Beneath", "Over it", "State", "Done by", "Reason"),
        [_row(hub, each) for each in found],
    )


def _row(hub: Hub, each: Overlay) -> tuple[object, ...]:
    return (
        *(each.id, each.cluster, hub.translate(kind_word(each.change))),
        *(as_line(each.change.beneath), as_line(each.change.over)),
        *("; ".join(hub.translate(word) for word in words(each)), each.person, each.reason),
    )


def words(overlay: Overlay) -> list[str]:
    """Return how an overlay stands, as messages."""
    if overlay.undone_at is not None:
        return [STATES["undone"]]
    return [STATES[overlay.state], *([PARTED] if overlay.parted else [])]


@group.command("show")
@click.argument("cluster")
@json_option
@click.pass_obj
def show(hub: Hub, cluster: str, *, as_json: bool) -> None:
    """Show a record of the union with its corrections, field by field as they are written."""
    with hub.catalogue() as db:
        found = making.master(db, cluster)
    fields = (Control(LEADER, found.record.leader), *found.record.fields)
    lines = [write(each) for each in fields]  # type: ignore[arg-type]
    if as_json:
        return hub.output.value({"cluster": found.cluster, "seen": found.seen, "fields": lines})
    for line in lines:
        hub.output.line(line)
    return None


@group.command("add")
@click.argument("cluster")
@click.argument("field")
@_making()
@click.pass_obj
def add(hub: Hub, /, cluster: str, field: str, **given: Any) -> None:
    """Add FIELD to the record of a cluster, written as 650 #7 $a Văn học $2 bkt."""
    _make(hub, cluster, Change(kind=Kind.ADD, over=read(field)), given)


@group.command("replace")
@click.argument("cluster")
@click.argument("beneath")
@click.argument("over")
@click.option(
    "--subfields",
    is_flag=True,
    help="Correct what differs only; the rest of the field goes on as its libraries change it.",
)
@_making()
@click.pass_obj
def replace(hub: Hub, /, cluster: str, beneath: str, over: str, **given: Any) -> None:
    """Put field OVER in place of field BENEATH, which is written as "show" shows it.

    Positions of the leader and of 008 can stand for a field: LDR/06 a, 008/35-37 vie.
    """
    fields = read(beneath), read(over)
    if given.pop("subfields") or fields[0].tag == LEADER:
        return _make_all(hub, cluster, making.parts(*fields), given)
    return _make(hub, cluster, Change(kind=Kind.REPLACE, beneath=fields[0], over=fields[1]), given)


@group.command("suppress")
@click.argument("cluster")
@click.argument("field")
@_making()
@click.pass_obj
def suppress(hub: Hub, /, cluster: str, field: str, **given: Any) -> None:
    """Leave FIELD, written as "show" shows it, out of the record of a cluster."""
    _make(hub, cluster, Change(kind=Kind.SUPPRESS, beneath=read(field)), given)


@group.command("undo")
@click.argument("number", type=click.IntRange(1, GREATEST))
@author_option
@json_option
@click.pass_obj
def undo(hub: Hub, number: int, author: str, *, as_json: bool) -> None:
    """Take a correction off again."""
    with hub.catalogue() as db:
        undone = making.undo(db, number, author_of(hub, author))
        place_first(db, hub.identity(), making.records_of(db, number))
    if as_json:
        return hub.output.value({"number": number, "undone": undone})
    return hub.output.notice("Taken off." if undone else "It was taken off before.")


def _make(hub: Hub, cluster: str, change: Change, given: dict[str, Any]) -> None:
    _make_all(hub, cluster, [change], given)


def _make_all(hub: Hub, cluster: str, changes: Sequence[Change], given: dict[str, Any]) -> None:
    by = By(person=author_of(hub, given["author"]), reason=given["reason"])
    with hub.catalogue() as db:
        numbers = making.make_all(db, cluster, changes, by)
        place_first(db, hub.identity(), making.records_of(db, numbers[0]))
    if given["as_json"]:
        return hub.output.values({"number": number} for number in numbers)
    for number in numbers:
        hub.output.notice("Corrected under the number {number}.", number=number)
    return None


def as_result(each: Overlay) -> dict[str, object]:
    """Return an overlay as one flat object."""
    return {
        "number": each.id,
        "cluster": each.cluster,
        "kind": each.change.kind.value,
        "beneath": as_line(each.change.beneath),
        "over": as_line(each.change.over),
        "within": as_line(each.change.within),
        "bulk": each.bulk,
        "state": each.state.value,
        "parted": each.parted,
        "reason": each.reason,
        "person": each.person,
        "at": told(each.at),
        "undone_at": None if each.undone_at is None else told(each.undone_at),
        "undone_by": each.undone_by,
    }


@group.command("offer")
@click.argument("library")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a file: .csv a table, .mrc or .xml the records as corrected.",
)
@json_option
@click.pass_obj
def offer(hub: Hub, library: str, output: Path | None, *, as_json: bool) -> None:
    """Tell what was corrected of a library's own records, for it to take over."""
    form = output.suffix.removeprefix(".") if output else ""
    if output and form not in TYPES:
        raise WrongUse(reason=Said("name a file that ends in .csv, .mrc or .xml", {}))
    with hub.catalogue() as db:
        found = offering.offered(db, library)
        if output is not None:
            pieces = written(found, form, hub.translate)
            with outgoing(str(output)) as out:
                out.writelines(pieces)
            return hub.output.notice("Written to {path}.", path=output)
        offers = [each for corrected in found for each in corrected.offers]
    if as_json:
        return hub.output.values(map(_offer, offers))
    return hub.output.table(
        ("Record", "Record number", "Correction", "It is", "It should be", "Reason"),
        [
            (
                *(each.name, each.number, hub.translate(kind_word(each.change))),
                *(as_line(each.change.beneath), as_line(each.change.over), each.reason),
            )
            for each in offers
        ],
    )


def _offer(each: Offered) -> dict[str, object]:
    return {
        "record": each.name,
        "number": each.number,
        "cluster": each.cluster,
        "overlay": each.overlay,
        "kind": each.change.kind.value,
        "is": as_line(each.change.beneath),
        "should_be": as_line(each.change.over),
        "reason": each.reason,
        "at": told(each.at),
    }
