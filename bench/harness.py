"""How things are measured: each in a process of its own, in turns with its peers, best of several.

A process of its own has no warm caches and no memory of what ran before it; turns spread a noisy
machine's bad moments over all; CPU seconds, the parents' and children's together, say what a busy
machine hides.
"""

from __future__ import annotations

import json
import os
import platform
from argparse import ArgumentParser
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hub.bench.measuring import Measure, Work, WorkFailed, least, measure

__all__ = [
    "Measure",
    "Work",
    "WorkFailed",
    "add_options",
    "best",
    "least",
    "measure",
    "plain",
    "save",
    "show",
]

RESULTS = Path(__file__).parent / "results"


def add_options(parser: ArgumentParser, records: int, corpora: Iterable[str]) -> None:
    """Add what benchmarks over corpora ask for: how many records, how often, of which."""
    parser.add_argument("--records", type=int, default=records)
    parser.add_argument("--rounds", type=int, default=3, help="turns; the best one counts")
    parser.add_argument("--corpus", action="append", choices=list(corpora), help="repeatable")


def best(works: Sequence[Work], rounds: int) -> list[Measure]:
    """Measure all in turns, and return of each the run that took the least processor time."""
    return least([[measure(work) for work in works] for _ in range(rounds)])


def show(title: str, measures: Sequence[Measure], notes: Sequence[str] = ()) -> None:
    """Print a table of measures, and what they come to."""
    print(f"\n{title}")
    print(f"  {'':34} {'records':>9} {'seconds':>8} {'cpu':>8} {'/s':>9} {'/cpu s':>9} {'MiB':>6}")
    for each in measures:
        print(
            f"  {each.name:34} {each.records:>9,} {each.seconds:>8.2f} {each.cpu_seconds:>8.2f}"
            f" {each.per_second:>9,.0f} {each.per_cpu_second:>9,.0f} {each.peak_mib:>6.0f}"
        )
    for note in notes:
        print(f"  {note}")


def save(name: str, options: Mapping[str, Any], results: Mapping[str, Any]) -> Path:
    """Keep results as JSON under ``results/``, with when and on what they were measured."""
    now = datetime.now(UTC)
    told = {
        "benchmark": name,
        "measured": now.isoformat(timespec="seconds"),
        "machine": {
            "processors": os.cpu_count(),
            "architecture": platform.machine(),
            "python": platform.python_version(),
        },
        "options": dict(options),
        "results": dict(results),
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}-{now:%Y%m%dT%H%M%S}.json"
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1, default=str), "utf-8")
    print(f"  kept in bench/results/{path.name}")
    return path


def plain(measures: Sequence[Measure]) -> list[dict[str, Any]]:
    """Return measures as JSON knows them."""
    return [
        {**asdict(each), "per_second": each.per_second, "per_cpu_second": each.per_cpu_second}
        for each in measures
    ]
