"""``lienthong sources preview``: a source's first records, step by step, with nothing stored."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from catalogue import crosswalks, sources
from catalogue.database import Database
from catalogue.model import Source
from crosswalks import trials
from crosswalks.formats import mrk
from crosswalks.model import Record, Schema
from hub.checkpage import severity_word
from hub.errors import WrongUse
from hub.harvesting import line_of
from hub.instance import Hub
from hub.options import json_option
from hub.plain import plain
from hub.sourcecheck import check
from scheduler.preview import Preview, preview
from web.language import mark
from web.quality.words import meaning, next_step

_MOST = 1000
_RAW_LINES = 40
"""Of a record's bytes in the terminal; --json gives all."""


@click.command("preview")
@click.argument("name", default="")
@click.option("--url", default="", help="An endpoint that is no source yet.")
@click.option("--protocol", default="oai-pmh", show_default=True, help="What --url speaks.")
@click.option("--prefix", help="metadataPrefix to ask for; default: the best offered.")
@click.option("--set", "sets", multiple=True, help="Only this OAI set; may be given again.")
@click.option("--crosswalk", help="Crosswalk to use instead of the schema's own.")
@click.option("--encoding", help="Encoding of the records, where it is not UTF-8.")
@click.option(
    "--limit",
    type=click.IntRange(min=1, max=_MOST),
    default=10,
    show_default=True,
    help="So many records.",
)
@json_option
@click.pass_obj
def command(hub: Hub, /, *, limit: int, as_json: bool, **asked: Any) -> None:
    """Show a source's first records as they come, parsed, mapped, and what is wrong with them."""
    with hub.catalogue() as db:
        source = _source(db, asked)
        check(source, crosswalks.shelf(db).into_pivot())
        for number, each in enumerate(preview(line_of(hub, db), source, limit), 1):
            if as_json:
                hub.output.value(as_plain(hub, each))
            else:
                _print(hub, number, each)


def _source(db: Database, asked: dict[str, Any]) -> Source:
    """Return the source that is named, or one made up for an address, with what else was said."""
    name, url, protocol = (asked.pop(one) for one in ("name", "url", "protocol"))
    if bool(name) == bool(url):
        raise WrongUse(reason=mark("name a source, or give an address with --url"))
    said = {one: value for one, value in asked.items() if value}
    if name:
        return replace(sources.get(db, name), **said)
    return Source(name="-", library="-", protocol=protocol, url=url, **said)


def as_plain(hub: Hub, each: Preview) -> dict[str, Any]:
    """Return a record with its steps; bytes as text where they are, else as base64."""
    raw = each.raw
    return {
        "identifier": raw.identifier,
        "datestamp": raw.datestamp,
        "deleted": raw.deleted,
        "format": raw.format,
        "raw": _text(raw.body),
        "parsed": plain(each.parsed),
        "mapped": plain(each.mapped),
        "problems": [
            {
                **plain(problem),
                "meaning": hub.translate(meaning(problem.code)),
                "next": hub.translate(next_step(problem.code)),
            }
            for problem in each.problems
        ],
    }


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return str(plain(body))


def _print(hub: Hub, number: int, each: Preview) -> None:
    out, say, raw = hub.output, hub.translate, each.raw
    out.line(f"=== {number}. {raw.identifier} {raw.datestamp}".rstrip())
    if raw.deleted:
        out.line(say(mark("declared deleted by the source")))
        return
    _part(hub, say(mark("As it came")), raw.body.decode("utf-8", "replace"))
    if each.parsed is not None and each.parsed.schema is not Schema.MARC21:
        _part(hub, say(mark("As it was read")), "\n".join(trials.lines(each.parsed)))
    _part(
        hub,
        say(mark("In MARC 21")),
        _marc(each.mapped) or say(mark("nothing: it would be set aside")),
    )
    for problem in each.problems:
        where = " ".join(part for part in (problem.field, problem.detail or problem.sample) if part)
        line = f"{severity_word(problem.severity, say)}: {say(meaning(problem.code))}"
        out.line(f"{line} ({problem.code}): {where}" if where else f"{line} ({problem.code})")
        if step := next_step(problem.code):
            out.line(f"  {say(step)}.")
    out.line("")


def _part(hub: Hub, heading: str, text: str) -> None:
    lines = text.strip().splitlines()
    hub.output.line(f"--- {heading}")
    for line in lines[:_RAW_LINES]:
        hub.output.line(line)
    if len(lines) > _RAW_LINES:
        hub.output.line("...")


def _marc(record: Record | None) -> str:
    return mrk.write(record).decode() if record else ""
