"""How long answers take, by protocol: measured where they are made, whatever process that is.

It is kept where the process was told to keep it by then: see ``hub.measured``.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from prometheus_client import CollectorRegistry, Histogram

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds: a page of OAI-PMH that is kept takes 2 ms, a search that is to be made 20 to 500."""


@cache
def histogram() -> Histogram:
    """Return what answers are counted in, by how long they took; the same for a process."""
    return Histogram(
        "lienthong_answer_seconds",
        "Seconds until an answer was made, by protocol.",
        ("protocol",),
        buckets=BUCKETS,
        registry=CollectorRegistry(),
    )


def took(protocol: str, seconds: float) -> None:
    """Count an answer."""
    histogram().labels(protocol).observe(seconds)


@contextmanager
def timed(protocol: str) -> Iterator[None]:
    """Count an answer that is made in the block."""
    begun = time.perf_counter()
    try:
        yield
    finally:
        took(protocol, time.perf_counter() - begun)
