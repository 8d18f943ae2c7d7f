"""Resumption tokens: a signed place in a pinned list, so the server remembers nothing.

A token is as good after a restart, an upgrade or ten years as on its first day, and nothing in it
can be changed: the signature covers the verb and the view as well as the list.
"""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import astuple, dataclass

from provider.oai.errors import BadResumptionToken

_VERSION = 1
_SIGNATURE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the next page of a list begins, and what the whole list is."""

    prefix: str
    start: int | None
    end: int
    set_spec: str
    horizon: int
    """The responseDate of every page: where the list began to look, so a client may take any."""
    stamp: int
    key: int
    """(stamp, key) of the last item given."""
    cursor: int
    """How many items came before the next page."""
    size: int
    """completeListSize, counted once."""


def seal(place: Place, *, key: bytes, scope: str) -> str:
    """Return a token of letters, digits, hyphens and underscores; ``scope`` names verb and view."""
    payload = json.dumps([_VERSION, *astuple(place)], separators=(",", ":")).encode()
    return _encode(_sign(payload, key, scope) + payload)


def unseal(token: str, *, key: bytes, scope: str) -> Place:
    """Return the place a token stands for; raises BadResumptionToken for any other text."""
    try:
        sealed = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except ValueError as error:
        raise BadResumptionToken from error
    if _encode(sealed) != token:  # the decoder passes over what is not base64
        raise BadResumptionToken
    signature, payload = sealed[:_SIGNATURE], sealed[_SIGNATURE:]
    if not hmac.compare_digest(signature, _sign(payload, key, scope)):
        raise BadResumptionToken
    version, *values = json.loads(payload)
    if version != _VERSION:
        raise BadResumptionToken
    return Place(**dict(zip(Place.__slots__, values, strict=True)))


def _encode(sealed: bytes) -> str:
    return urlsafe_b64encode(sealed).rstrip(b"=").decode()


def _sign(payload: bytes, key: bytes, scope: str) -> bytes:
    return hmac.digest(key, scope.encode() + b"\0" + payload, "sha256")[:_SIGNATURE]
