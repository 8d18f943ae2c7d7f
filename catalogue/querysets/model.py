"""A set as staff define it: what it is called, and in one of three languages what it holds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from catalogue.search import plain
from protocols import cql, pqf
from protocols.errors import EmptyTerm
from protocols.rpn.tree import Query

ROOT = "query"
"""The set of all that is in any of these sets (OAI-PMH 2.0 s2.7.2: sets stand in hierarchies)."""


class Language(StrEnum):
    """How a query is written."""

    WORDS = "words"
    """As into the search box: all of them, anywhere in the record."""
    CQL = "cql"
    PQF = "pqf"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuerySet:
    """A set as staff define it."""

    name: str
    """The last part of its setSpec, ``query:name``."""
    title: str
    language: Language
    query: str
    description: str = ""
    known: bool = False
    """Whether all clusters were looked at since the query changed."""

    @property
    def spec(self) -> str:
        """Return the setSpec."""
        return f"{ROOT}:{self.name}"

    @property
    def fingerprint(self) -> str:
        """Return what tells this definition of the set from any other one."""
        told = (self.name, self.title, self.language.value, self.query, self.description)
        return sha256("\0".join(told).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def read(language: str, text: str) -> Query:
    """Return the query tree. Raises QueryError with the place in the text where there is one."""
    if language == Language.CQL:
        return cql.read(text)
    if language == Language.PQF:
        return pqf.read(text)
    found = plain.query(text)
    if found is None:
        raise EmptyTerm(0)
    return found
