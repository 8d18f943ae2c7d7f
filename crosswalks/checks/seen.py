"""Which identifiers came more than once, however many come, in a memory that does not grow.

Of all identifiers those with the smallest hashes are kept: a fair sample, the same whatever the
order, so that two counts of parts of a source make the count of the whole. Up to ``KEPT``
different ones the count is exact; beyond that it is an estimate from the sample.
"""

from __future__ import annotations

import heapq
from hashlib import blake2b

KEPT = 10_000
_SAMPLES = 3


class Seen:
    """Counts identifiers that came before."""

    def __init__(self) -> None:
        self.total = 0
        self.kept: dict[int, tuple[int, str]] = {}
        self.largest: list[int] = []

    def add(self, identifier: str) -> None:
        """Count one more record with this identifier."""
        self.total += 1
        self._add(_hash(identifier), 1, identifier)

    def merge(self, other: Seen) -> None:
        """Count what another one has counted."""
        self.total += other.total
        for key, (count, identifier) in other.kept.items():
            self._add(key, count, identifier)

    def again(self) -> int:
        """Return how many records have an identifier that an earlier one had."""
        records = sum(count for count, _ in self.kept.values())
        if not records or len(self.kept) < KEPT:
            return records - len(self.kept)
        return round((records - len(self.kept)) / records * self.total)

    def is_exact(self) -> bool:
        """Tell whether ``again`` is a count and not an estimate."""
        return len(self.kept) < KEPT

    def samples(self) -> list[str]:
        """Return some identifiers that came more than once, the most frequent first."""
        twice = [(-count, identifier) for count, identifier in self.kept.values() if count > 1]
        return [identifier for _, identifier in heapq.nsmallest(_SAMPLES, twice)]

    def _add(self, key: int, count: int, identifier: str) -> None:
        known = self.kept.get(key)
        if known:
            self.kept[key] = (known[0] + count, known[1])
        elif len(self.kept) < KEPT or key < -self.largest[0]:
            self.kept[key] = (count, identifier)
            heapq.heappush(self.largest, -key)
            if len(self.kept) > KEPT:
                del self.kept[-heapq.heappop(self.largest)]


def _hash(identifier: str) -> int:
    return int.from_bytes(blake2b(identifier.encode("utf-8", "replace"), digest_size=8).digest())
