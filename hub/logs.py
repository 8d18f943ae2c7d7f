"""What the rooms log, told on standard error: why a harvest waits, what a request failed at."""

from __future__ import annotations

import logging

import click

from hub.output import harmless


class Teller(logging.Handler):
    """Says each entry on the standard error of that moment, above a progress bar if one runs."""

    def emit(self, record: logging.LogRecord) -> None:
        """Say one entry."""
        click.echo(harmless(self.format(record)), err=True)


def install() -> None:
    """Tell warnings of all rooms, what the harvester is waiting for, and which clock leads."""
    teller = Teller()
    teller.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[teller])
    logging.getLogger("harvester").setLevel(logging.INFO)
    logging.getLogger("scheduler").setLevel(logging.INFO)
    # It speaks of every request that has to wait for a thread.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
