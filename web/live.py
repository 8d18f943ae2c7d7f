"""Servers that are asked while somebody waits: how each is reached, and how it stands in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from catalogue.model import Source
from harvester.model import SourceSpec
from harvester.sru.target import SruTarget
from harvester.z3950.target import Z3950Target
from provider.federation.model import LiveTarget, Server, State, Status
from scheduler.model import Line
from scheduler.outgoing import SRU, http_of
from web.language import Translate, mark, message

STATES = {
    State.ASKING: mark("being asked"),
    State.ANSWERED: mark("answered"),
    State.REFUSED: mark("refused"),
    State.UNREACHABLE: mark("not reachable"),
    State.SILENT: mark("not through in time"),
    State.BUSY: mark("not asked just now"),
    State.FAILED: mark("failed"),
}
"""How it stands with a server, in words."""


def target(line: Line, source: Source, seconds: float) -> LiveTarget:
    """Return a source as a server to be asked live, each question of which waits so long."""
    return LiveTarget(
        name=source.name, open=partial(_opened, line, source, seconds), crosswalk=source.crosswalk
    )


def told(status: Status, translate: Translate) -> str:
    """Return how it stands with a server in a sentence that begins with its name."""
    state = translate(STATES[status.state])
    return ", ".join((f"{status.target}: {state}", *notes(status, translate))) + _why(
        status, translate
    )


def notes(status: Status, translate: Translate) -> Iterator[str]:
    """Yield what there is to say of what came, and how it was asked."""
    if status.state is State.ANSWERED or status.came:
        counts = translate("{hits} found, {came} fetched")
        yield counts.format(hits=status.hits, came=status.came)
    if status.unreadable:
        yield translate("{count} unreadable").format(count=status.unreadable)
    if status.simpler:
        yield translate("asked in a simpler way: it does not know all of the query")


def why(status: Status, translate: Translate) -> str:
    """Return the error that a server was left with, or nothing."""
    return message(status.why, translate) if status.why is not None else ""


def _why(status: Status, translate: Translate) -> str:
    said = why(status, translate)
    return f" ({said})" if said else ""


def _opened(line: Line, source: Source, seconds: float) -> Server:
    # In the thread of this server: where its credentials cannot be read, it alone is not asked.
    http = replace(
        http_of(line, source),
        retries=0,
        connect_timeout=seconds,
        read_timeout=seconds,
        total_timeout=seconds,
        requests_per_minute=0,
    )
    spec = SourceSpec(url=source.url, prefix=source.prefix)
    return SruTarget(spec, http) if source.protocol == SRU else Z3950Target(spec, http)
