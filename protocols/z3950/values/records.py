"""Records as they are sent, diagnostics in place of them, and how records are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from protocols.z3950.values.common import External, Wrapped


class V2Addinfo(Wrapped[str]):
    """What goes beside a diagnostic's number, in visible ASCII."""

    __slots__ = ()


class V3Addinfo(Wrapped[str]):
    """What goes beside a diagnostic's number, in the letters agreed on."""

    __slots__ = ()


Addinfo: TypeAlias = V2Addinfo | V3Addinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultDiagFormat:
    """A diagnostic: its number in a list, and what it is about."""

    diagnostic_set_id: str
    condition: int
    addinfo: Addinfo | None = None


DiagRec: TypeAlias = DefaultDiagFormat | External


class ExternallyTagged(Wrapped[External]):
    """A part of a record in a form that is named."""

    __slots__ = ()


class NotExternallyTagged(Wrapped[bytes]):
    """A part of a record in a form that an earlier part named."""

    __slots__ = ()


FragmentSyntax: TypeAlias = ExternallyTagged | NotExternallyTagged


class SurrogateDiagnostic(Wrapped[DiagRec]):
    """Why a record does not come."""

    __slots__ = ()


class StartingFragment(Wrapped[FragmentSyntax]):
    """The first part of a record."""

    __slots__ = ()


class IntermediateFragment(Wrapped[FragmentSyntax]):
    """A middle part of a record."""

    __slots__ = ()


class FinalFragment(Wrapped[FragmentSyntax]):
    """The last part of a record."""

    __slots__ = ()


ResponseRecord: TypeAlias = (
    External | SurrogateDiagnostic | StartingFragment | IntermediateFragment | FinalFragment
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePlusRecord:
    """A record, and of which database it is."""

    name: str | None = None
    record: ResponseRecord


class ResponseRecords(Wrapped[tuple[NamePlusRecord, ...]]):
    """The records that were asked for, in order."""

    __slots__ = ()


class MultipleDiagnostics(Wrapped[tuple[DiagRec, ...]]):
    """Several reasons why no records come."""

    __slots__ = ()


Records: TypeAlias = ResponseRecords | DefaultDiagFormat | MultipleDiagnostics


class GenericElementSetName(Wrapped[str]):
    """How much of a record is wanted, in whatever database: F is all, B is little."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseElementSetName:
    """How much of a record of one database is wanted."""

    db_name: str
    esn: str


class DatabaseElementSetNames(Wrapped[tuple[DatabaseElementSetName, ...]]):
    """How much of a record is wanted, by its database."""

    __slots__ = ()


ElementSetNames: TypeAlias = GenericElementSetName | DatabaseElementSetNames


class SchemaOid(Wrapped[str]):
    """The schema of a record, by its object identifier."""

    __slots__ = ()


class SchemaUri(Wrapped[str]):
    """The schema of a record, by its address."""

    __slots__ = ()


RecordSchema: TypeAlias = SchemaOid | SchemaUri


class ElementSetName(Wrapped[str]):
    """Which elements of a record are wanted, by a name."""

    __slots__ = ()


class ExternalElementSpec(Wrapped[External]):
    """Which elements of a record are wanted, in a form that is named."""

    __slots__ = ()


ElementSpec: TypeAlias = ElementSetName | ExternalElementSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """Of which schema records are wanted, and which elements of them."""

    schema: RecordSchema | None = None
    element_spec: ElementSpec | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSpecification:
    """How records of one database are wanted."""

    db: str
    spec: Specification


@dataclass(frozen=True, slots=True, kw_only=True)
class CompSpec:
    """How records are wanted, for all databases and for some."""

    select_alternative_syntax: bool
    generic: Specification | None = None
    db_specific: tuple[DatabaseSpecification, ...] | None = None
    record_syntax: tuple[str, ...] | None = None


class SimpleComposition(Wrapped[ElementSetNames]):
    """How records are wanted, by the name of an element set."""

    __slots__ = ()


RecordComposition: TypeAlias = SimpleComposition | CompSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Some records of a result that follow each other."""

    starting_position: int
    number_of_records: int
