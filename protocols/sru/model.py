"""What an SRU server answers, whatever the version it is written in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from protocols.sru.names import Operation, Packing, RecordSchema, Version


class Diagnostic(NamedTuple):
    """What went wrong: its number in SRU's list, the part it is about, and a sentence."""

    number: int
    details: str
    message: str


class RecordData(NamedTuple):
    """A record in a result: its place from 1, its identifier, and the XML of one element."""

    position: int
    identifier: str
    body: bytes


class Surrogate(NamedTuple):
    """What stands in the place of a record that cannot be given."""

    position: int
    identifier: str
    diagnostic: Diagnostic


class FacetTerm(NamedTuple):
    """A value of a facet, how many records have it, and the query that finds them."""

    value: str
    hits: int
    query: str


class Facet(NamedTuple):
    """The values of an index that records of a result have."""

    label: str
    name: str
    terms: tuple[FacetTerm, ...]


class ListTerm(NamedTuple):
    """A term of a list, how many records have it, and where it stands in the list, if known."""

    value: str
    hits: int
    where: str = ""
    see: tuple[str, ...] = ()
    """Terms that it only leads to."""
    also: tuple[str, ...] = ()
    """Terms to be seen as well."""

    @property
    def shown(self) -> str:
        """How it is to be shown, nothing where that is as it is."""
        return f"{self.value} → {'; '.join(self.see)}" if self.see and not self.hits else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is answered to: the version, the operation, and the parameters to be repeated."""

    version: Version
    operation: Operation
    echoed: Mapping[str, str] = field(default_factory=dict)
    stylesheet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchAnswer:
    """The answer to a search. ``next_position`` is 0 where nothing follows."""

    total: int = 0
    schema: RecordSchema | None = None
    packing: Packing = Packing.XML
    records: tuple[RecordData | Surrogate, ...] = ()
    next_position: int = 0
    facets: tuple[Facet, ...] = ()
    has_facets: bool = False
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanAnswer:
    """The answer to a scan."""

    terms: tuple[ListTerm, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainAnswer:
    """The answer to explain: a record in ZeeRex, empty where there is none to give."""

    body: bytes
    packing: Packing = Packing.XML
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Something that can be searched by: titles by language, and its names by context set."""

    titles: tuple[tuple[str, str], ...]
    names: tuple[tuple[str, str], ...]
    scan: bool = False
    sort: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What an explain record says of a server and one of its databases.

    ``address`` is the base URL, ``titles`` and ``descriptions`` are by language.
    """

    address: str
    titles: tuple[tuple[str, str], ...]
    descriptions: tuple[tuple[str, str], ...]
    contact: str
    sets: tuple[tuple[str, str], ...]
    """The context sets of the indexes: prefix and URI."""
    indexes: tuple[Index, ...]
    defaults: tuple[tuple[str, str], ...]
    settings: tuple[tuple[str, str], ...]
    supports: tuple[tuple[str, str], ...]
