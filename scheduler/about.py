"""What the work at hand is about, for whoever logs something meanwhile: the source and the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

_ABOUT: ContextVar[Mapping[str, str | int]] = ContextVar("about", default={})  # noqa: B039 - never changed


def about() -> Mapping[str, str | int]:
    """Return what this thread works at, by name; empty where nobody said."""
    return _ABOUT.get()


@contextmanager
def working_at(**named: str | int) -> Iterator[None]:
    """Say what the block is about, beside what was said around it."""
    token = _ABOUT.set({**_ABOUT.get(), **named})
    try:
        yield
    finally:
        _ABOUT.reset(token)
