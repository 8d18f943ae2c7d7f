"""How clients come to a server: from its own listening socket, or handed on by another process."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any, Protocol, TypeAlias

from provider.z3950.counting import Connected, address_of
from provider.z3950.model import Limits

CHUNK = 64 << 10
_BACKLOG = 512
Serve: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter, bool], Awaitable[None]]
"""Serves one client to its end; the last argument tells whether there is room for it."""
MESSAGE = struct.Struct("!q?")
"""What processes tell each other: the number of a connection, and whether there is room for it."""
READY = 0
"""Stands for the number of a connection: the process is ready to be handed some."""


Stop: TypeAlias = Callable[[], None]
"""Is called where no more clients will ever come."""


class Door(Protocol):
    """Lets clients in."""

    async def open(self, serve: Serve, tls: ssl.SSLContext | None, stop: Stop) -> None:
        """Begin to let clients in."""
        ...

    def close(self) -> None:
        """Let nobody in any more."""
        ...


class Listening:
    """A listening socket, all of whose clients are served here."""

    def __init__(self, listener: socket.socket, limits: Limits) -> None:
        self._listener = listener
        self._connected = Connected(limits)
        self._server: asyncio.Server | None = None

    async def open(self, serve: Serve, tls: ssl.SSLContext | None, _stop: Stop) -> None:
        """Begin to let clients in."""
        self._server = await asyncio.start_server(
            partial(self._came, serve), sock=self._listener, ssl=tls, limit=CHUNK, backlog=_BACKLOG
        )

    def close(self) -> None:
        """Let nobody in any more."""
        if self._server:
            self._server.close()

    async def _came(
        self, serve: Serve, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        address = address_of(writer.get_extra_info("peername"))
        try:
            await serve(reader, writer, self._connected.enter(address))
        finally:
            self._connected.leave(address)


class Handed:
    """The end of a pair of sockets over which another process hands on those it has accepted.

    It counts them, so it is told when each has ended; when it goes, no more will come.
    """

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._told: asyncio.Queue[int] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self, serve: Serve, tls: ssl.SSLContext | None, stop: Stop) -> None:
        """Begin to take what is handed on."""
        self._control.setblocking(False)
        loop = asyncio.get_running_loop()
        self._keep(self._tell())
        loop.add_reader(self._control, self._receive, partial(self._take, serve, tls), stop)
        self._told.put_nowait(READY)

    def close(self) -> None:
        """Take nothing any more."""
        asyncio.get_running_loop().remove_reader(self._control)
        for task in self._tasks:
            task.cancel()

    def _receive(
        self, take: Callable[[socket.socket, int, bool], Coroutine[Any, Any, None]], stop: Stop
    ) -> None:
        try:
            data, sockets, *_ = socket.recv_fds(self._control, MESSAGE.size, 1)
        except BlockingIOError:
            return
        except OSError:
            data, sockets = b"", []
        if len(data) < MESSAGE.size:
            asyncio.get_running_loop().remove_reader(self._control)
            stop()
            return
        number, has_room = MESSAGE.unpack(data)
        for each in sockets:
            self._keep(take(socket.socket(fileno=each), number, has_room))

    async def _take(
        self,
        serve: Serve,
        tls: ssl.SSLContext | None,
        came: socket.socket,
        number: int,
        has_room: bool,  # noqa: FBT001 - as it was told
    ) -> None:
        """Begin to serve one that was handed on; it is told when that has ended."""

        async def begun(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await serve(reader, writer, has_room)
            finally:
                self._told.put_nowait(number)

        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=CHUNK, loop=loop)
        protocol = asyncio.StreamReaderProtocol(reader, begun, loop=loop)
        try:
            came.setblocking(False)
            await loop.connect_accepted_socket(lambda: protocol, came, ssl=tls)
        except OSError:
            # Among these is ssl.SSLError: whoever came does not speak TLS, or has left again.
            came.close()
            self._told.put_nowait(number)

    async def _tell(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            number = await self._told.get()
            try:
                await loop.sock_sendall(self._control, MESSAGE.pack(number, True))
            except OSError:
                return

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
