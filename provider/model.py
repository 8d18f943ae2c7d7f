"""A request and its answer, whatever web framework carries them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl

from catalogue.consumers.model import Taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked: names and values in the order sent, repeated ones included.

    Bytes that are not UTF-8 stay visible as lone surrogates, so a protocol can refuse them.
    """

    arguments: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, *encoded: bytes) -> Request:
        """Read URL-encoded parts: the query string, then the body of a form."""
        pairs = (pair for part in encoded for pair in _pairs(part))
        return cls(arguments=tuple(pairs))


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    text = encoded.decode("utf-8", "surrogateescape")
    return parse_qsl(text, keep_blank_values=True, errors="surrogateescape")


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file to be sent as it is, which never changes."""

    path: Path
    size: int
    """In bytes."""
    tag: str
    """Its checksum: equal for equal bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What to send: HTTP status, headers, and the whole body."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    records: int = 0
    """How many records are in it."""
    page: Taken | None = None
    """Of which list of OAI-PMH it is a page."""
    tag: str = ""
    """Equal for answers that say the same, whenever it was; empty: nothing is promised."""
    changed: int | None = None
    """When what it says changed last, epoch seconds, where that is known."""
    file: File | None = None
    """What is sent in place of the body, all of it or the range that is asked for."""
