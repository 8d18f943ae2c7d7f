"""The connection to a server: only where we may go, messages out and in, each within its time."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import time
from contextlib import suppress

import httpcore2

from crosswalks.errors import Said
from harvester.network import Guard
from harvester.tls import context, refusal
from harvester.z3950.address import Address
from harvester.z3950.errors import (
    TargetFailed,
    TargetGarbled,
    TargetHungUp,
    TargetSilent,
    TargetUnreachable,
)
from harvester.z3950.model import Manners, Trace, Traced
from protocols.z3950 import Framer, decode, encode
from protocols.z3950.errors import PduError
from protocols.z3950.values.pdus import Pdu

_CHUNK = 256 << 10


class Line:
    """One connection. Any failure ends it: what would come after that belongs to nothing."""

    def __init__(self, address: Address, manners: Manners, trace: Trace | None = None) -> None:
        self._address = address
        self._manners = manners
        self._trace = trace
        self._guard = Guard(manners.allow_networks)
        self._framer = Framer(manners.most)
        self._waiting: list[bytes] = []
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._begun = time.monotonic()

    @property
    def is_open(self) -> bool:
        """Whether messages can go over it."""
        return self._streams is not None

    async def open(self) -> None:
        """Connect to the first of the host's addresses that answers; raise HarvestError."""
        try:
            async with asyncio.timeout(self._manners.connect_timeout):
                self._streams = await self._connected()
        except TimeoutError as error:
            reason = Said("there is no connection within {seconds} seconds", self._patience())
            raise TargetUnreachable(url=self._address.url, reason=reason) from error
        plain = self._streams[1].get_extra_info("socket")
        if plain is not None:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def _patience(self) -> dict[str, object]:
        return {"seconds": f"{self._manners.connect_timeout:g}"}

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        address, failure = self._address, ""
        for each in await self._addresses():
            try:
                return await asyncio.open_connection(
                    each,
                    address.port,
                    limit=_CHUNK,
                    ssl=context(self._manners.ca_bundle) if address.tls else None,
                    server_hostname=address.host if address.tls else None,
                )
            except ssl.SSLError as error:
                raise refusal(address.host, error) from error
            except OSError as error:
                # asyncio's own words are of its calls.
                failure = os.strerror(error.errno) if error.errno else str(error)
        raise TargetUnreachable(url=address.url, reason=failure)

    async def _addresses(self) -> list[str]:
        address = self._address
        try:
            # A name is looked up in a thread: the system's own way waits.
            found = await asyncio.to_thread(self._guard.addresses, address.host, address.port)
        except httpcore2.ConnectError as error:
            raise TargetUnreachable(url=address.url, reason=str(error)) from error
        return list(dict.fromkeys(found))

    async def send(self, pdu: Pdu, asked: str) -> None:
        """Send a message; ``asked`` says in errors what for. Raises TargetFailed."""
        data = encode(pdu)
        self._told(pdu, len(data), sent=True)
        _, writer = self._open(asked)
        try:
            writer.write(data)
            async with asyncio.timeout(self._manners.answer_timeout):
                await writer.drain()
        except TimeoutError as error:
            raise self._dropped(self._silent(asked)) from error
        except OSError as error:
            raise self._dropped(TargetHungUp(url=self._address.url, asked=asked)) from error

    async def receive(self, asked: str) -> Pdu:
        """Return the next message; raise TargetFailed."""
        reader, _ = self._open(asked)
        try:
            async with asyncio.timeout(self._manners.answer_timeout):
                while not self._waiting:
                    data = await reader.read(_CHUNK)
                    if not data:
                        raise self._dropped(TargetHungUp(url=self._address.url, asked=asked))
                    self._waiting += self._framer.feed(data)
            message = self._waiting.pop(0)
            pdu = decode(message)
        except TimeoutError as error:
            raise self._dropped(self._silent(asked)) from error
        except OSError as error:
            raise self._dropped(TargetHungUp(url=self._address.url, asked=asked)) from error
        except PduError as error:
            reason = Said(error.template(), error.details)
            raise self._dropped(
                TargetGarbled(url=self._address.url, asked=asked, reason=reason)
            ) from error
        except asyncio.CancelledError:
            # Its answer is still to come: nobody must take it for that to another question.
            self.drop()
            raise
        self._told(pdu, len(message), sent=False)
        return pdu

    async def close(self) -> None:
        """Let the connection go."""
        if self._streams is not None:
            (_, writer), self._streams = self._streams, None
            writer.close()
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(1):
                    await writer.wait_closed()

    def drop(self) -> None:
        """Let the connection go at once."""
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None

    def _open(self, asked: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None:
            raise TargetHungUp(url=self._address.url, asked=asked)
        return self._streams

    def _dropped(self, error: TargetFailed) -> TargetFailed:
        self.drop()
        return error

    def _silent(self, asked: str) -> TargetSilent:
        seconds = f"{self._manners.answer_timeout:g}"
        return TargetSilent(url=self._address.url, seconds=seconds, asked=asked)

    def _told(self, pdu: Pdu, size: int, *, sent: bool) -> None:
        if self._trace is not None:
            self._trace(Traced(sent, pdu, size, time.monotonic() - self._begun))
