"""How one answer to ListRecords is spoiled; each fault happens once, where a schedule puts it."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum

from support.loopback import Reply
from support.oai_source import failure

HOLD_SECONDS = 30
"""How long a stalled answer is held; whoever waits that long has no time limit."""


class Fault(StrEnum):
    """The name of what goes wrong."""

    BUSY = "503, Retry-After in seconds"
    BUSY_UNTIL = "503, Retry-After as a date"
    TOO_MANY = "429, Retry-After"
    GATEWAY = "502 with a page of HTML"
    BROKEN = "500 with a page of HTML"
    HTML = "a page of HTML with 200"
    NOTHING = "an empty body with 200"
    RESET = "the connection breaks off in the middle of the body"
    STALL = "the body stops in the middle, the connection stays open"
    HALF = "half a page, sent as if it were whole"
    NOT_XML = "a bare ampersand outside of the records"
    CONTROL = "a character XML forbids, outside of the records"
    NOTICE = "a notice of the program behind the document"
    GZIP_SAID = "gzip announced and not done"
    GZIP_CUT = "gzip that breaks off"
    GZIP_UNASKED = "gzip done and not announced"
    INVENTED = "an error code that does not exist"
    TOKEN_DEAD = "the resumption token is refused"
    TOKEN_KEPT = "the page is given with the token that asked for it"
    EMPTY = "a page without records, with a token for the same place"
    TWICE = "each record of the page twice"
    ENDED = "the list ends here although there is more"


AT_LIST = {Fault.TOKEN_DEAD, Fault.TOKEN_KEPT, Fault.EMPTY, Fault.TWICE, Fault.ENDED}
"""Those that a well-formed page holds: the endpoint makes them, all others are made here."""
SLOW = {Fault.STALL}
"""Those that cost the time of a read timeout."""
LOST = {
    Fault.BUSY,
    Fault.BUSY_UNTIL,
    Fault.TOO_MANY,
    Fault.GATEWAY,
    Fault.BROKEN,
    Fault.HTML,
    Fault.NOTHING,
    Fault.RESET,
    Fault.STALL,
    Fault.HALF,
    Fault.GZIP_CUT,
    Fault.INVENTED,
}
"""Those that leave nothing of a page to go by."""

_HTML = b"<!DOCTYPE html><html><body><h1>Trang kh\xc3\xb4ng t\xe1\xbb\x93n t\xe1\xba\xa1i</h1>"


def spoil(fault: Fault, reply: Reply) -> Reply:
    """Return a good answer as the fault leaves it."""
    return _SPOILERS[fault](reply)


def _html(status: int) -> Callable[[Reply], Reply]:
    return lambda _: Reply(body=_HTML, status=status, kind="text/html; charset=utf-8")


def _busy(status: int, after: Callable[[], str]) -> Callable[[Reply], Reply]:
    return lambda _: Reply(status=status, headers={"Retry-After": after()})


def _in_a_minute() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(minutes=1), usegmt=True)


def _swap(old: bytes, new: bytes) -> Callable[[Reply], Reply]:
    return lambda reply: replace(reply, body=reply.body.replace(old, new, 1))


def _cut(reply: Reply) -> Reply:
    return replace(reply, cut=len(reply.body) * 2 // 3)


def _gzipped(reply: Reply) -> Reply:
    return replace(reply, body=gzip.compress(reply.body, mtime=0))


_AFTER_REQUEST = b"</request>"
_SPOILERS: Mapping[Fault, Callable[[Reply], Reply]] = {
    Fault.BUSY: _busy(503, lambda: "1"),
    Fault.BUSY_UNTIL: _busy(503, _in_a_minute),
    Fault.TOO_MANY: _busy(429, lambda: "1"),
    Fault.GATEWAY: _html(502),
    Fault.BROKEN: _html(500),
    Fault.HTML: _html(200),
    Fault.NOTHING: lambda _: Reply(),
    Fault.RESET: _cut,
    Fault.STALL: lambda reply: replace(_cut(reply), hold=HOLD_SECONDS),
    Fault.HALF: lambda reply: replace(reply, body=reply.body[: len(reply.body) // 2]),
    Fault.NOT_XML: _swap(_AFTER_REQUEST, b"?a&b</request>"),
    Fault.CONTROL: _swap(_AFTER_REQUEST, b"\x0b</request>"),
    Fault.NOTICE: lambda reply: replace(reply, body=reply.body + b"<br/>\n<b>Notice</b>: x"),
    Fault.GZIP_SAID: lambda reply: replace(reply, headers={"Content-Encoding": "gzip"}),
    Fault.GZIP_CUT: lambda reply: replace(
        _gzipped(reply), body=_gzipped(reply).body[:-9], headers={"Content-Encoding": "gzip"}
    ),
    Fault.GZIP_UNASKED: _gzipped,
    Fault.INVENTED: lambda _: Reply(body=failure("InternalException", "null")),
}
