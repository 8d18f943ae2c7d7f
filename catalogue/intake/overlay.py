"""What would be stored already when the next page comes: kept beside the catalogue, on the disk.

SQLite makes a file of its own of it, without a name, once it is too large for its cache; so memory
stays as it is, however long the delivery.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from catalogue.model import RecordState
from catalogue.store.apply import Known

_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -16000;
CREATE TABLE stood (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE seen (id INTEGER PRIMARY KEY);
"""
_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """How a record would stand after the pages so far."""

    known: Known
    is_ours: bool = False
    """Whether its deletion is held by the delivery itself, and not by an earlier run."""


class Overlay:
    """The records that a delivery has touched so far."""

    def __init__(self) -> None:
        self._kept = sqlite3.connect("", isolation_level=None)
        self._kept.executescript(_SCHEMA)

    def __enter__(self) -> Self:
        """Give it for a block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Forget all of it."""
        self._kept.close()

    def stood(self, names: Sequence[str]) -> dict[str, Stood]:
        """Return how the records of these names stand that were touched."""
        found: dict[str, Stood] = {}
        for start in range(0, len(names), _CHUNK):
            some = names[start : start + _CHUNK]
            marks = ",".join("?" * len(some))
            rows = self._kept.execute(
                f"SELECT name, value FROM stood WHERE name IN ({marks})",  # noqa: S608 - marks only
                some,
            )
            found.update((name, _read(value)) for name, value in rows)
        return found

    def put(self, touched: Mapping[str, Stood]) -> None:
        """Note how records stand now."""
        rows = [(name, _written(each)) for name, each in touched.items()]
        self._in_one("INSERT OR REPLACE INTO stood VALUES (?, ?)", rows)

    def see(self, keys: Iterable[int]) -> None:
        """Note that the delivery names records of the catalogue."""
        self._in_one("INSERT OR IGNORE INTO seen VALUES (?)", [(key,) for key in keys])

    def unseen(self, keys: Sequence[int]) -> list[int]:
        """Return which records of the catalogue the delivery did not name, in order."""
        seen: set[int] = set()
        for start in range(0, len(keys), _CHUNK):
            some = keys[start : start + _CHUNK]
            marks = ",".join("?" * len(some))
            rows = self._kept.execute(
                f"SELECT id FROM seen WHERE id IN ({marks})",  # noqa: S608 - marks only
                some,
            )
            seen.update(key for (key,) in rows)
        return [key for key in keys if key not in seen]

    def _in_one(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            self._kept.execute("BEGIN")
            self._kept.executemany(statement, rows)
            self._kept.execute("COMMIT")


def _written(each: Stood) -> str:
    known = each.known
    told = (
        known.id,
        known.state.value,
        known.rev,
        known.raw_hash.hex(),
        known.content_hash.hex(),
        known.crosswalk_version,
        known.refused,
        known.held,
        each.is_ours,
    )
    return json.dumps(told)


def _read(text: str) -> Stood:
    key, state, rev, raw_hash, content_hash, version, refused, held, is_ours = json.loads(text)
    known = Known(
        id=key,
        state=RecordState(state),
        rev=rev,
        raw_hash=bytes.fromhex(raw_hash),
        content_hash=bytes.fromhex(content_hash),
        crosswalk_version=version,
        features_current=True,
        refused=refused,
        held=held,
    )
    return Stood(known=known, is_ours=is_ours)
