"""Pairs of records: what matching asks, what it says of any two, and what a library has twice."""

from __future__ import annotations

from itertools import islice

import click

from catalogue import pairs, questions, records
from catalogue.pairs import Doubled, Judged, Side
from catalogue.questions import Question
from hub.filing import outgoing
from hub.instance import Hub
from hub.options import json_option, limit_option
from web.language import mark
from web.matches import CROWDED, DECISIONS, SETTLES, doubles_file, heading
from web.quality.reasons import words

_ONE_PUBLICATION = mark("One publication")


@click.command("asked")
@click.option("--library", default="", help="Only pairs with a record of this library.")
@limit_option
@json_option
@click.pass_obj
def asked(hub: Hub, library: str, limit: int, *, as_json: bool) -> None:
    """List what matching cannot decide, those first whose answer settles the most, and why."""
    with hub.catalogue() as db:
        for question in islice(questions.all_asked(db, library), limit):
            _ask(hub, question, as_json=as_json)


@click.command("compare")
@click.argument("a", metavar="SOURCE/IDENTIFIER")
@click.argument("b", metavar="SOURCE/IDENTIFIER")
@json_option
@click.pass_obj
def compare(hub: Hub, a: str, b: str, *, as_json: bool) -> None:
    """Say whether matching takes two records for one publication, and why."""
    with hub.catalogue() as db:
        _show(hub, pairs.compare(db, records.parted(a), records.parted(b)), as_json=as_json)


@click.command("crowds")
@limit_option
@json_option
@click.pass_obj
def crowds(hub: Hub, limit: int, *, as_json: bool) -> None:
    """List records so alike that they are too many to be compared with each other."""
    with hub.catalogue() as db:
        found = pairs.crowds(db, limit)
    if as_json:
        return hub.output.values(
            {"size": each.size, "sample": each.sample.name, "linked": each.linked} for each in found
        )
    return hub.output.table(
        ("Records", "Why", "One of them", "Description"),
        [
            (
                each.size,
                hub.translate(CROWDED[each.linked]),
                each.sample.name,
                heading(each.sample.record),
            )
            for each in found
        ],
    )


@click.command("duplicates")
@click.argument("library")
@click.option("--csv", "file", help="Write all of them to this file, for the library.")
@limit_option
@json_option
@click.pass_obj
def duplicates(hub: Hub, library: str, file: str | None, limit: int, *, as_json: bool) -> None:
    """List what a library has more than one record of."""
    with hub.catalogue() as db:
        found = pairs.all_within(db, library)
        if file is not None:
            with outgoing(file) as out:
                out.writelines(doubles_file(found, hub.translate))
            return
        for each in islice(found, limit):
            _show_double(hub, each, as_json=as_json)


def _ask(hub: Hub, question: Question, *, as_json: bool) -> None:
    place = question.place
    if as_json:
        settles = {"pairs": place.pairs, "records": place.records}
        return hub.output.value(_plain(hub, question.judged) | settles)
    hub.output.line(hub.translate(SETTLES).format(pairs=place.pairs, records=place.records))
    return _show(hub, question.judged, as_json=False)


def _plain(hub: Hub, judged: Judged) -> dict[str, object]:
    return {
        "a": judged.a.name,
        "b": judged.b.name,
        "decision": judged.decision,
        "score": judged.score,
        "reasons": list(judged.reasons),
        "words": words(judged.reasons, hub.translate),
    }


def _show(hub: Hub, judged: Judged, *, as_json: bool) -> None:
    if as_json:
        return hub.output.value(_plain(hub, judged))
    hub.output.line(f"{hub.translate(DECISIONS[judged.decision])} ({judged.score:.2f})")
    for side in (judged.a, judged.b):
        _show_side(hub, side)
    for word in words(judged.reasons, hub.translate):
        hub.output.line(f"    {word}")
    return None


def _show_double(hub: Hub, each: Doubled, *, as_json: bool) -> None:
    if as_json:
        names = [side.name for side in each.records]
        return hub.output.value({"cluster": each.cluster, "records": names})
    hub.output.line(f"{hub.translate(_ONE_PUBLICATION)}: {each.cluster}")
    for side in each.records:
        _show_side(hub, side)
    return None


def _show_side(hub: Hub, side: Side) -> None:
    hub.output.line(f"  {side.name}  {heading(side.record)}")
