"""``lienthong import``: files that are looked at before they count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from catalogue.database import Database
from catalogue.intake import rows
from catalogue.intake.model import Intake, Kind
from catalogue.model import RunStatus
from hub import delivering, maintenance
from hub.delivering import as_plain
from hub.deliveryreport import moment, print_report
from hub.errors import NothingToCheck
from hub.harvesting import in_words as harvest_in_words
from hub.harvesting import line_of, report_failure
from hub.instance import Hub
from hub.options import GREATEST, json_option, limit_option
from hub.stopping import interrupted_by_terminate
from scheduler import arriving
from web import delivered

_file = click.Path(exists=True, dir_okay=False, readable=True)
_kind = click.option(
    "--kind",
    type=click.Choice([kind.value for kind in Kind if kind.value]),
    default=None,
    help="What the file is: the complete list, changes, or a list of what is deleted.",
)
_NUMBER = click.IntRange(min=1, max=GREATEST)
_numbers = click.argument("numbers", metavar="NUMBER...", nargs=-1, required=True, type=_NUMBER)


@click.group("import")
def group() -> None:
    """Take files in, see what they would do, then apply them or throw them away."""


@group.command("check")
@click.argument("source", default="")
@click.argument("files", metavar="[FILE]...", nargs=-1, type=_file)
@_kind
@click.option("--again", type=_NUMBER, multiple=True, help="Check this delivery once more.")
@json_option
@click.pass_obj
def check(hub: Hub, /, source: str, files: Sequence[str], again: Sequence[int], **told: Any) -> int:
    """Take files in and tell what they would do; nothing changes until they are applied.

    Without a file: what is new at the address of the source.
    """
    as_json: bool = told["as_json"]
    if bool(source) == bool(again):
        raise NothingToCheck
    with interrupted_by_terminate(), hub.catalogue() as db:
        numbers = again or _received(hub, db, source, files, told["kind"])
        found = []
        for intake in delivering.check_all(hub, db, numbers):
            _tell(hub, db, intake, as_json=as_json)
            found.append(intake)
    if not found and not as_json:
        hub.output.notice("There is nothing new at the address of {source}.", source=source)
    return 1 if any(map(delivering.failed, found)) else 0


@group.command("list")
@click.option("--source", default="", help="Only deliveries to this source.")
@click.option("--open", "only_open", is_flag=True, help="Only those that wait.")
@limit_option
@json_option
@click.pass_obj
def list_(hub: Hub, source: str, limit: int, *, only_open: bool, as_json: bool) -> None:
    """List the latest deliveries, newest first."""
    with hub.catalogue() as db:
        found = rows.all(db, source, only_open=only_open, limit=limit)
        maintenance.tell(hub, db)
    if as_json:
        return hub.output.values(
            {name: value for name, value in as_plain(hub, each).items() if name != "report"}
            for each in found
        )
    return hub.output.table(
        ("Delivery", "Source", "File", "Kind", "Received", "By", "Status", "Run"),
        (_row(hub, each) for each in found),
    )


@group.command("show")
@click.argument("number", type=_NUMBER)
@json_option
@click.pass_obj
def show(hub: Hub, number: int, *, as_json: bool) -> None:
    """Show one delivery: what is in it, what it would do, and what became of it."""
    with hub.catalogue() as db:
        _tell(hub, db, rows.get(db, number), as_json=as_json)


@group.command("apply")
@_numbers
@json_option
@click.pass_obj
def apply(hub: Hub, numbers: Sequence[int], *, as_json: bool) -> int:
    """Let checked deliveries count: harvest them now. Again goes on where it broke off."""
    with interrupted_by_terminate(), hub.catalogue() as db:
        return _applied(hub, db, numbers, as_json=as_json)


@group.command("discard")
@_numbers
@json_option
@click.pass_obj
def discard(hub: Hub, numbers: Sequence[int], *, as_json: bool) -> None:
    """Throw deliveries away, and stop what checks them; nothing of them counts."""
    with hub.catalogue() as db:
        line = line_of(hub, db)
        for number in numbers:
            intake = arriving.discard(line, number, delivering.who())
            if as_json:
                hub.output.value(as_plain(hub, intake))
            else:
                hub.output.notice(
                    "Delivery {number} ({name}) is discarded.", number=number, name=intake.name
                )


@group.command("now")
@click.argument("source")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=_file)
@_kind
@json_option
@click.pass_obj
def now(hub: Hub, source: str, files: Sequence[str], *, kind: str | None, as_json: bool) -> int:
    """Take files in, check them and, where nothing stands against it, apply them."""
    with interrupted_by_terminate(), hub.catalogue() as db:
        numbers = _received(hub, db, source, files, kind)
        found = list(delivering.check_all(hub, db, numbers))
        for intake in found if not as_json else ():
            _tell(hub, db, intake, as_json=False)
        if len(found) < len(numbers) or any(map(delivered.stands_against, found)):
            hub.output.notice(
                "Nothing was applied. Read the report first; to apply it all the same:"
                " lienthong import apply {numbers}",
                numbers=" ".join(map(str, numbers)),
            )
            if as_json:
                hub.output.values(as_plain(hub, each) for each in found)
            return 1
        return _applied(hub, db, numbers, as_json=as_json)


def _received(
    hub: Hub, db: Database, source: str, files: Sequence[str], kind: str | None
) -> list[int]:
    if not files:
        return [intake.id for intake in delivering.receive_new(hub, db, source)]
    of_kind = Kind(kind or "")
    return [delivering.receive(hub, db, source, file, of_kind).id for file in files]


def _tell(hub: Hub, db: Database, intake: Intake, *, as_json: bool) -> None:
    if as_json:
        hub.output.value(as_plain(hub, intake))
    else:
        print_report(hub, intake, rows.twin(db, intake))


def _applied(hub: Hub, db: Database, numbers: Sequence[int], *, as_json: bool) -> int:
    code = 0
    for outcome, intake in delivering.apply_all(hub, db, numbers):
        if outcome is None:
            hub.output.notice("Delivery {number} was applied before.", number=intake.id)
        else:
            code |= outcome.status is not RunStatus.SUCCEEDED
            if not as_json:
                hub.output.line(harvest_in_words(hub, outcome))
            report_failure(hub, outcome)
    for number in numbers:
        intake = rows.get(db, number)
        if as_json:
            hub.output.value(as_plain(hub, intake))
        else:
            hub.output.line(
                f"{intake.id}: {intake.name}: {hub.translate(delivered.STATES[intake.state])}"
            )
    return int(code)


def _row(hub: Hub, intake: Intake) -> tuple[object, ...]:
    say = hub.translate
    return (
        intake.id,
        intake.source,
        intake.name,
        say(delivered.KINDS[intake.kind]),
        moment(intake.received),
        intake.author,
        say(delivered.STATES[intake.state]),
        intake.run or "",
    )
