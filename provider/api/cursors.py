"""Cursors: signed places behind which the next page begins, good for one list of one view."""

from __future__ import annotations

from typing import Any

from provider import sealing
from provider.api.errors import BadCursor
from provider.api.model import Call, Service

_VERSION = 1


def given_out(service: Service, scope: str, *values: Any) -> str:
    """Return a cursor that holds these values for a list."""
    return sealing.seal([_VERSION, *values], key=service.token_key, scope=_scoped(service, scope))


def taken(call: Call, scope: str) -> list[Any] | None:
    """Return what the cursor of a call holds; None without one. Raises BadCursor."""
    service, token = call.service, call.values["after"]
    if token is None:
        return None
    found = sealing.unseal(token, key=service.token_key, scope=_scoped(service, scope))
    if not found or found[0] != _VERSION:
        raise BadCursor
    return found[1:]


def _scoped(service: Service, scope: str) -> str:
    return f"api/{service.view.value}/{scope}"
