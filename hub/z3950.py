"""The Z39.50 server beside the web server, in the same process."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from catalogue.database import Database
from hub import serving
from hub.background import Part
from hub.errors import UnreadableFile
from hub.instance import Hub
from hub.settings import Z3950
from provider.z3950 import Limits, Room, Server

OFF = "off"


class Beside(NamedTuple):
    """The parts that run beside the web server, and what the line that says ready says of them."""

    parts: tuple[Part, ...]
    address: str


@contextmanager
def beside(
    hub: Hub, db: Database, port: int | None, *, off: bool = False, next_free: bool = False
) -> Iterator[Beside]:
    """Listen for Z39.50 clients, unless that is off; ``port`` stands in for the one that is set.

    Raises PortBusy, or UnreadableFile for a certificate that cannot be used.
    """
    if off:
        yield Beside((), OFF)
        return
    settings = hub.settings.z3950
    asked = settings.port if port is None else port
    tls = _tls(settings)
    with serving.listen(
        settings.host or hub.settings.serve.host, asked, next_free=next_free
    ) as listener:
        host, taken = listener.getsockname()[:2]
        if asked not in (0, taken):
            hub.output.notice("Port {asked} is busy; taking {taken}.", asked=asked, taken=taken)
        room = Room(db, limits=_limits(settings), title=hub.settings.public.name)
        told = f"[{host}]:{taken}" if ":" in host else f"{host}:{taken}"
        yield Beside((Server(room, listener, tls).run,), told)


def _limits(settings: Z3950) -> Limits:
    return Limits(
        threads=settings.threads,
        sessions=settings.sessions,
        sessions_per_address=settings.sessions_per_address,
        idle=settings.idle_seconds,
    )


def _tls(settings: Z3950) -> ssl.SSLContext | None:
    """Return what the connection is made private by, if a certificate is set."""
    if not settings.certificate:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(settings.certificate, settings.key or None)
    except (OSError, ssl.SSLError) as error:
        raise UnreadableFile(path=settings.certificate, reason=error) from error
    return context
