"""What externals hold: records with holdings or as trees, reports on a search, character sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from protocols.z3950.values.common import External, IntUnit, StringOrNumeric, Wrapped
from protocols.z3950.values.queries import Query, Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """A volume that a library has."""

    enumeration: str | None = None
    chronology: str | None = None
    enum_and_chron: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CircRecord:
    """A copy, and whether it can be had."""

    available_now: bool
    availability_date: str | None = None
    available_thru: str | None = None
    restrictions: str | None = None
    item_id: str | None = None
    renewable: bool
    on_hold: bool
    enum_and_chron: str | None = None
    midspine: str | None = None
    temporary_location: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingsAndCircData:
    """What a library has of a publication, and where (Z39.50 appendix REC.4)."""

    type_of_record: str | None = None
    encoding_level: str | None = None
    format: str | None = None
    receipt_acq_status: str | None = None
    general_retention: str | None = None
    completeness: str | None = None
    date_of_report: str | None = None
    nuc_code: str | None = None
    local_location: str | None = None
    shelving_location: str | None = None
    call_number: str | None = None
    shelving_data: str | None = None
    copy_number: str | None = None
    public_note: str | None = None
    reproduction_note: str | None = None
    terms_use_repro: str | None = None
    enum_and_chron: str | None = None
    volumes: tuple[Volume, ...] | None = None
    circulation_data: tuple[CircRecord, ...] | None = None


HoldingsRecord: TypeAlias = External | HoldingsAndCircData


@dataclass(frozen=True, slots=True, kw_only=True)
class OPACRecord:
    """A record and what libraries have of it (Z39.50 appendix REC.4)."""

    bibliographic_record: External | None = None
    holdings_data: tuple[HoldingsRecord, ...] | None = None


class OctetsData(Wrapped[bytes]):
    """Octets in an element of a tree."""

    __slots__ = ()


class NumericData(Wrapped[int]):
    """A number in an element of a tree."""

    __slots__ = ()


class DateData(Wrapped[str]):
    """A time in an element of a tree."""

    __slots__ = ()


class StringData(Wrapped[str]):
    """Text in an element of a tree."""

    __slots__ = ()


class BooleanData(Wrapped[bool]):
    """True or false in an element of a tree."""

    __slots__ = ()


class OidData(Wrapped[str]):
    """An object identifier in an element of a tree."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ElementNotThere:
    """The record does not have the element."""


@dataclass(frozen=True, slots=True)
class ElementEmpty:
    """The element has nothing in it."""


@dataclass(frozen=True, slots=True)
class NoDataRequested:
    """What is in the element was not asked for."""


class DiagnosticData(Wrapped[External]):
    """Why what is in the element does not come."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Subtree:
    """The elements that follow at a deeper level."""


ElementData: TypeAlias = (
    OctetsData
    | NumericData
    | DateData
    | External
    | StringData
    | BooleanData
    | OidData
    | IntUnit
    | ElementNotThere
    | ElementEmpty
    | NoDataRequested
    | DiagnosticData
    | Subtree
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedElement:
    """An element of a record that is a tree (Z39.50 appendix REC.5).

    A record is a tuple of all its elements, each before those within it; ``level`` says how many
    elements it lies in.
    """

    level: int = 0
    tag_type: int | None = None
    tag_value: StringOrNumeric
    tag_occurrence: int | None = None
    content: ElementData


GenericRecord: TypeAlias = tuple[TaggedElement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermExpression:
    """A term of a search, as it was understood."""

    query_term: Term
    term_comment: str | None = None


class ExpressedQuery(Wrapped[Query]):
    """A part of a query, as it was understood."""

    __slots__ = ()


QueryExpression: TypeAlias = TermExpression | ExpressedQuery


@dataclass(frozen=True, slots=True)
class AllDatabases:
    """All databases that were searched."""


class SomeDatabases(Wrapped[tuple[str, ...]]):
    """Some of the databases that were searched."""

    __slots__ = ()


ReportedDatabases: TypeAlias = AllDatabases | SomeDatabases


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsByDatabase:
    """How much was found in which databases."""

    databases: ReportedDatabases
    count: int | None = None
    result_set_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubqueryInfo:
    """How a part of a query was understood, and how much it found (Z39.50 appendix USR.1)."""

    subquery_id: str | None = None
    full_query: bool
    subquery_expression: QueryExpression | None = None
    subquery_interpretation: QueryExpression | None = None
    subquery_recommendation: QueryExpression | None = None
    subquery_count: int | None = None
    subquery_weight: IntUnit | None = None
    results_by_db: tuple[ResultsByDatabase, ...] | None = None


class Iso2022(Wrapped[bytes]):
    """Character sets by ISO 2022: an element in BER, as it was sent."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Iso10646:
    """Unicode, and in which encoding."""

    collections: str | None = None
    encoding_level: str


class ViaOid(Wrapped[tuple[str, ...]]):
    """Character sets by their object identifiers."""

    __slots__ = ()


class ExternallySpecified(Wrapped[External]):
    """A character set in a form that is named: YAZ sends its name."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class PreviouslyAgreedUpon:
    """A character set that both sides know of."""


PrivateCharacterSet: TypeAlias = ViaOid | ExternallySpecified | PreviouslyAgreedUpon


class PrivateSet(Wrapped[PrivateCharacterSet]):
    """A character set that is neither by ISO 2022 nor Unicode."""

    __slots__ = ()


CharacterSet: TypeAlias = Iso2022 | Iso10646 | PrivateSet


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginProposal:
    """Which character sets and languages a client would like, the best first."""

    proposed_char_sets: tuple[CharacterSet, ...] | None = None
    proposedlanguages: tuple[str, ...] | None = None
    records_in_selected_char_sets: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetResponse:
    """Which character set and language a server chose."""

    selected_char_sets: CharacterSet | None = None
    selected_language: str | None = None
    records_in_selected_char_sets: bool | None = None


CharSetandLanguageNegotiation: TypeAlias = OriginProposal | TargetResponse
