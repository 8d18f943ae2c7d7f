"""When a list is at its end, and when it never would be."""

from __future__ import annotations

from hashlib import blake2b

from crosswalks.model import RawRecord
from harvester.errors import EndlessList
from harvester.oai.position import Position
from harvester.oai.xml import Envelope

_MOST_EMPTY_PAGES = 10


class Ending:
    """Watches one list, page by page, in constant memory.

    The same token with the same records can only lead round again. A token alone says nothing:
    some servers rightly keep one for the whole session (OAI-PMH 2.0 s3.5 leaves it to them).
    """

    def __init__(self) -> None:
        self._previous = b""
        # Brent's algorithm: a landmark that moves on ever more rarely meets a circle of any length.
        self._landmark = b""
        self._seen = 0
        self._empty = 0

    def reached(
        self, position: Position, envelope: Envelope, records: tuple[RawRecord, ...]
    ) -> bool:
        """Return whether the list ends with this page, asked for from ``position``.

        Servers that give a token after the last record then send empty pages: those end a list
        too. Raise EndlessList where a page comes round again.
        """
        self._empty = 0 if records else self._empty + 1
        if not envelope.token or (not records and envelope.token == position.token):
            return True
        if self._empty >= _MOST_EMPTY_PAGES:
            return True
        self._watch(envelope, _fingerprint(envelope.token, records))
        return False

    def _watch(self, envelope: Envelope, fingerprint: bytes) -> None:
        if fingerprint in {self._previous, self._landmark}:
            raise EndlessList(page=envelope.page, url=envelope.url)
        self._previous = fingerprint
        self._seen += 1
        if self._seen.bit_count() == 1:
            self._landmark = fingerprint


def _fingerprint(token: str, records: tuple[RawRecord, ...]) -> bytes:
    """Hash what a page gives; its bytes hold the time of day and are never the same."""
    state = blake2b(token.encode(), digest_size=16)
    for record in records:
        state.update(f"{record.identifier}\0{record.datestamp}\0{len(record.body)}\0".encode())
    return state.digest()
