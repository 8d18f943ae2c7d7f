"""A process of the Z39.50 server: it serves the clients that ``lienthong serve`` hands on to it."""

from __future__ import annotations

import logging
import multiprocessing
import signal
import socket
import ssl
from dataclasses import dataclass
from threading import Event

from catalogue.database import Database
from crosswalks.errors import Error
from hub import logs
from hub.errors import UnreadableFile
from provider.z3950 import Handed, Limits, Room, Server

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a process has to know: it reads no settings of its own."""

    url: str
    read_url: str
    limits: Limits
    title: str
    certificate: str
    key: str


def start(told: Told, control: socket.socket) -> multiprocessing.process.BaseProcess:
    """Start a process that serves what is handed on over a socket, until that is closed."""
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_serve, args=(told, control), name="z3950", daemon=True)
    process.start()
    return process


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
    logs.install()
    try:
        database = Database.open(told.url, told.read_url)
        private = tls(told.certificate, told.key)
    except Error as error:
        _log.error("z3950: %s", error)
        raise SystemExit(1) from error
    try:
        room = Room(database, limits=told.limits, title=told.title)
        Server(room, Handed(control), private).run(stopping)
    finally:
        database.close()
