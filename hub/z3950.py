"""The Z39.50 server beside the web server: in the same process, or in several of its own."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple

from catalogue.database import Database
from hub import serving, z3950worker
from hub.background import Part
from hub.instance import Hub
from hub.sections import Z3950
from provider.z3950 import Limits, Listening, Spreader

_MOST = 4
"""Processes, unless more are asked for: each takes some 100 MB, and keeps its own records made."""


class Beside(NamedTuple):
    """What runs beside the web server, and what the line that says ready says of it."""

    parts: tuple[Part, ...]
    address: str
    wait: Callable[[], None]
    """Returns once clients are served. Raises WorkersFailed."""


def _at_once() -> None:
    """Wait for nothing."""


OFF = Beside((), "off", _at_once)


@contextmanager
def beside(
    hub: Hub,
    db: Database,
    port: int | None,
    url: str,
    *,
    next_free: bool = False,
) -> Iterator[Beside]:
    """Listen for Z39.50 clients; ``port`` stands in for the one that is set.

    ``url`` is where the pages are, unless another base URL is set.
    Raises PortBusy, or UnreadableFile for a certificate that cannot be used.
    """
    settings = hub.settings.z3950
    asked = settings.port if port is None else port
    z3950worker.tls(settings.certificate, settings.key)
    with serving.listen(
        settings.host or hub.settings.serve.host, asked, next_free=next_free
    ) as listener:
        host, taken = listener.getsockname()[:2]
        if asked not in (0, taken):
            hub.output.notice("Port {asked} is busy; taking {taken}.", asked=asked, taken=taken)
        told = f"[{host}]:{taken}" if ":" in host else f"{host}:{taken}"
        part, wait = _server(hub, db, listener, url)
        yield Beside((part,), told, wait)


def _server(
    hub: Hub, db: Database, listener: socket.socket, url: str
) -> tuple[Part, Callable[[], None]]:
    settings = hub.settings.z3950
    identity = hub.identity(url)
    limits = _limits(settings)
    count = settings.processes or min(_processors(), _MOST)
    if count == 1:
        tls = z3950worker.tls(settings.certificate, settings.key)
        door = Listening(listener, limits)
        return z3950worker.server(db, limits, identity, door, tls).run, _at_once
    told = z3950worker.Told(
        url=hub.settings.database_url,
        read_url=hub.settings.database.read_url,
        limits=limits.shared(count),
        identity=identity,
        certificate=settings.certificate,
        key=settings.key,
        log=hub.settings.log.format,
    )
    spreader = Spreader(listener, limits, partial(z3950worker.start, told), count)
    return spreader.run, spreader.wait


def _processors() -> int:
    """Return how many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _limits(settings: Z3950) -> Limits:
    return Limits(
        threads=settings.threads,
        sessions=settings.sessions,
        sessions_per_address=settings.sessions_per_address,
        idle=settings.idle_seconds,
    )
