"""yaz-ztest, the test server of libyaz, on loopback.

It finds as many records as the number in the term says, and gives the same 24 over and over.
"""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from support.z3950_target import Target

_SECONDS_TO_START = 30


@contextmanager
def ztest(folder: Path) -> Iterator[Target]:
    """Serve from a folder of its own; the target tells the port and the address."""
    port = free_port()
    server = subprocess.Popen(
        ("yaz-ztest", f"tcp:127.0.0.1:{port}"),
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        await_listening(port, server)
        yield Target(kept=[], port=port, database="Default")
    finally:
        server.terminate()
        server.wait()


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def await_listening(port: int, server: subprocess.Popen[bytes]) -> None:
    """Wait until a server answers; raise TimeoutError where it does not come to it."""
    end = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < end and server.poll() is None:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.02)
    raise TimeoutError(port)
