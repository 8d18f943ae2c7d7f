"""``lienthong clusters``: which records are one manifestation, and why."""

from __future__ import annotations

from dataclasses import fields

import click

from catalogue import browse
from catalogue.merge import origins
from catalogue.model import Cluster
from hub.instance import Hub
from hub.options import json_option
from web.language import mark
from web.matches import heading
from web.quality.reasons import words

_STATES = {"live": mark("live"), "gone": mark("gone")}


@click.group("clusters")
def group() -> None:
    """Look at the clusters of the union catalogue."""


@group.command("show")
@click.argument("public_id", metavar="ID")
@json_option
@click.pass_obj
def show(hub: Hub, public_id: str, *, as_json: bool) -> None:
    """Show a cluster: members, why they are one, master record, who holds it, its work."""
    with hub.catalogue() as db:
        cluster = browse.cluster(db, public_id)
    known = [(each.library, each.record) for each in cluster.members if each.record is not None]
    independent = origins(known, hub.identity())
    if as_json:
        told = {each.name: getattr(cluster, each.name) for each in fields(cluster)}
        hub.output.value(told | {"origins": independent})
    else:
        _print(hub, cluster, independent)


def _print(hub: Hub, cluster: Cluster, independent: int) -> None:
    out = hub.output
    out.line(f"{cluster.public_id} ({hub.translate(_STATES[cluster.state])})")
    if cluster.successor:
        out.line(f"{hub.translate('Successor')}: {cluster.successor}")
    out.line(f"\n{hub.translate('Members')}")
    for member in cluster.members:
        out.line(f"  {member.source}/{member.identifier}")
    out.line(f"{hub.translate('Catalogued independently')}: {independent}")
    out.line(f"\n{hub.translate('Why they are one')}")
    for link in cluster.links:
        out.line(f"  {link.a} = {link.b} ({link.score:.2f})")
        for word in words(link.reasons, hub.translate):
            out.line(f"    {word}")
    if cluster.master:
        out.line(f"\n{hub.translate('Master record')}")
        out.record(cluster.master)
    out.line(f"\n{hub.translate('Holdings')}")
    for one in cluster.holdings:
        parts = (one.library, one.local_number, one.call_number, one.location, one.summary)
        out.line("  " + " | ".join(filter(None, parts)))
    out.line(f"\n{hub.translate('Other manifestations of the work')}")
    for other in cluster.work:
        out.line(f"  {other.public_id}  {heading(other.record)}")
