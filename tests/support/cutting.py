"""A way to a server on which connections break off at random, in the middle of a message."""

from __future__ import annotations

import random
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

_CHUNK = 1 << 14


@dataclass(slots=True)
class Cutter:
    """Where it listens, and how often it cut."""

    port: int
    cuts: int = 0
    chance: random.Random = field(default_factory=random.Random)


@contextmanager
def cutting(port: int, *, seed: int, most: int) -> Iterator[Cutter]:
    """Pass connections on to a port of loopback, each cut after up to ``most`` bytes of answers."""
    listener = socket.create_server(("127.0.0.1", 0))
    cutter = Cutter(listener.getsockname()[1], 0, random.Random(seed))
    thread = threading.Thread(target=_accept, args=(listener, port, most, cutter), daemon=True)
    thread.start()
    try:
        yield cutter
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)


def _accept(listener: socket.socket, port: int, most: int, cutter: Cutter) -> None:
    threads = []
    while True:
        try:
            near, _ = listener.accept()
        except OSError:
            break
        far = socket.create_connection(("127.0.0.1", port))
        left = cutter.chance.randrange(_CHUNK, most)
        threads += [
            threading.Thread(target=_pass_on, args=(near, far, 1 << 60, cutter), daemon=True),
            threading.Thread(target=_pass_on, args=(far, near, left, cutter), daemon=True),
        ]
        for each in threads[-2:]:
            each.start()
    for each in threads:
        each.join(10)


def _pass_on(source: socket.socket, goal: socket.socket, left: int, cutter: Cutter) -> None:
    with suppress(OSError):
        while left and (data := source.recv(min(_CHUNK, left))):
            goal.sendall(data)
            left -= len(data)
    cutter.cuts += not left
    for each in (source, goal):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
    # Each direction closes the end that it writes to.
    goal.close()
