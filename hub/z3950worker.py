"""A process of the Z39.50 server: it serves the clients that ``lienthong serve`` hands on to it."""

from __future__ import annotations

import logging
import multiprocessing
import signal
import socket
import ssl
from dataclasses import dataclass
from functools import partial
from threading import Event

from catalogue.database import Database
from catalogue.model import HubIdentity
from crosswalks.errors import Error
from hub import logs
from hub.errors import UnreadableFile
from provider.sru.service import Service
from provider.z3950 import Door, Handed, Limits, Room, Server
from web import port

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a process has to know: it reads no settings of its own."""

    url: str
    read_url: str
    limits: Limits
    identity: HubIdentity
    certificate: str
    key: str
    log: str
    """In which form it is told what happens."""


def start(told: Told, control: socket.socket) -> multiprocessing.process.BaseProcess:
    """Start a process that serves what is handed on over a socket, until that is closed."""
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_serve, args=(told, control), name="z3950", daemon=True)
    process.start()
    return process


def server(
    database: Database,
    limits: Limits,
    identity: HubIdentity,
    door: Door,
    private: ssl.SSLContext | None,
) -> Server:
    """Return the server of a catalogue: Z39.50, and SRU to those who speak HTTP."""
    room = Room(database, limits=limits, title=identity.name)
    service = Service(identity=identity, lookup=room.lookup, shelf=room.crosswalks)
    return Server(room, door, private, partial(port.answer, service))


def tls(certificate: str, key: str) -> ssl.SSLContext | None:
    """Return what connections are made private by, if a certificate is set.

    Raises UnreadableFile.
    """
    if not certificate:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate, key or None)
    except (OSError, ssl.SSLError) as error:
        raise UnreadableFile(path=certificate, reason=error) from error
    return context


def _serve(told: Told, control: socket.socket) -> None:
    stopping = Event()
    # Ctrl-C reaches all processes of a terminal: the one that hands on has the others end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    logs.install(told.log)
    try:
        database = Database.open(told.url, told.read_url)
        private = tls(told.certificate, told.key)
    except Error as error:
        _log.error("z3950: %s", error)
        raise SystemExit(1) from error
    try:
        server(database, told.limits, told.identity, Handed(control), private).run(stopping)
    finally:
        database.close()
