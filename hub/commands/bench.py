"""``lienthong bench``: how good the hub is, measured on data that tells what is right."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from catalogue.match.measure import Figures, Judged, joined
from hub.instance import Hub
from hub.labelled import read_labelled
from hub.matching import Measured, as_plain, measure
from hub.options import json_option
from hub.stopping import interrupted_by_terminate
from web.language import mark

_WRONG = mark("joined wrongly")
_MISSED = mark("missed")


@click.group("bench")
def group() -> None:
    """Measure the hub on data that tells what is right."""


@group.command("matching")
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option(
    "--errors",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="List this many pairs that were joined wrongly or missed.",
)
@json_option
@click.pass_obj
def matching(hub: Hub, folder: Path, errors: int, *, as_json: bool) -> None:
    """Measure matching on a folder of labelled records."""
    with interrupted_by_terminate():
        measured = measure(read_labelled(folder))
    wrong = measured.errors[:errors]
    if as_json:
        listed = {"errors": [_plain(pair) for pair in wrong]} if errors else {}
        hub.output.value(as_plain(measured) | listed)
    else:
        _print(hub, measured)
        _list(hub, wrong)


def _print(hub: Hub, measured: Measured) -> None:
    out, spans = hub.output, measured.intervals
    rows: tuple[tuple[str, Figures, Mapping[str, tuple[float, float]]], ...] = (
        (mark("Best single threshold"), measured.pairs, spans["pairs"]),
        (mark("Joined without a person"), measured.auto, spans["auto"]),
        (mark("Clusters (B-cubed)"), measured.clusters, {}),
    )
    if measured.works is not None:
        rows += ((mark("Works (pairs)"), measured.works, {}),)
    out.table(
        ("Figure", "Precision", "Recall", "F1"),
        [(hub.translate(name), *_cells(figures, span)) for name, figures, span in rows],
    )
    out.line("")
    out.pairs(
        {
            "Records": measured.records,
            "Threshold": f"{measured.threshold:.3f}",
            "True pairs left to people": f"{measured.ask:.4f}",
            "True pairs that share a key": f"{measured.completeness:.4f}",
            "Candidates a record": f"{measured.candidates:.1f}",
            "Seconds": f"{measured.seconds:.1f}",
        }
    )


def _cells(figures: Figures, span: Mapping[str, tuple[float, float]]) -> list[str]:
    return [
        f"{value:.4f}" + (f" ({span[name][0]:.4f}-{span[name][1]:.4f})" if span else "")
        for name, value in figures._asdict().items()
    ]


def _list(hub: Hub, wrong: tuple[Judged, ...]) -> None:
    if not wrong:
        return
    hub.output.line("")
    hub.output.table(
        ("Error", "Record", "Other record", "Score", "Reasons"),
        (
            (
                hub.translate(_kind(pair)),
                pair.a,
                pair.b,
                f"{pair.verdict.score:.2f}",
                ", ".join(pair.verdict.reasons),
            )
            for pair in wrong
        ),
    )


def _kind(pair: Judged) -> str:
    return _WRONG if joined(pair.verdict) else _MISSED


def _plain(pair: Judged) -> dict[str, object]:
    verdict = pair.verdict
    return {
        "error": "wrong" if joined(verdict) else "missed",
        "a": pair.a,
        "b": pair.b,
        "score": verdict.score,
        "reasons": verdict.reasons,
    }
