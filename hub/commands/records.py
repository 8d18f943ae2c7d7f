"""``lienthong records``: what the sources delivered, and what the hub made of it."""

from __future__ import annotations

import sys
from typing import Any

import click

from catalogue import records
from catalogue.model import RecordState, StoredRecord
from catalogue.succession.report import heir
from hub.instance import Hub
from hub.options import json_option
from web.language import mark
from web.quality.words import meaning, next_step


@click.group("records")
def group() -> None:
    """Look at the records of a source."""


@group.command("list")
@click.option("--source", required=True, help="The source's name.")
@json_option
@click.pass_obj
def list_records(hub: Hub, source: str, *, as_json: bool) -> None:
    """List the records of a source, one a line."""
    with hub.catalogue() as db:
        for record in records.listing(db, source):
            line = header(record)
            if as_json:
                hub.output.value(line)
            else:
                hub.output.line(f"{record.identifier}\t{record.datestamp}\t{record.state.value}")


def header(record: StoredRecord) -> dict[str, Any]:
    """Return what a list says of a record."""
    return {
        "identifier": record.identifier,
        "datestamp": record.datestamp,
        "deleted": record.state is RecordState.DELETED,
        "quarantined": record.state is RecordState.QUARANTINED,
    }


@group.command("show")
@click.argument("name", metavar="SOURCE/IDENTIFIER")
@click.option("--source", default="", help="The source, where the name is an identifier alone.")
@click.option(
    "--as",
    "form",
    type=click.Choice(["marc", "parsed", "raw"]),
    default="marc",
    show_default=True,
    help="MARC text, the parsed record as JSON, or the bytes as delivered.",
)
@json_option
@click.pass_obj
def show(hub: Hub, name: str, source: str, form: str, *, as_json: bool) -> None:
    """Show one record: as MARC text, parsed, or the bytes as they were delivered."""
    source, identifier = (source, name) if source else records.parted(name)
    with hub.catalogue() as db:
        record = records.get(db, source, identifier)
        goes_on = heir(db, record.id) if record.state is RecordState.DELETED else ""
    if as_json:
        hub.output.value(record)
    elif form == "raw":
        sys.stdout.buffer.write(record.raw)
        sys.stdout.buffer.flush()
    elif form == "parsed":
        hub.output.value(record.record)
    else:
        _print(hub, record, goes_on)


def _print(hub: Hub, record: StoredRecord, goes_on: str) -> None:
    hub.output.pairs(
        {
            "Identifier": record.identifier,
            "Source": record.source,
            "Library": record.library,
            "Datestamp": record.datestamp,
            "State": hub.translate(record.state.value),
            "Cluster": record.cluster,
            **({mark("Goes on as"): goes_on} if goes_on else {}),
        }
    )
    for problem in record.problems:
        shown = ": ".join(str(part) for part in problem.values() if part)
        hub.output.line(f"{hub.translate('Problem')}: {shown}")
        told = (hub.translate(say(problem["code"])) for say in (meaning, next_step))
        hub.output.line("  " + " ".join(f"{each}." for each in told if each))
    if record.record:
        hub.output.line("")
        hub.output.record(record.record)
