"""The web server in this process: told when it listens, stopped without cutting answers off."""

from __future__ import annotations

import errno
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from waitress import wasyncore
from waitress.server import create_server

from hub.errors import PortBusy
from hub.stopping import stopped_by_signals

WSGI = Callable[..., Any]

_GRACE = 10.0
"""Seconds that answers under way get to finish."""
_TRIES = 100
_TURN = 0.0005
"""Seconds that a thread may keep the interpreter from others (usual: 0.005)."""


def listen(host: str, port: int, *, next_free: bool = False) -> socket.socket:
    """Return a listening socket; port 0 takes a free one, ``next_free`` the next one not busy.

    Raises PortBusy where the address cannot be listened on.
    """
    for candidate in range(port, min(port + _TRIES, 65536)):
        try:
            return socket.create_server((host, candidate), family=_family(host))
        except OSError as error:
            if not (next_free and error.errno == errno.EADDRINUSE):
                raise PortBusy(host=host, port=candidate, reason=error.strerror or error) from error
    raise PortBusy(host=host, port=port, reason="EADDRINUSE")


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def address(listener: socket.socket) -> str:
    """Return the URL that a browser on this machine opens."""
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(
    app: WSGI,
    listener: socket.socket,
    *,
    threads: int,
    ready: Callable[[], None],
    largest: int = 1 << 30,
) -> None:
    """Serve until SIGINT or SIGTERM; ``ready`` is called once requests are answered.

    ``largest`` is how many bytes a request may have.
    """
    # One thread sends for all: each time it waits for the interpreter, no one is sent anything.
    sys.setswitchinterval(_TURN)
    sockets: dict[int, Any] = {}
    server = create_server(
        app,
        map=sockets,
        sockets=[listener],
        threads=threads,
        ident=None,
        max_request_body_size=largest,
        # What proxies add is judged by the application, which knows how many are ours.
        clear_untrusted_proxy_headers=False,
    )
    stopping = threading.Event()

    def stop() -> None:
        stopping.set()
        server.pull_trigger()

    with stopped_by_signals(stop):
        ready()
        while not stopping.is_set():
            wasyncore.loop(timeout=1.0, use_poll=True, map=sockets, count=1)
    _finish(server, sockets)


def _finish(server: Any, sockets: dict[int, Any]) -> None:
    """Let no one in any more, send the answers under way, and close."""
    server.del_channel()
    server.socket.close()
    deadline = time.monotonic() + _GRACE
    while any(map(_busy, list(server.active_channels.values()))) and time.monotonic() < deadline:
        wasyncore.loop(timeout=0.1, use_poll=True, map=sockets, count=1)
    server.task_dispatcher.shutdown(cancel_pending=True, timeout=1)
    wasyncore.close_all(sockets, ignore_all=True)


def _busy(channel: Any) -> bool:
    return bool(channel.requests or channel.total_outbufs_len)
