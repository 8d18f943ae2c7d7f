"""What was measured, as JSON: figures, and ratios of figures that were measured in the same run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from hub.bench.dirt import kinds
from hub.bench.measuring import Measure
from hub.bench.run import Report, Sized
from hub.bench.stages import NAMES


def as_plain(report: Report) -> dict[str, Any]:
    """Return the whole report; seconds, bytes, MiB and microseconds as their names say."""
    options = asdict(report.options)
    # It may hold a password, and which database it was is said with the sizes.
    options["database"] = bool(report.options.database)
    return {
        "measured": datetime.fromtimestamp(report.began, UTC).isoformat(timespec="seconds"),
        "machine": asdict(report.machine),
        "options": options,
        "sizes": [_size(each) for each in report.sizes],
        "growth": [growth(*pair) for pair in pairwise(report.sizes)],
    }


def growth(small: Sized, large: Sized) -> dict[str, float]:
    """Return how much more an entry costs among more of them."""
    return {
        "from": small.lists.records,
        "to": large.lists.records,
        "cpu": _rounded(large.cpu_us / small.cpu_us),
        "clock": _rounded(large.wall_us / small.wall_us),
    }


def _size(each: Sized) -> dict[str, Any]:
    passed = each.passed
    return {
        "records": each.lists.records,
        "entries": each.lists.entries,
        "dirt": {dirt.kind: each.lists.dirt.get(dirt.kind, 0) for dirt in kinds()},
        "made_seconds": _rounded(each.made_seconds),
        "line": {
            "delivered": passed.delivered,
            "pages": passed.pages,
            "seconds": _rounded(passed.seconds),
            "harvest_seconds": _rounded(passed.harvest_seconds),
            "cpu_seconds": _rounded(passed.cpu_seconds),
            "per_second": _rounded(passed.delivered / passed.seconds),
            "per_cpu_second": _rounded(passed.delivered / passed.cpu_seconds),
            "cpu_microseconds": _rounded(each.cpu_us),
            "clock_microseconds": _rounded(each.wall_us),
            "peak_mib": _rounded(passed.peak_mib),
            "workers": [
                {"cpu_seconds": _rounded(one.cpu_seconds), "peak_mib": _rounded(one.peak_mib)}
                for one in passed.workers
            ],
            "memory": passed.course,
        },
        "stages": stages(each),
        "sampling": sampling(each),
        "found": each.verified._asdict(),
        "peers": [_peer(one) for one in each.peers],
        "ratios": ratios(each),
    }


def stages(each: Sized) -> list[dict[str, Any]]:
    """Return what each stage took, in the order of a record's way."""
    spent = each.passed.stages
    whole = sum(spent.values())
    return [
        {
            "stage": name,
            "cpu_seconds": _rounded(spent[name]),
            "share": _rounded(spent[name] / whole),
            "cpu_microseconds": _rounded(1e6 * spent[name] / each.passed.delivered),
            "per_cpu_second": _rounded(each.passed.delivered / spent[name])
            if spent[name]
            else None,
        }
        for name in NAMES
    ]


def sampling(each: Sized) -> dict[str, float]:
    """Return what looking at the stages cost itself."""
    looking = sum(one.looking for one in each.passed.workers)
    return {
        "looks": sum(one.looks for one in each.passed.workers),
        "cpu_seconds": _rounded(looking),
        "share": _rounded(looking / each.passed.cpu_seconds),
    }


def ratios(each: Sized) -> dict[str, Mapping[str, float]]:
    """Return how fast the line is beside each peer: by the clock, and by processor time."""
    passed = each.passed
    return {
        peer.name: {
            "clock": _rounded(passed.delivered / passed.seconds / peer.per_second),
            "cpu": _rounded(passed.delivered / passed.cpu_seconds / peer.per_cpu_second),
        }
        for peer in each.peers
    }


def _peer(one: Measure) -> dict[str, Any]:
    return {
        "name": one.name,
        "records": one.records,
        "seconds": _rounded(one.seconds),
        "cpu_seconds": _rounded(one.cpu_seconds),
        "per_second": _rounded(one.per_second),
        "per_cpu_second": _rounded(one.per_cpu_second),
        "peak_mib": _rounded(one.peak_mib),
    }


def _rounded(value: float) -> float:
    """Return a figure with as many digits as it deserves: four, or all before the point."""
    return float(f"{value:.4g}") if abs(value) < 1000 else float(round(value))  # noqa: PLR2004
