"""The values of holdings without records: rows as given, and what was found for them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import NamedTuple, Self


class Found(StrEnum):
    """What came of matching a row."""

    WAITING = ""
    """It was not matched yet."""
    MATCHED = "matched"
    NONE = "none"
    """Nothing in the union could be meant."""
    SEVERAL = "several"
    """More than one cluster has as good a claim."""
    DOUBTFUL = "doubtful"
    """Something may be meant; a person has to say so."""
    CONTRADICTED = "contradicted"
    """Something has its number, and what else is said of it disagrees."""


WORK = (Found.NONE, Found.SEVERAL, Found.DOUBTFUL, Found.CONTRADICTED)
"""What stands in the work list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a library says of one thing it holds; all as it was written, storable and trimmed."""

    identifier: str = ""
    """``(CODE)number`` of the union, a member or agency; or the union's OAI identifier or page."""
    isbn: str = ""
    issn: str = ""
    title: str = ""
    author: str = ""
    year: str = ""
    publisher: str = ""
    volume: str = ""
    edition: str = ""
    local_number: str = ""
    """The library's own; of several copies all, with ``; `` between them, the first one first."""
    call_number: str = ""
    location: str = ""
    copies: int = 0
    """How many; 0 = not said."""
    summary: str = ""
    """Which volumes or years, in words; told one by one, no column of a list."""

    def to_json(self) -> str:
        """Return compact JSON without what is empty."""
        said = {name: value for name in NAMES if (value := getattr(self, name))}
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the row that ``to_json`` wrote."""
        return cls(**json.loads(text))

    @property
    def identity(self) -> str:
        """Which row of a list it is: by its local number, else its number and place, else by all.

        One book in two places is two rows, however often the file is sorted anew.
        """
        if self.local_number:
            return _bounded(f"local:{self.local_number.partition(';')[0]}")
        number = self.identifier or self.isbn or self.issn
        if number:
            return _bounded(f"number:{number}@{self.location}|{self.call_number}")
        return f"content:{self.hash.hex()}"

    @property
    def hash(self) -> bytes:
        """Tell its content apart from any other, 16 bytes."""
        return hashlib.blake2b(self.to_json().encode(), digest_size=16).digest()


_LONGEST = 200
"""Characters of an identity: PostgreSQL's indexes take 2,704 bytes."""


def _bounded(identity: str) -> str:
    if len(identity) <= _LONGEST:
        return identity
    digest = hashlib.blake2b(identity.encode(), digest_size=16).hexdigest()
    return f"{identity[: _LONGEST - len(digest) - 1]}~{digest}"


NAMES = tuple(field.name for field in fields(Row))
"""What a column of a list may be."""


class Line(NamedTuple):
    """A row and where it stood in the file, from 1."""

    number: int
    row: Row


class Choice(NamedTuple):
    """A cluster that a row may mean: its public id, how likely, and why."""

    cluster: str
    score: float
    reasons: tuple[str, ...]
    title: str | None = None
    """As the public sees it, where it does; looked up for those who look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """What was found for a row."""

    found: Found
    anchor: int | None = None
    """The record by whose cluster it is held; only where it is matched."""
    choices: tuple[Choice, ...] = ()
    """The best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A row of a list as it stands."""

    line: int
    identity: str
    row: Row
    found: Found
    waits: bool
    """It is matched, or matched again, by and by."""
    cluster: str
    """Public id of the cluster it is held by, or empty."""
    title: str
    """Of that cluster, as the public sees it, or empty."""
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingList:
    """A library's list, and what came of its rows."""

    library: str
    name: str
    columns: str
    author: str
    put: int
    """Epoch seconds: when it was given last."""
    whole: bool
    """False where that delivery was not stored to its end: give the list again."""
    rows: int = 0
    matched: int = 0
    work: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """What giving a list did, or would do."""

    library: str
    list: str
    rows: int
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    repeated: int = 0
    """Rows that say what another row of the same file says."""
