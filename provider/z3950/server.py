"""The sockets of the Z39.50 server: one task a connection, one message of it at a time.

Messages are read, carried out and written in threads, so that no client waits for the work of
another one, and answered in the order in which they came. Nothing more is read of a client that
has not taken its answer; a client that says nothing holds its socket alone, and not for ever.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import NamedTuple

from catalogue.errors import DatabaseUnreachable
from protocols.z3950 import Framer, decode, encode
from protocols.z3950.errors import NotZ3950, PduError
from protocols.z3950.values.common import CloseCause
from provider.model import Response
from provider.timing import timed
from provider.z3950 import http
from provider.z3950.doors import CHUNK, Door
from provider.z3950.http import Asked, BadRequest, Requests, Web
from provider.z3950.model import Answer, Limits
from provider.z3950.room import Room
from provider.z3950.session import Session, refusal

_log = logging.getLogger(__name__)
_GRACE = 5.0
_LOOK = 0.5
_SHORT = 1 << 10
"""Messages no longer than that are looked at before they go to a thread."""


class _Done(NamedTuple):
    """The bytes that a message is answered with, and whether they are the last."""

    data: bytes
    ends: bool


async def until_set(event: Event) -> None:
    """Wait for an event that the handler of a signal may set.

    It looks now and then: a handler runs between two steps of the first thread only, and nothing
    may ever wake a loop whose signal came just before it waited, or to another thread.
    """
    while not event.is_set():  # noqa: ASYNC110 - set by a handler, which may call nothing of a loop
        await asyncio.sleep(_LOOK)


class Server:
    """Serves a room to those who come through a door, until it is told to stop.

    ``web`` answers those who speak HTTP; without it they are told that nobody does.
    """

    def __init__(
        self,
        room: Room,
        door: Door,
        tls: ssl.SSLContext | None = None,
        web: Web | None = None,
    ) -> None:
        self._room = room
        self._limits: Limits = room.limits
        self._door = door
        self._tls = tls
        self._web = web or _nobody
        self._threads = ThreadPoolExecutor(room.limits.threads, thread_name_prefix="z3950")
        self._tasks: set[asyncio.Task[None]] = set()
        self._under_way = 0
        self._known = room.known(self._turn)
        self._turn_now: int | None = None

    def run(self, stopping: Event, ready: Callable[[], None] | None = None) -> None:
        """Serve until the event is set; ``ready`` is called once clients are let in."""
        asyncio.run(self._run(stopping, ready))

    async def _run(self, stopping: Event, ready: Callable[[], None] | None) -> None:
        await self._door.open(self._connected, self._tls, stopping.set)
        if ready:
            ready()
        await until_set(stopping)
        self._door.close()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_GRACE)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _connected(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        has_room: bool,  # noqa: FBT001 - as doors tell it
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        session = Session(self._room)
        try:
            if has_room:
                _keep_alive(writer)
                await self._converse(reader, writer, session)
            else:
                await self._say(writer, refusal(CloseCause.RESOURCES, "too many sessions"))
        except asyncio.CancelledError:
            # The server stops. Nothing awaits this task: to end is all there is to do.
            writer.write(_encoded(refusal(CloseCause.SHUTDOWN, "the server stops")).data)
        except (ConnectionError, TimeoutError, ssl.SSLError):
            writer.transport.abort()
        finally:
            session.end()
            self._tasks.discard(task)
            writer.close()
            # What it does not take it is not kept for.
            asyncio.get_running_loop().call_later(self._limits.message, writer.transport.abort)

    async def _converse(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, session: Session
    ) -> None:
        """Answer what comes until one side ends it."""
        framer = Framer(self._limits.request)
        while True:
            try:
                messages = await self._received(reader, framer, session)
            except NotZ3950 as wrong:
                if session.agreed is None and _is_http(wrong):
                    await self._answer_http(Requests(reader, framer.held), writer)
                    return
                messages = None
                await self._say(writer, refusal(CloseCause.PROTOCOL_ERROR, "not Z39.50"))
            except PduError as wrong:
                messages = None
                await self._say(writer, refusal(CloseCause.PROTOCOL_ERROR, type(wrong).__name__))
            except TimeoutError:
                messages = None
                await self._say(writer, refusal(CloseCause.LACK_OF_ACTIVITY, "timeout"))
            if messages is None:
                return
            for at, message in enumerate(messages):
                if at:
                    # Others have their turn between messages that came in one piece.
                    await asyncio.sleep(0)
                if await self._answered(writer, session, message):
                    return

    async def _answer_http(self, requests: Requests, writer: asyncio.StreamWriter) -> None:
        """Answer requests of HTTP until one side ends it."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                async with asyncio.timeout(self._limits.message):
                    asked = await requests.next()
            except BadRequest as wrong:
                await self._send(writer, http.written(http.refused(wrong), is_last=True))
                return
            if asked is None:
                return
            response = await loop.run_in_executor(self._threads, _browsed, self._web, asked)
            await self._send(writer, http.written(response, is_last=asked.is_last))
            if asked.is_last:
                return

    async def _received(
        self, reader: asyncio.StreamReader, framer: Framer, session: Session
    ) -> list[bytes] | None:
        """Return the next messages, None at the end.

        Raises TimeoutError where a client is idle for too long, or takes too long over a message;
        whoever has just come has no longer than for a message to say the first one.
        """
        idle = self._limits.idle if session.agreed else self._limits.message
        messages: list[bytes] = []
        async with asyncio.timeout(idle) as bound:
            while not messages:
                data = await reader.read(CHUNK)
                if not data:
                    return None
                is_new = not framer.waiting
                messages = framer.feed(data)
                if is_new:
                    bound.reschedule(asyncio.get_running_loop().time() + self._limits.message)
        return messages

    async def _answered(
        self, writer: asyncio.StreamWriter, session: Session, message: bytes
    ) -> bool:
        """Answer one message; tell whether the session ends with that."""
        crowded = self._under_way > self._limits.crowded
        room_for = self._limits.short if crowded else self._limits.preferred
        done = _at_once(self._known, session, message, room_for) if len(message) <= _SHORT else None
        if done is None:
            loop = asyncio.get_running_loop()
            done = await loop.run_in_executor(self._threads, _answer, session, message, room_for)
            self._forget_turn()
        await self._send(writer, done.data)
        return done.ends

    def _turn(self) -> int:
        """Return the turn of the catalogue, asked for once for all that came in together.

        A task that is woken by what came is woken in the next round of the loop, and those woken in
        one round are answered by one turn; one that has waited for something else asks anew.
        """
        if self._turn_now is None:
            self._turn_now = self._room.lookup.turn()
            asyncio.get_running_loop().call_soon(self._forget_turn)
        return self._turn_now

    def _forget_turn(self) -> None:
        self._turn_now = None

    async def _say(self, writer: asyncio.StreamWriter, answer: Answer) -> None:
        await self._send(writer, _encoded(answer).data)

    async def _send(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        """Send an answer; who does not take it in time is cut off by TimeoutError."""
        self._under_way += len(data)
        try:
            writer.write(data)
            if writer.transport.get_write_buffer_size():
                async with asyncio.timeout(self._limits.message):
                    await writer.drain()
                self._forget_turn()
        finally:
            self._under_way -= len(data)


def _is_http(wrong: NotZ3950) -> bool:
    """Tell whether what came begins with a letter, as a request of HTTP does."""
    first = wrong.details["first"]
    return isinstance(first, int) and chr(first).isalpha() and first < 0x80  # noqa: PLR2004 - ASCII


def _nobody(_: Asked) -> Response:
    """Tell a client of HTTP that nobody answers it."""
    headers = {"Content-Type": "text/plain"}
    return Response(status=404, headers=headers, body=b"This port speaks Z39.50, not HTTP.\n")


def _browsed(web: Web, asked: Asked) -> Response:
    """Return the answer to a request of HTTP, in a thread."""
    try:
        return web(asked)
    except DatabaseUnreachable as error:
        _log.warning("z3950: %s", error)
        return Response(status=503, headers={"Retry-After": "30"})
    except Exception:  # noqa: BLE001 - the request's edge, as below
        _log.exception("z3950: a request of HTTP failed")
        return Response(status=500)


def _at_once(known: Room, session: Session, message: bytes, room_for: int) -> _Done | None:
    """Return the answer to a message that takes no work; None where it needs a thread.

    To go to a thread and back takes longer than to answer what was asked lately.
    """
    return _safely(lambda: session.answer_at_once(known, decode(message), room_for))


def _answer(session: Session, message: bytes, room_for: int) -> _Done:
    """Return the answer to a message, in a thread."""
    with timed("z3950"):
        done = _safely(lambda: session.answer(decode(message), room_for))
    assert done is not None
    return done


def _safely(answer: Callable[[], Answer | None]) -> _Done | None:
    """Return what comes of it: whatever is wrong, it is an answer."""
    try:
        found = answer()
        return None if found is None else _encoded(found)
    except PduError as wrong:
        said = f"Malformed package: {type(wrong).__name__}"
        return _encoded(refusal(CloseCause.PROTOCOL_ERROR, said))
    except Exception:  # noqa: BLE001 - the request's edge: it ends its own session alone
        _log.exception("z3950: a request failed")
        return _encoded(refusal(CloseCause.SYSTEM_PROBLEM, "the request failed"))


def _encoded(answer: Answer) -> _Done:
    return _Done(b"".join(map(encode, answer.pdus)), answer.ends)


def _keep_alive(writer: asyncio.StreamWriter) -> None:
    """Have the system find out who is gone for good; asyncio sends small answers at once."""
    plain = writer.get_extra_info("socket")
    if plain is not None:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
