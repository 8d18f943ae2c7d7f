"""``lienthong clusters rebuild``: the whole partition worked out anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from hub.commands.crosswalk import author_option
from hub.commands.policy import effect, switch
from hub.effects import in_words, print_effect
from hub.errors import ResultOrPolicy
from hub.instance import Hub
from hub.options import json_option, result_option
from scheduler.rebuilding import rebuild_now
from web.language import mark

_INTERRUPTED = mark("Something else was placed meanwhile: what is left is placed one by one.")
_FOLLOWS = mark("A worker places again what is not as it should be.")


@click.command("rebuild")
@click.option("--dry-run", is_flag=True, help="Only say what it would do.")
@click.option(
    "--policy",
    "version",
    default="",
    help="By another policy: as 'policy effect' with --dry-run, else as 'policy switch'.",
)
@result_option
@click.option("--yes", is_flag=True, help="With --policy: do not ask.")
@author_option
@json_option
@click.pass_context
def rebuild(
    context: click.Context, /, *, dry_run: bool, version: str, as_json: bool, **switching: Any
) -> int:
    """Work out all clusters anew, and have placed again what is stored otherwise."""
    result: Path | None = switching.pop("result")
    if version and result is not None:
        raise ResultOrPolicy
    if version and dry_run:
        context.invoke(effect, version=version, again=False, as_json=as_json)
    elif version:
        return int(context.invoke(switch, version=version, as_json=as_json, **switching))
    else:
        _rebuild(context.obj, result, dry_run=dry_run, as_json=as_json)
    return 0


def _rebuild(hub: Hub, result: Path | None, *, dry_run: bool, as_json: bool) -> None:
    with hub.catalogue() as db:
        found = rebuild_now(db, dry_run=dry_run, result=result)
    told = found.effect.told()
    if as_json:
        return hub.output.value(found._asdict() | {"effect": in_words(hub, told)})
    print_effect(hub, told)
    hub.output.pairs(
        {
            "To be placed again": found.again,
            "Spared from being placed again": found.spared,
            "Links corrected": found.links,
        }
    )
    if found.interrupted:
        hub.output.notice(_INTERRUPTED)
    elif found.again and not dry_run:
        hub.output.notice(_FOLLOWS)
    return None
