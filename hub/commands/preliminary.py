"""``lienthong clusters cip``: publications that only CIP records describe."""

from __future__ import annotations

from itertools import islice

import click

from catalogue.preliminary import MONTHS, Preliminary, all_overdue
from hub.instance import Hub
from hub.options import json_option, limit_option
from web.matches import heading, month


@click.command("cip")
@click.option(
    "--months",
    type=click.IntRange(min=0),
    default=MONTHS,
    show_default=True,
    help="Since at least so many months.",
)
@limit_option
@json_option
@click.pass_obj
def cip(hub: Hub, months: int, limit: int, *, as_json: bool) -> None:
    """List publications that only records made before they came out (CIP) describe."""
    with hub.catalogue() as db:
        found = list(islice(all_overdue(db, months), limit))
    if as_json:
        return hub.output.values(map(_as_json, found))
    return hub.output.table(
        ("Since", "Cluster", "Records", "One of them", "Description"),
        [
            (
                month(each.place.since),
                each.side.cluster,
                each.records,
                each.side.name,
                heading(each.side.record),
            )
            for each in found
        ],
    )


def _as_json(each: Preliminary) -> dict[str, object]:
    return {
        "cluster": each.side.cluster,
        "since": each.place.since,
        "records": each.records,
        "sample": each.side.name,
        "library": each.side.library,
    }
