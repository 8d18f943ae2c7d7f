"""``lienthong audit``: who changed what, and how it was before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click

from catalogue.audit import store
from catalogue.audit.store import Entry, Wanted
from catalogue.database import Database
from hub.instance import Hub
from hub.options import json_option

_STEP = 500


@click.group("audit")
def group() -> None:
    """Say who changed what."""


@group.command("list")
@click.option("--who", default="", help="Only by this user, or this account of the command line.")
@click.option(
    "--kind", type=click.Choice(store.kinds()), metavar="KIND", help="Only things of this kind."
)
@click.option("--object", "name", default="", help="Only the thing of this name.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only from this day on (UTC).")
@click.option(
    "--limit", type=click.IntRange(1), default=50, show_default=True, help="At most so many."
)
@json_option
@click.pass_obj
def list_entries(hub: Hub, /, *, limit: int, as_json: bool, **asked: Any) -> None:
    """List what was changed, the newest first; secrets are left out."""
    since = asked["since"]
    wanted = Wanted(
        who=asked["who"],
        kind=asked["kind"] or "",
        object=asked["name"],
        since=int(since.replace(tzinfo=UTC).timestamp()) if since else 0,
    )
    with hub.catalogue() as db:
        found = _found(db, wanted, limit)
        if as_json:
            return hub.output.values(map(as_result, found))
        rows = (
            (
                as_result(each)["at"],
                each.who,
                each.act,
                f"{each.kind} {each.object}".strip(),
                _short(each.before),
                _short(each.after),
            )
            for each in found
        )
        return hub.output.table(("When", "Who", "Act", "To what", "Before", "After"), rows)


def as_result(entry: Entry) -> dict[str, Any]:
    """Return an entry as scripts see it."""
    at = datetime.fromtimestamp(entry.at, UTC).isoformat().replace("+00:00", "Z")
    return {**asdict(entry), "at": at}


def _found(db: Database, wanted: Wanted, limit: int) -> Iterator[Entry]:
    last: int | None = None
    while limit > 0 and (some := store.entries(db, wanted, limit=min(limit, _STEP), before=last)):
        yield from some
        limit -= len(some)
        last = some[-1].id


def _short(side: Any) -> str:
    return json.dumps(side, ensure_ascii=False) if side else ""
