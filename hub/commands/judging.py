"""Why records are one or not, what happened to clusters, and how it is taken back, by command."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from catalogue import judging, moves, records
from catalogue import why as reasons
from catalogue.clock import told
from catalogue.moves import Move
from catalogue.verdicts import Said
from catalogue.why import Cause, Step, Why
from hub.commands.crosswalk import author_option
from hub.commands.verdicts import reason_option
from hub.crosswalks import author_of
from hub.instance import Hub
from hub.labels import write_labels
from hub.options import GREATEST, json_option, limit_option
from web.language import mark
from web.matches import BY_MATCHING, EVENTS, cause_words, step_words

_TOGETHER = mark("They are in one cluster:")
_APART = mark("They are in two clusters:")


@click.command("why")
@click.argument("one", metavar="SOURCE/IDENTIFIER")
@click.argument("other", metavar="SOURCE/IDENTIFIER")
@json_option
@click.pass_obj
def why(hub: Hub, one: str, other: str, *, as_json: bool) -> None:
    """Say why two records are in one cluster, step by step, or what keeps them apart."""
    with hub.catalogue() as db:
        found = reasons.why(db, records.parted(one), records.parted(other))
    if as_json:
        return hub.output.value(_plain(hub, found))
    hub.output.line(hub.translate(_TOGETHER if found.together else _APART))
    for step in found.path:
        _show_step(hub, step)
    for cause in found.causes:
        _show_cause(hub, cause)
    return None


def _plain(hub: Hub, found: Why) -> dict[str, object]:
    return {
        "together": found.together,
        "path": [asdict(step) | {"words": step_words(step, hub.translate)} for step in found.path],
        "causes": [asdict(cause) | {"words": list(_words(hub, cause))} for cause in found.causes],
    }


def _words(hub: Hub, cause: Cause) -> tuple[str, ...]:
    said = cause_words(cause, hub.translate, "{:.2f}".format)
    return said.sentence, *said.reasons


def _show_step(hub: Hub, step: Step) -> None:
    score = "" if step.decided else f" ({step.score:.2f})"
    hub.output.line(f"  {step.a} = {step.b}{score}")
    for word in step_words(step, hub.translate):
        hub.output.line(f"    {word}")


def _show_cause(hub: Hub, cause: Cause) -> None:
    sentence, *rest = _words(hub, cause)
    hub.output.line(f"  {sentence}")
    for word in rest:
        hub.output.line(f"    {word}")


@click.command("events")
@click.argument("public_id", metavar="ID")
@limit_option
@json_option
@click.pass_obj
def events(hub: Hub, public_id: str, limit: int, *, as_json: bool) -> None:
    """List what happened to a cluster, the newest first: what came and went, and by whom."""
    with hub.catalogue() as db:
        found = moves.of_cluster(db, public_id, limit=limit)
    if as_json:
        return hub.output.values(_told(each) for each in found)
    return hub.output.table(
        ("Event", "Date", "Author", "What happened", "From", "To", "Records", "Some of them"),
        [
            (
                each.number,
                told(each.stamp),
                _author(hub, each),
                hub.translate(EVENTS[each.kind]),
                each.cluster,
                each.other,
                each.size or "",
                ", ".join(each.records),
            )
            for each in found
        ],
    )


def _author(hub: Hub, each: Move) -> str:
    return hub.translate(BY_MATCHING) if each.decision is None else each.author


def _told(each: Move) -> dict[str, object]:
    plain = asdict(each)
    return {"event": plain.pop("number"), "made": told(plain.pop("stamp")), **plain}


@click.command("revert")
@click.argument("number", type=click.IntRange(1, GREATEST), metavar="EVENT")
@reason_option
@author_option
@json_option
@click.pass_obj
def revert(hub: Hub, /, number: int, *, as_json: bool, author: str, reason: str) -> None:
    """Take back what matching did to a cluster: records that came are parted, that left, joined."""
    said = Said(author=author_of(hub, author), reason=reason)
    with hub.catalogue() as db:
        decision = judging.revert(db, number, said)
    if as_json:
        return hub.output.value({"event": number, "decision": decision})
    return hub.output.notice(
        "Event {event} is taken back by decision {number}. To have it again:"
        " lienthong clusters undo {number}",
        event=number,
        number=decision,
    )


@click.command("labels")
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path, file_okay=False))
@json_option
@click.pass_obj
def labels(hub: Hub, folder: Path, *, as_json: bool) -> None:
    """Write what people decided as labelled pairs, to measure and fit matching by."""
    with hub.catalogue() as db:
        count = write_labels(db, folder)
    if as_json:
        return hub.output.value({"folder": str(folder), "pairs": count})
    return hub.output.notice(
        "{count} pairs are written. To measure matching by them: lienthong bench matching {folder}",
        count=count,
        folder=folder,
    )
