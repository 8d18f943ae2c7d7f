"""Lists of authorities and their headings, as they are shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from crosswalks.authorities.model import Entry, Kind, Read, Relation

CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,19}")
"""What the code of a list is made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityList:
    """A list of authorities."""

    code: str
    name: str
    kind: Kind
    widens: bool
    headings: int
    imported: int
    """Epoch seconds; 0: never."""
    author: str


class Address(NamedTuple):
    """What names an authority for good: its list and its number there."""

    code: str
    number: str

    def __str__(self) -> str:
        return f"{self.code} {self.number}"

    @classmethod
    def read(cls, text: str) -> Address:
        """Return what ``str`` wrote."""
        code, _, number = text.partition(" ")
        return cls(code, number)


class Listed(NamedTuple):
    """A line of a list of headings."""

    address: Address
    kind: Kind
    heading: str
    by: str = ""
    """The see-reference by which it was found; empty: by its heading."""


class Link(NamedTuple):
    """Another heading that one leads to, as far as it is known here."""

    relation: Relation
    text: str
    address: Address | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """One authority with all that is known of it."""

    address: Address
    list_name: str
    entry: Entry
    links: tuple[Link, ...]


class Outcome(NamedTuple):
    """What an import did."""

    code: str
    headings: int
    added: int
    changed: int
    unchanged: int
    removed: int
    problems: int
    told: tuple[Read, ...]
    """The first of what could not be taken in, with its place and reason."""


class Answer(StrEnum):
    """What a person says of two headings."""

    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer that was given."""

    number: int
    one: Address
    other: Address
    answer: Answer
    person: str
    at: int
    undone_at: int | None
    undone_by: str
