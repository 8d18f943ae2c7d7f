"""On whose behalf this thread works just now; nobody's, where a program works by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """How somebody came to act."""

    WEB = "web"
    COMMAND = "command"


@dataclass(slots=True, kw_only=True)
class Act:
    """Something that a person asked for."""

    who: str
    """User name; of a command the account on the machine; empty while nobody has signed in."""
    way: Way
    address: str
    """The address it was asked from; of a command the machine."""
    act: str
    """The endpoint, or the command without ``lienthong``."""
    object: str = ""
    """What it is done to, as far as the address or the command names it."""
    noted: bool = False
    """Whether something of it was written down already."""
    written: bool = False
    """The same of the transaction under way, which may have to be run again."""


_current: ContextVar[Act | None] = ContextVar("act", default=None)


def current() -> Act | None:
    """Return what is under way in this thread, if a person asked for it."""
    return _current.get()


def begin(act: Act | None) -> Token[Act | None]:
    """Begin to act on somebody's behalf; nobody's from here on, with None."""
    return _current.set(act)


@contextmanager
def during(act: Act | None) -> Iterator[None]:
    """Act on somebody's behalf within a block."""
    token = begin(act)
    try:
        yield
    finally:
        _current.reset(token)


def by(name: str) -> None:
    """Say who acts, where that was not known at the beginning."""
    act = _current.get()
    if act is not None and not act.who:
        act.who = name


def upon(name: str) -> None:
    """Say what is acted upon, where neither the address nor the command names it."""
    act = _current.get()
    if act is not None and not act.object:
        act.object = name
