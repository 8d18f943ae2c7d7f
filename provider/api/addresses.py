"""The addresses that answers name."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from provider.api.model import Call, Service

_IN_CURSORS = frozenset({"after", "since", "set"})
"""What a list was begun with and its cursors hold."""


def of(service: Service, *path: str, **query: Any) -> str:
    """Return an address below the index, its query without what is None."""
    below = "".join(f"/{quote(part, safe='')}" for part in path)
    told = urlencode({name: value for name, value in query.items() if value is not None})
    return f"{service.base}{below}{'?' if told else ''}{told}"


def going_on(call: Call, cursor: str, *path: str) -> str:
    """Return the address of the next page: what was asked, with another cursor."""
    asked = {
        name: ",".join(value) if isinstance(value, tuple) else value
        for name, value in call.values.items()
        if value not in (None, (), "") and name not in _IN_CURSORS
    }
    return of(call.service, *path, **asked, after=cursor)
