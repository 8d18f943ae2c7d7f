"""What the rooms log, told on standard error: why a harvest waits, what a request failed at.

As lines for people, or as JSON for a program that gathers the logs of many processes.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import click

from hub.output import harmless
from hub.settings import Settings, readable
from scheduler.about import about

TEXT, JSON = "text", "json"
_USUAL = frozenset(logging.makeLogRecord({}).__dict__)


class Teller(logging.Handler):
    """Says each entry on the standard error of that moment, above a progress bar if one runs."""

    def emit(self, record: logging.LogRecord) -> None:
        """Say one entry."""
        click.echo(harmless(self.format(record)), err=True)


class AsJson(logging.Formatter):
    """One JSON object a line, with the source and the run that it is about."""

    def format(self, record: logging.LogRecord) -> str:
        """Return an entry."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        named = {name: value for name, value in record.__dict__.items() if name not in _USUAL}
        said: dict[str, Any] = {
            "time": moment.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": os.getpid(),
            **about(),
            **named,
            "message": record.getMessage(),
        }
        if record.exc_info:
            said["error"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False, default=str)


def install(form: str = TEXT) -> None:
    """Tell warnings of all rooms, what the harvester is waiting for, and which clock leads."""
    teller = Teller()
    plain = logging.Formatter("%(asctime)s %(message)s")
    teller.setFormatter(AsJson() if form == JSON else plain)
    logging.basicConfig(level=logging.WARNING, handlers=[teller], force=True)
    for room in ("harvester", "scheduler", "hub"):
        logging.getLogger(room).setLevel(logging.INFO)
    # It speaks of every request that has to wait for a thread.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


def form_set(settings: Settings | None) -> str:
    """Return how settings say that is to be told; for people where there are none."""
    return settings.log.format if settings else TEXT


def form_of(environment: Mapping[str, str]) -> str:
    """Return how the settings say that is to be told; where they cannot be read, for people."""
    return form_set(readable(environment))


def tell(text: str, **named: object) -> None:
    """Tell a person what came of something; programs that read logs get it as an entry."""
    if any(isinstance(each.formatter, AsJson) for each in logging.getLogger().handlers):
        logging.getLogger(__name__).info("%s", text, extra=named)
    else:
        click.echo(harmless(text), err=True)
