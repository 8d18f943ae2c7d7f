"""``lienthong bench line``: what the whole line costs on this machine, measured and reported."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from hub.bench import files
from hub.bench.generate import Recipe
from hub.bench.machine import processors
from hub.bench.report import as_plain
from hub.bench.run import Options, Report, run
from hub.bench.tables import Words, tables
from hub.instance import Hub
from hub.options import json_option
from hub.stopping import interrupted_by_terminate
from web.language import mark

_EVERY = 5.0
"""Seconds between two lines of how far it is."""
_MOST_MEMBERS = 999
_PROGRESS = mark("{stage}: {done} / {total}")


class Teller:
    """Says on standard error how far the measure is, a line every few seconds."""

    def __init__(self, hub: Hub, words: Words) -> None:
        self._hub = hub
        self._words = words
        self._stage = ""
        self._due = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Say it, if it is another stage or some time has passed."""
        now = time.monotonic()
        if stage == self._stage and now < self._due:
            return
        self._stage, self._due = stage, now + _EVERY
        named = {"done": self._words.number(done), "total": self._words.number(total)}
        self._hub.output.notice(_PROGRESS, stage=self._hub.translate(stage), **named)


@click.command("line")
@click.option(
    "--records",
    type=click.IntRange(min=1),
    multiple=True,
    default=(10_000,),
    show_default=True,
    help="Records to make up; may be given again, for what they cost among more of them.",
)
@click.option(
    "--members",
    type=click.IntRange(1, _MOST_MEMBERS),
    default=Recipe().members,
    show_default=True,
    help="Libraries that they are spread over.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**31 - 1),
    default=Recipe().seed,
    show_default=True,
    help="The same makes the same records.",
)
@click.option(
    "--database",
    default="",
    metavar="URL",
    envvar="LIENTHONG_BENCH_DATABASE",
    help="An empty database, emptied again after each number of records; default: SQLite files.",
)
@click.option(
    "--processes", type=click.IntRange(1, 64), help="Workers; default: one for each processor."
)
@click.option(
    "--peers/--no-peers",
    default=True,
    show_default=True,
    help="Let other programs read the same pages, to compare with.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the report; what is measured works in it too, and is taken away.",
)
@json_option
@click.pass_obj
def line(hub: Hub, /, *, output: Path | None, as_json: bool, **asked: Any) -> None:
    """Measure the whole line: made-up records harvested, matched, merged, published.

    Nothing of this hub is touched: each measure makes a hub of its own.
    """
    if output is not None:
        files.check_free(output)
    words = Words(hub.translate, hub.language)
    asked["processes"] = asked["processes"] or processors()
    with interrupted_by_terminate():
        report = run(Options(**asked, language=hub.language), output, Teller(hub, words))
    if output is not None:
        files.write(report, output, words)
    if as_json:
        hub.output.value(as_plain(report))
    else:
        _print(hub, report, words)
    if output is not None:
        hub.output.notice("The report lies in {folder}: {names}", folder=output, names=files.TEXT)


def _print(hub: Hub, report: Report, words: Words) -> None:
    for number, table in enumerate(tables(report, words)):
        if number:
            hub.output.line("")
        hub.output.line(hub.translate(table.title))
        hub.output.table(table.headings, table.rows)
