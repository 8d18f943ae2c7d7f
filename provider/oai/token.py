"""Resumption tokens: a signed place in a pinned list, so the server remembers nothing.

A token is as good after a restart, an upgrade or ten years as on its first day, and nothing in it
can be changed: the signature covers the verb and the view as well as the list.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

from provider import sealing
from provider.oai.errors import BadResumptionToken

_VERSION = 1


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
    return sealing.seal([_VERSION, *astuple(place)], key=key, scope=scope)


def unseal(token: str, *, key: bytes, scope: str) -> Place:
    """Return the place a token stands for; raises BadResumptionToken for any other text."""
    version, *values = sealing.unseal(token, key=key, scope=scope) or [None]
    if version != _VERSION:
        raise BadResumptionToken
    return Place(**dict(zip(Place.__slots__, values, strict=True)))
