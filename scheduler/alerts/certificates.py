"""When the certificates of members' servers end: looked at once a day, a few at a time."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from catalogue.alerts.model import Observed
from catalogue.errors import CatalogueError
from harvester.errors import HarvestError
from harvester.probe import Probe
from scheduler.alerts.judging import Moment
from scheduler.model import Line
from scheduler.outgoing import http_of
from scheduler.quiet import quiet_until

AT_ONCE = 5
"""Servers asked at one look: those that do not answer must not hold up the rest for long."""
EVERY_SECONDS = 24 * 3600
_PATIENCE = 10.0


def due(observed: Iterable[Observed], moment: Moment) -> list[Observed]:
    """Return the next sources whose certificates are to be looked at."""
    waiting = [each for each in observed if _is_due(each, moment)]
    waiting.sort(key=lambda each: each.before.probed if each.before else 0)
    return waiting[:AT_ONCE]


def end(line: Line, observed: Observed) -> datetime | None:
    """Return when the certificate of a source's server ends.

    None where that cannot be told; what is wrong with it then, its harvests tell.
    """
    source = observed.watched.source
    with suppress(HarvestError, CatalogueError):
        settings = replace(http_of(line, source), connect_timeout=_PATIENCE)
        probe = Probe(source.url, settings)
        if probe.encrypted:
            return probe.certificate().until
    return None


def _is_due(observed: Observed, moment: Moment) -> bool:
    source = observed.watched.source
    probed = observed.before.probed if observed.before else 0
    if moment.now.timestamp() - probed < EVERY_SECONDS:
        return False
    if not source.url.lower().startswith("https:") or source.rests or source.successor:
        return False
    return quiet_until(source, moment.timetable.zone, moment.now) is None
