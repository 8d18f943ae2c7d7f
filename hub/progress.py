"""How a harvest is going: a live bar on a terminal, a plain line every few seconds elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars

from hub.output import Translate
from scheduler.pipeline import Progress

Show = Callable[[Progress], None]

_EVERY = 5.0
"""Seconds between two plain lines."""


class Meter:
    """Records per second of one stage of one source."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.started = clock()

    def rate(self, records: int) -> float:
        """Return records per second since the stage began."""
        return records / max(self.clock() - self.started, 1e-3)


class Shown(Protocol):
    """A way to show how it is going."""

    def __call__(self, progress: Progress) -> None:
        """Show where one stage of one source stands."""


@contextmanager
def showing(translate: Translate) -> Iterator[Shown]:
    """Give the way to show progress that suits standard error; it ends with the block."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield Lines(translate)
        return
    with _bars(console) as bars:
        yield Live(bars, translate)


def _bars(console: Console) -> Bars:
    return Bars(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[state]}", markup=False),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
    )


class Live:
    """A bar for each stage of each source."""

    def __init__(self, bars: Bars, translate: Translate) -> None:
        self.bars = bars
        self.translate = translate
        self.tasks: dict[tuple[str, str], tuple[TaskID, Meter]] = {}

    def __call__(self, progress: Progress) -> None:
        """Move the bar of this stage on; it has an end only if the source gave a total."""
        key = (progress.source, progress.stage)
        if key not in self.tasks:
            title = f"{progress.source}: {self.translate(progress.stage)}"
            self.tasks[key] = (self.bars.add_task(title, total=None, state=""), Meter())
        task, meter = self.tasks[key]
        self.bars.update(
            task,
            completed=progress.records,
            total=progress.total,
            state=state(progress, meter, self.translate),
        )


class Lines:
    """A line every few seconds, and one for the first answer of each stage."""

    def __init__(self, translate: Translate, clock: Callable[[], float] = time.monotonic) -> None:
        self.translate = translate
        self.clock = clock
        self.meters: dict[tuple[str, str], Meter] = {}
        self.due = 0.0

    def __call__(self, progress: Progress) -> None:
        """Print where this stage stands, if enough time has passed."""
        key = (progress.source, progress.stage)
        first = key not in self.meters
        meter = self.meters.setdefault(key, Meter(self.clock))
        if not first and self.clock() < self.due:
            return
        self.due = self.clock() + _EVERY
        stage = self.translate(progress.stage)
        total = f" / {progress.total:,}" if progress.total else ""
        line = f"{progress.source}: {stage}: {state(progress, meter, self.translate)}{total}"
        click.echo(line, err=True)


def state(progress: Progress, meter: Meter, translate: Translate) -> str:
    """Return records, records per second, pages and problems as one line in a language."""
    return translate(
        "{records} records, {rate} records/s, {pages} pages, {problems} problems"
    ).format(
        records=f"{progress.records:,}",
        rate=f"{meter.rate(progress.records):,.0f}",
        pages=f"{progress.pages:,}",
        problems=f"{progress.problems:,}",
    )
