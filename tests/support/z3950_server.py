"""A Z39.50 server of ours on loopback, and clients that speak to it."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from catalogue.database import Database
from protocols.pqf import read
from protocols.z3950 import Framer, decode, encode
from protocols.z3950.queries import to_rpn
from protocols.z3950.values import queries, searches, sessions
from protocols.z3950.values.common import Bits
from protocols.z3950.values.pdus import Pdu
from provider.z3950 import Limits, Listening, Room, Server

EVERYTHING = Bits.of(*range(20))
SECONDS = 60


@contextmanager
def served(database: Database, **limits: Any) -> Iterator[tuple[int, Room]]:
    """Serve a database; give the port, and what its sessions share."""
    room = Room(database, limits=Limits(**limits), title="Union catalogue")
    listener = socket.create_server(("127.0.0.1", 0))
    stopping, ready = threading.Event(), threading.Event()
    server = Server(room, Listening(listener, room.limits))
    thread = threading.Thread(target=server.run, args=(stopping, ready.set))
    thread.start()
    assert ready.wait(SECONDS)
    try:
        yield listener.getsockname()[1], room
    finally:
        stopping.set()
        thread.join(SECONDS)
        assert not thread.is_alive()


class Client:
    """A blocking client of one message at a time."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        self._framer = Framer()
        self._waiting: list[bytes] = []

    def send(self, *pdus: Pdu) -> None:
        """Send messages at once."""
        self.socket.sendall(b"".join(map(encode, pdus)))

    def receive(self) -> Any:
        """Return the next message, None where the server has hung up."""
        while not self._waiting:
            try:
                data = self.socket.recv(1 << 16)
            except ConnectionResetError:
                return None
            if not data:
                return None
            self._waiting += self._framer.feed(data)
        return decode(self._waiting.pop(0))

    def ask(self, pdu: Pdu) -> Any:
        """Send a message and return the answer."""
        self.send(pdu)
        return self.receive()

    def close(self) -> None:
        """Hang up without a word, as Koha does."""
        self.socket.close()


@contextmanager
def dialled(port: int) -> Iterator[Client]:
    """Give a client that has not said anything yet."""
    client = Client(port)
    try:
        yield client
    finally:
        client.close()


@contextmanager
def connected(port: int, **more: Any) -> Iterator[Client]:
    """Give a client that has said who it is."""
    with dialled(port) as client:
        assert client.ask(init(**more)).result
        yield client


def init(**more: Any) -> sessions.InitializeRequest:
    """Return the first message of a client that can do everything."""
    given = {
        "protocol_version": Bits.of(0, 1, 2),
        "options": EVERYTHING,
        "preferred_message_size": 1 << 20,
        "exceptional_record_size": 1 << 20,
        **more,
    }
    return sessions.InitializeRequest(**given)


def search(pqf: str = "@attr 1=_ALLRECORDS @attr 2=103 ''", **more: Any) -> searches.SearchRequest:
    """Return a search that asks for no records at once."""
    given: dict[str, Any] = {
        "small_set_upper_bound": 0,
        "large_set_lower_bound": 1,
        "medium_set_present_number": 0,
        "replace_indicator": True,
        "result_set_name": "default",
        "database_names": ("union",),
        **more,
    }
    if "query" not in given:
        given["query"] = queries.Type1(to_rpn(read(pqf)))
    return searches.SearchRequest(**given)


def present(start: int = 1, count: int = 1, **more: Any) -> searches.PresentRequest:
    """Return a request for records."""
    given = {"result_set_id": "default", **more}
    return searches.PresentRequest(
        result_set_start_point=start, number_of_records_requested=count, **given
    )


def run(*command: str, told: str = "") -> str:
    """Run a client of others and return what it printed."""
    done = subprocess.run(
        command, input=told.encode(), capture_output=True, timeout=SECONDS, check=False
    )
    return done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace")


def yaz_client(port: int, *commands: str, options: tuple[str, ...] = ()) -> str:
    """Have yaz-client carry out commands in one session and return what it printed."""
    told = "\n".join([f"open 127.0.0.1:{port}/union", *commands, "quit", ""])
    return run("yaz-client", *options, told=told)


def zoomsh(port: int, *commands: str) -> str:
    """Have zoomsh carry out commands in one session and return what it printed."""
    return run("zoomsh", *(f"connect 127.0.0.1:{port}/union", *commands, "quit"))
