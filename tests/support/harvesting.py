"""Short ways to harvest a test's own server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crosswalks.model import Checkpoint, Page
from harvester.http import Answer, Fetcher
from harvester.model import HttpSettings, SourceSpec
from harvester.oai import OaiReader

LOOPBACK = HttpSettings(allow_networks=("127.0.0.0/8", "::1/128"), first_wait=0.01)
"""May connect to this machine, and asks a server that fails again at once."""


def no_wait(_: float) -> None:
    """Wait for nothing."""


def reader(http: HttpSettings = LOOPBACK) -> OaiReader:
    """Return a reader that may connect to this machine and never sleeps."""
    return OaiReader(http, no_wait)


def harvest(url: str, checkpoint: Checkpoint | None = None, **spec: Any) -> list[Page]:
    """Return the pages of a harvest."""
    return list(reader().pages(SourceSpec(url=url, **spec), checkpoint or {}))


def identifiers(pages: Sequence[Page]) -> list[str]:
    """Return the identifiers of all records, in order."""
    return [record.identifier for page in pages for record in page.records]


def fetch(url: str, http: HttpSettings = LOOPBACK, sleeps: list[float] | None = None) -> Answer:
    """Return the answer to a plain request; the seconds it would have slept go to ``sleeps``."""
    waits = [] if sleeps is None else sleeps
    with Fetcher(http, waits.append) as fetcher:
        return fetcher.get(url, {})
