"""How a harvest is going: a live bar on a terminal, a plain line every few seconds elsewhere."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple, Protocol

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars

from scheduler.model import Progress
from web.language import Translate, mark

_EVERY = 5.0
"""Seconds between two plain lines."""
_PLACE = "place"
_HARVEST = "harvest"
_STAGES = {
    _HARVEST: mark("harvesting"),
    _PLACE: mark("placing"),
    "check": mark("checking"),
    "look": mark("looking through"),
    "pair": mark("carrying over"),
}
_FETCHING = mark("{records} records, {speed}/s, {pages} pages, {problems} problems")
_PLACING = mark("{records} records, {speed}/s")
_BAR = 10
"""Width of the bar: all of it fits on a terminal of 80 columns."""


class Shown(Protocol):
    """A way to show how a harvest is going."""

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
        live = Live(bars, translate)
        yield live
        live.finish()


def _bars(console: Console) -> Bars:
    return Bars(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=_BAR),
        TextColumn("{task.fields[state]}", markup=False),
        TimeRemainingColumn(),
        console=console,
    )


class Measure(NamedTuple):
    """How much of a stage is done, of how much if that is known, and how many a second."""

    done: int
    total: int | None
    speed: float


class Meter:
    """Measures the stages of one harvest, each from the end of the one before it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.last = clock()
        self.started: dict[str, float] = {}
        self.most = 0

    def measure(self, progress: Progress) -> Measure:
        """Return the measure of the stage that reports."""
        started = self.started.setdefault(progress.stage, self.last)
        self.last = self.clock()
        done, total = self._extent(progress)
        return Measure(done, total, done / max(self.last - started, 1e-3))

    def _extent(self, progress: Progress) -> tuple[int, int | None]:
        if progress.stage != _PLACE:
            return progress.records, progress.total
        # While placing, the total is what still waits.
        left = progress.total or 0
        self.most = max(self.most, left)
        return self.most - left, self.most


class Live:
    """A bar for each stage of a harvest."""

    def __init__(self, bars: Bars, translate: Translate) -> None:
        self.bars = bars
        self.translate = translate
        self.meter = Meter()
        self.tasks: dict[str, TaskID] = {}

    def __call__(self, progress: Progress) -> None:
        """Move the bar of this stage on; it has an end only if the source gave a total."""
        measure = self.meter.measure(progress)
        if not self.tasks:
            self.bars.console.print(progress.source, markup=False, highlight=False)
        if progress.stage not in self.tasks:
            title = self.translate(_STAGES[progress.stage])
            self.tasks[progress.stage] = self.bars.add_task(title, total=None, state="")
        self.bars.update(
            self.tasks[progress.stage],
            completed=measure.done,
            total=measure.total,
            state=state(progress, measure, self.translate),
        )

    def finish(self) -> None:
        """Fill the bar of placing: its end is not reported, the harvest just goes on from it."""
        for stage, task in self.tasks.items():
            if stage == _PLACE:
                self.bars.update(task, completed=self.meter.most)


class Lines:
    """A line for the first news of each stage, then one every few seconds."""

    def __init__(self, translate: Translate, clock: Callable[[], float] = time.monotonic) -> None:
        self.translate = translate
        self.meter = Meter(clock)
        self.due: dict[str, float] = {}

    def __call__(self, progress: Progress) -> None:
        """Print where this stage stands, if enough time has passed."""
        measure = self.meter.measure(progress)
        if self.meter.last < self.due.get(progress.stage, -math.inf):
            return
        self.due[progress.stage] = self.meter.last + _EVERY
        shown = state(progress, measure, self.translate)
        stage = self.translate(_STAGES[progress.stage])
        click.echo(f"{progress.source}: {stage}: {shown}", err=True)


def state(progress: Progress, measure: Measure, translate: Translate) -> str:
    """Return where a stage stands as one line in a language."""
    template = _FETCHING if progress.stage == _HARVEST else _PLACING
    total = f" / {measure.total:,}" if measure.total else ""
    return translate(template).format(
        records=f"{measure.done:,}{total}",
        speed=f"{measure.speed:,.0f}",
        pages=f"{progress.pages:,}",
        problems=f"{progress.problems:,}",
    )
