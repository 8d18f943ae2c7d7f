"""Values that a client carries for us: signed, so that nothing in them can be changed."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

_SIGNATURE = 16


def seal(values: Sequence[Any], *, key: bytes, scope: str) -> str:
    """Return JSON values as letters, digits, hyphens and underscores, good in a scope alone."""
    payload = json.dumps(values, separators=(",", ":")).encode()
    return _encode(_sign(payload, key, scope) + payload)


def unseal(token: str, *, key: bytes, scope: str) -> list[Any] | None:
    """Return the values that were sealed with this key for this scope; None for any other text."""
    try:
        sealed = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except ValueError:
        return None
    # The decoder passes over what is not base64.
    if _encode(sealed) != token:
        return None
    signature, payload = sealed[:_SIGNATURE], sealed[_SIGNATURE:]
    if not hmac.compare_digest(signature, _sign(payload, key, scope)):
        return None
    values: list[Any] = json.loads(payload)
    return values


def _encode(sealed: bytes) -> str:
    return urlsafe_b64encode(sealed).rstrip(b"=").decode()


def _sign(payload: bytes, key: bytes, scope: str) -> bytes:
    return hmac.digest(key, scope.encode() + b"\0" + payload, "sha256")[:_SIGNATURE]
