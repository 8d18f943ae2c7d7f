"""Of each address: who may, what is kept of it in the audit, and what it does, in words.

The views say themselves whom they let in (``web.staff.access``). This table is what people read;
a test tries out each of its lines with every role, so that both say the same.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

from crosswalks.tables import parse


class Permission(NamedTuple):
    """One line: what somebody may do at an address."""

    endpoint: str
    method: str
    address: str
    role: str
    """The least role of staff; ``member``, ``signed-in`` for both, or ``everybody``."""
    kept: str
    """``audit`` where it changes something; otherwise why there is nothing to keep."""
    label: str
    """What it does, where it does something; an English message."""


@cache
def permissions() -> tuple[Permission, ...]:
    """Return all lines."""
    return tuple(Permission(*row) for row in parse(files("web.staff"), "permissions.tsv"))


@cache
def label(endpoint: str) -> str:
    """Return what is done at an endpoint, as a message; its name where no line tells."""
    said = (each.label for each in permissions() if each.endpoint == endpoint and each.label)
    return next(said, endpoint)
