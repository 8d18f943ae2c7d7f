"""What an SRU server is made of: who it is, what it searches, and how far it goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from catalogue.model import HubIdentity
from crosswalks.shelf import Shelf
from protocols.errors import QueryError
from protocols.sru.errors import SruError
from protocols.sru.model import Diagnostic
from provider.lookup import UNION, Base, Lookup

Refusal: TypeAlias = QueryError | SruError
Say: TypeAlias = Callable[[Refusal], str]
"""Words an error in the language of whoever asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """An SRU server."""

    identity: HubIdentity
    lookup: Lookup
    shelf: Callable[[], Shelf]
    """Gives the crosswalks in use, for schemas that are made when they are asked for."""
    path: str = "/sru"
    most_records: int = 100
    """Records in an answer."""
    most_terms: int = 100
    deepest: int = 10_000
    """The last record of a result that is given: what is behind costs more with each page."""
    longest_query: int = 10_000

    def address(self, base: Base) -> str:
        """Return the base URL of a database; never taken from the request's Host header."""
        below = "" if base.name == UNION else f"/{base.name}"
        return self.identity.base_url.rstrip("/") + self.path + below


def diagnostic(error: Refusal, say: Say) -> Diagnostic:
    """Return what an error is in SRU."""
    return Diagnostic(error.sru, error.addinfo, say(error))
