"""What holds while one crosswalk is compiled: tables of its own, and a guard on its patterns.

Tables and patterns are named deep inside rules; what is shipped has no tables of its own and is
trusted, what staff wrote is neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

Rows = tuple[tuple[str, ...], ...]


class Beside(NamedTuple):
    """A crosswalk's own tables, each with its heading, and whether its patterns are guarded."""

    tables: Mapping[str, Rows]
    guarded: bool


_BESIDE: ContextVar[Beside] = ContextVar("beside")
_NOTHING = Beside({}, guarded=False)


@contextmanager
def compiling(tables: Mapping[str, Rows]) -> Iterator[None]:
    """Let what is compiled in the block have these tables, and only patterns that end soon."""
    token = _BESIDE.set(Beside(tables, guarded=True))
    try:
        yield
    finally:
        _BESIDE.reset(token)


def own_table(name: str) -> Rows | None:
    """Return the crosswalk's own table of this name with its heading, or None."""
    return _BESIDE.get(_NOTHING).tables.get(name)


def is_guarded() -> bool:
    """Tell whether patterns have to be guarded."""
    return _BESIDE.get(_NOTHING).guarded
