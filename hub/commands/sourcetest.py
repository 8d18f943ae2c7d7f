"""``lienthong sources test``: the connection to a source, step by step."""

from __future__ import annotations

from typing import Any

import click

from catalogue import sources
from catalogue.database import Database
from catalogue.model import Source
from hub.errors import WrongUse
from hub.harvesting import line_of
from hub.instance import Hub
from hub.options import json_option
from hub.sourcecheck import check
from scheduler import connection
from scheduler.connection import FileStage, SearchStage, Stage, State, Step
from scheduler.outgoing import protocol_of
from web.language import mark, message, said

_STATES = {
    State.OK: mark("ok"),
    State.FAILED: mark("failed"),
    State.SKIPPED: mark("skipped"),
}
_STEPS = {
    "Identify": mark("Identify"),
    "Formats": mark("Formats"),
    "Sets": mark("Sets"),
    "First page": mark("First page"),
    "Files": mark("Files"),
    "Format": mark("Format"),
    "First records": mark("First records"),
    "Session": mark("Session"),
    "Ways": mark("Ways"),
}


@click.command("test")
@click.argument("name", required=False)
@click.option(
    "--url",
    help="An address (OAI-PMH, z3950:, sru+https: or file:) that is no source yet, instead of"
    " a name.",
)
@json_option
@click.pass_obj
def command(hub: Hub, name: str | None, url: str | None, *, as_json: bool) -> int:
    """Check the connection to a source step by step; exit code 1 if a step fails."""
    failed = False
    with hub.catalogue() as db:
        for step in connection.check(line_of(hub, db), _source(db, name, url)):
            failed = failed or step.state is State.FAILED
            if as_json:
                hub.output.value(_plain(hub, step))
            else:
                _print(hub, step)
    return int(failed)


def _source(db: Database, name: str | None, url: str | None) -> Source:
    if name and not url:
        return sources.get(db, name)
    if url and not name:
        protocol = protocol_of(url)
        return check(Source(name="-", library="-", protocol=protocol, url=url))
    raise WrongUse(reason=mark("name a source, or give an address with --url"))


def _print(hub: Hub, step: Step) -> None:
    names = [
        hub.translate(_STEPS.get(stage, stage)) for stage in (*Stage, *FileStage, *SearchStage)
    ]
    name = hub.translate(_STEPS.get(step.name, step.name)).ljust(max(map(len, names)))
    state = hub.translate(_STATES[step.state])
    told = "; ".join(said(each, hub.translate) for each in step.detail)
    seconds = "" if step.state is State.SKIPPED else f"{step.seconds:.1f} s"
    hub.output.line(f"{name}  {state:<10} {seconds:>7}  {told}".rstrip())
    if step.error is not None:
        hub.output.line(f"    {message(step.error, hub.translate)}")


def _plain(hub: Hub, step: Step) -> dict[str, Any]:
    error = step.error
    return {
        "step": step.name.value,
        "state": step.state.value,
        "seconds": round(step.seconds, 3),
        "detail": [said(each, hub.translate) for each in step.detail],
        "found": step.found,
        "code": error.code() if error else "",
        "message": message(error, hub.translate) if error else "",
    }
