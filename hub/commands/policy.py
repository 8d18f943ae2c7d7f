"""What another matching policy would do to the clusters, by command; nothing is changed."""

from __future__ import annotations

from dataclasses import asdict

import click

from catalogue.cluster.effect import PolicyEffect
from catalogue.cluster.effect import effect as work_out
from catalogue.errors import PolicyUnreadable
from catalogue.match import read_policy
from hub.crosswalks import read_bytes
from hub.instance import Hub
from hub.options import json_option
from web.language import mark
from web.matches import DECISIONS
from web.quality.reasons import words

_WAITING = mark("Records still wait to be placed: the figures are rough until none does.")


@click.command("effect")
@click.argument("file", metavar="POLICY.toml")
@json_option
@click.pass_obj
def effect(hub: Hub, file: str, *, as_json: bool) -> None:
    """Say what another matching policy would join and part, without using it."""
    policy = read_policy(_text(read_bytes(file)))
    with hub.catalogue() as db:
        found = work_out(db, policy)
    if as_json:
        samples = [
            {**each._asdict(), "words": words(each.reasons, hub.translate)}
            for each in found.samples
        ]
        return hub.output.value({**asdict(found), "samples": samples})
    return _print(hub, found)


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise PolicyUnreadable(line=line, text="") from error


def _print(hub: Hub, found: PolicyEffect) -> None:
    out = hub.output
    if found.waiting:
        out.notice(_WAITING)
    out.pairs(
        {
            "Records": found.records,
            "Clusters now": found.clusters,
            "Clusters by this policy": found.clusters_then,
            "Clusters parted": found.parted,
            "Clusters joined from several": found.merged,
        }
    )
    kinds = [
        (*(hub.translate(DECISIONS[word]) for word in kind.split("-")), count)
        for kind, count in found.pairs.items()
    ]
    out.line("")
    out.table(("Pair now", "By this policy", "Pairs of records"), kinds)
    for each in found.samples:
        now, then = hub.translate(DECISIONS[each.now]), hub.translate(DECISIONS[each.then])
        out.line(f"\n{each.a}  {each.b}\n  {now} -> {then} ({each.score:.2f})")
        for word in words(each.reasons, hub.translate):
            out.line(f"    {word}")
