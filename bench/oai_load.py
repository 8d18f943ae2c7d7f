"""Clients of a web server that cost little: kept connections, answers read and not looked into."""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Callable, Iterable
from queue import SimpleQueue
from threading import Thread

_HEAD_ENDS = b"\r\n\r\n"
_OK = b"HTTP/1.1 200 "


class WrongAnswer(RuntimeError):
    """No whole page: how the answer begins, or the connection that was ended."""


class Client:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path: str) -> bytes:
        """Return the body of an answer; raises WrongAnswer for one that is no page."""
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head, body = self._head()
        length = next(
            int(line.partition(b":")[2])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        )
        parts, left = [body], length - len(body)
        while left > 0:
            parts.append(self._received())
            left -= len(parts[-1])
        if not head.startswith(_OK) or left < 0:
            raise WrongAnswer(head[:200])
        return b"".join(parts)

    def _head(self) -> tuple[bytes, bytes]:
        data = b""
        while _HEAD_ENDS not in data:
            data += self._received()
        head, _, body = data.partition(_HEAD_ENDS)
        return head, body

    def _received(self) -> bytes:
        found = self._socket.recv(1 << 20)
        if not found:
            raise WrongAnswer(self._socket)
        return found

    def close(self) -> None:
        """End the connection."""
        self._socket.close()


def rate(port: int, paths: Iterable[str], connections: int, seconds: float) -> float:
    """Return how many of these pages a server sends in a second, over some connections."""
    wanted = list(paths)
    counts: list[int] = []

    def work(number: int) -> None:
        client, chance, count = Client(port), random.Random(number), 0
        while time.perf_counter() < until:
            client.get(chance.choice(wanted))
            count += 1
        client.close()
        counts.append(count)

    began = time.perf_counter()
    until = began + seconds
    _together(work, connections)
    return sum(counts) / (time.perf_counter() - began)


def latencies(
    port: int, paths: Iterable[str], per_second: float, connections: int, seconds: float
) -> list[float]:
    """Return how long pages took, in seconds, from when each was due: arrivals at random."""
    wanted, chance = list(paths), random.Random(1)
    due: SimpleQueue[float | None] = SimpleQueue()
    took: list[float] = []

    def work(number: int) -> None:
        client, own = Client(port), random.Random(number)
        while (moment := due.get()) is not None:
            client.get(own.choice(wanted))
            took.append(time.perf_counter() - moment)
        client.close()

    def arrive(_: int) -> None:
        moment = time.perf_counter()
        until = moment + seconds
        while moment < until:
            moment += chance.expovariate(per_second)
            time.sleep(max(0.0, moment - time.perf_counter()))
            due.put(moment)
        for _number in range(connections):
            due.put(None)

    arriving = Thread(target=arrive, args=(0,))
    arriving.start()
    _together(work, connections)
    arriving.join()
    return took


def harvest(port: int, first: str, following: Callable[[bytes], str], until: float) -> int:
    """Read a list page by page until a moment, from its beginning again at its end."""
    client, path, count = Client(port), first, 0
    while time.perf_counter() < until:
        path = following(client.get(path)) or first
        count += 1
    client.close()
    return count


def _together(work: Callable[[int], None], count: int) -> None:
    threads = [Thread(target=work, args=(number,)) for number in range(count)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
