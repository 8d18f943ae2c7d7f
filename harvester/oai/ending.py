"""When a list is at its end, and when it never would be."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

from harvester.errors import EndlessList, FarTooLong
from harvester.oai.xml import Envelope

_MOST_EMPTY_PAGES = 10
_TIMES_ANNOUNCED = 10
_MOST_TIMES = 100
_AT_LEAST = 10_000


class Ending:
    """Watches one list, page by page, in constant memory.

    The same token with the same records can only lead round again. A token alone says nothing:
    some servers rightly keep one for the whole session (OAI-PMH 2.0 s3.5 leaves it to them).
    completeListSize is a hint; but a list that has given ten times as many, in pages that come
    again under ever new tokens, will not come to an end either, nor one of a hundred times as many.
    """

    def __init__(self, token: str = "", records: int = 0) -> None:
        """Begin with a list that has given so many records before the page of this token."""
        self._token = token
        self._records = records
        self._total: int | None = None
        self._circle = _Circle()
        self._content = _Circle()
        self._empty = 0
        self.in_doubt = False
        """Whether the server said that more follows, and nothing tells that it does not."""

    def reached(self, envelope: Envelope, names: Sequence[str]) -> bool:
        """Return whether the list ends with this page, which names these records.

        Servers that give a token after the last record then send empty pages: those end a list
        too. Raise EndlessList where a page comes round again.
        """
        self._empty = 0 if names else self._empty + 1
        self._records += len(names)
        self._total = self._total if envelope.total is None else envelope.total
        if not envelope.token or (not names and envelope.token == self._token):
            return True
        if self._empty >= _MOST_EMPTY_PAGES:
            self.in_doubt = self._total is None
            return True
        self._token = envelope.token
        content = _fingerprint("\0".join(names))
        round_again = bool(names) and self._content.closes(content)
        again = self._circle.closes(_fingerprint(envelope.token, content)) or (
            round_again and self._is_far_too_long()
        )
        if self._records > _MOST_TIMES * max(self._total or self._records, _AT_LEAST):
            raise FarTooLong(
                page=envelope.page, url=envelope.url, total=self._total, records=self._records
            )
        if again:
            raise EndlessList(page=envelope.page, url=envelope.url)
        return False

    def _is_far_too_long(self) -> bool:
        return self._records > max(_TIMES_ANNOUNCED * (self._total or 0), _AT_LEAST)


class _Circle:
    """Finds that a sequence goes round, whatever the length of the circle (Brent's algorithm).

    A landmark that moves on ever more rarely meets every circle in the end.
    """

    def __init__(self) -> None:
        self._previous = b""
        self._landmark = b""
        self._seen = 0

    def closes(self, fingerprint: bytes) -> bool:
        """Return whether this one was there before."""
        if fingerprint in {self._previous, self._landmark}:
            return True
        self._previous = fingerprint
        self._seen += 1
        if self._seen.bit_count() == 1:
            self._landmark = fingerprint
        return False


def _fingerprint(text: str, content: bytes = b"") -> bytes:
    """Hash what a page gives; its bytes hold the time of day and are never the same."""
    return blake2b(content + text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
