"""``lienthong records quarantine``: what could not be read or mapped, and another try at it."""

from __future__ import annotations

import csv
import io
import sys
import zipfile
from collections.abc import Iterator
from typing import IO, Any

import click

from catalogue import quarantine, sources
from catalogue.database import Database
from catalogue.errors import NoSuchRecord
from catalogue.quarantine import Quarantined
from hub.filing import outgoing
from hub.harvesting import line_of, settle, stopping_by_signals
from hub.instance import Hub
from hub.options import json_option, limit_option
from scheduler import retry as retrying
from web.language import mark
from web.quality.words import meaning, next_step

_source_option = click.option("--source", default="", help="Only records of this source.")
_INDEX = "quarantine.csv"
_COLUMNS = ("file", "source", "identifier", "run", "page", "position", "byte", "code", "detail")
_BESIDE_LIVE = mark("an earlier version is live")
_ALONE = mark("no version of it can be read")


@click.group("quarantine")
def group() -> None:
    """Look at records that could not be read, take them away, and try them again."""


@group.command("list")
@_source_option
@limit_option
@json_option
@click.pass_obj
def list_quarantined(hub: Hub, source: str, limit: int, *, as_json: bool) -> None:
    """List what is in quarantine: which record, why, and where it came."""
    with hub.catalogue() as db:
        found = quarantine.listing(db, source, limit=limit)
        if as_json:
            return hub.output.values(_plain(hub, each) for each in found)
        hub.output.table(
            ("Source", "Identifier", "Run", "Page", "Position", "Why"),
            (
                (each.source, each.identifier, each.run, each.page, each.position, _why(hub, each))
                for each in found
            ),
        )
        count = quarantine.count(db, source)
    if count > limit:
        hub.output.notice("{count} are in quarantine; see more with --limit.", count=count)
    return None


@group.command("show")
@click.argument("name", metavar="SOURCE/IDENTIFIER")
@click.option("--raw", is_flag=True, help="The bytes as delivered, and nothing else.")
@json_option
@click.pass_obj
def show(hub: Hub, name: str, *, raw: bool, as_json: bool) -> None:
    """Show one record in quarantine: why it is there, what to do, and its bytes."""
    with hub.catalogue() as db:
        found = quarantine.get(db, *_split(name))
    if as_json:
        return hub.output.value(_plain(hub, found))
    if not raw:
        return _print(hub, found)
    sys.stdout.buffer.write(found.raw)
    sys.stdout.buffer.flush()
    return None


@group.command("export")
@_source_option
@click.option("--output", "-o", "path", default="quarantine.zip", show_default=True)
@json_option
@click.pass_obj
def export(hub: Hub, source: str, path: str, *, as_json: bool) -> None:
    """Write the bytes of all records in quarantine into a ZIP file, with a table of them."""
    with hub.catalogue() as db, outgoing(path) as out:
        count = _write(hub, quarantine.listing(db, source), out)
    if as_json:
        return hub.output.value({"records": count, "file": path})
    return hub.output.notice("{count} records were written to {path}.", count=count, path=path)


@group.command("retry")
@click.argument("name", metavar="[SOURCE/IDENTIFIER]", default="")
@_source_option
@json_option
@click.pass_obj
def retry(hub: Hub, name: str, source: str, *, as_json: bool) -> None:
    """Read again what is in quarantine, as sources and crosswalks are now."""
    with hub.catalogue() as db, stopping_by_signals(hub) as stopping:
        key = None
        if name:
            found = quarantine.get(db, *_split(name))
            source, key = found.source, found.key
        done = retrying.retry_now(line_of(hub, db), _names(db, source), stopping, key=key)
        if done.dirty:
            settle(hub, db)
    if as_json:
        return hub.output.value({"read": done.read, "left": done.left})
    return hub.output.notice(
        "{read} could be read now, {left} still cannot.", read=done.read, left=done.left
    )


def _names(db: Database, source: str) -> list[str]:
    return [sources.get(db, source).name] if source else [each.name for each in sources.all(db)]


def _split(name: str) -> tuple[str, str]:
    source, slash, identifier = name.partition("/")
    if not slash:
        raise NoSuchRecord(name=name)
    return source, identifier


def _why(hub: Hub, found: Quarantined) -> str:
    if not found.problems:
        return ""
    first = found.problems[0]
    return f"{hub.translate(meaning(first['code']))} {first['detail']}".strip()


def _plain(hub: Hub, found: Quarantined) -> dict[str, Any]:
    return {
        "source": found.source,
        "identifier": found.identifier,
        "datestamp": found.datestamp,
        "format": found.format,
        "live": found.live,
        "run": found.run,
        "page": found.page,
        "position": found.position,
        "byte": found.place,
        "size": len(found.raw),
        "raw": found.raw.decode("utf-8", "replace"),
        "problems": [
            dict(each)
            | {
                "meaning": hub.translate(meaning(each["code"])),
                "next": hub.translate(next_step(each["code"])),
            }
            for each in found.problems
        ],
    }


def _print(hub: Hub, found: Quarantined) -> None:
    say = hub.translate
    hub.output.pairs(
        {
            "Identifier": found.identifier,
            "Source": found.source,
            "Datestamp": found.datestamp,
            "State": say(_BESIDE_LIVE if found.live else _ALONE),
            "Run": found.run,
            "Page": found.page or "",
            "Position": found.position or "",
            "Byte": "" if found.place is None else found.place,
        }
    )
    for problem in found.problems:
        hub.output.line("")
        hub.output.line(f"{problem['code']}: {say(meaning(problem['code']))} {problem['detail']}")
        hub.output.line(say(next_step(problem["code"])))
    hub.output.line("")
    hub.output.line(found.raw.decode("utf-8", "replace"))


def _write(hub: Hub, found: Iterator[Quarantined], out: IO[bytes]) -> int:
    """Write the records one after the other, and return how many there were."""
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(_COLUMNS)
    count = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for count, each in enumerate(found, 1):
            name = f"{count:06}.{'xml' if each.raw.lstrip().startswith(b'<') else 'dat'}"
            packed.writestr(name, each.raw)
            place = "" if each.place is None else each.place
            told = (name, each.source, each.identifier, each.run, each.page, each.position, place)
            code = each.problems[0]["code"] if each.problems else ""
            rows.writerow((*told, code, _why(hub, each)))
        packed.writestr(_INDEX, table.getvalue())
    return count
