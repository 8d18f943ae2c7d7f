"""Messages that search, fetch and delete, and those that list terms and put results in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from protocols.z3950.values.common import OtherInfo, Wrapped
from protocols.z3950.values.queries import AttributeElement, AttributesPlusTerm, Query, Term
from protocols.z3950.values.records import (
    DiagRec,
    ElementSetNames,
    NamePlusRecord,
    Range,
    RecordComposition,
    Records,
    Specification,
    SurrogateDiagnostic,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """A query, and what the result is to be called (Z39.50 s3.2.2.1)."""

    reference_id: bytes | None = None
    small_set_upper_bound: int
    large_set_lower_bound: int
    medium_set_present_number: int
    replace_indicator: bool
    result_set_name: str
    database_names: tuple[str, ...]
    small_set_element_set_names: ElementSetNames | None = None
    medium_set_element_set_names: ElementSetNames | None = None
    preferred_record_syntax: str | None = None
    query: Query
    additional_search_info: tuple[OtherInfo, ...] | None = None
    other_info: tuple[OtherInfo, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResponse:
    """How much was found, and the first records where they were asked for (Z39.50 s3.2.2.1)."""

    reference_id: bytes | None = None
    result_count: int
    number_of_records_returned: int
    next_result_set_position: int
    search_status: bool
    result_set_status: int | None = None
    present_status: int | None = None
    records: Records | None = None
    additional_search_info: tuple[OtherInfo, ...] | None = None
    other_info: tuple[OtherInfo, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentRequest:
    """Which records of a result are wanted, and how (Z39.50 s3.2.3.1)."""

    reference_id: bytes | None = None
    result_set_id: str
    result_set_start_point: int
    number_of_records_requested: int
    additional_ranges: tuple[Range, ...] | None = None
    record_composition: RecordComposition | None = None
    preferred_record_syntax: str | None = None
    max_segment_count: int | None = None
    max_record_size: int | None = None
    max_segment_size: int | None = None
    other_info: tuple[OtherInfo, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Some of the records, where they come in several messages (Z39.50 s3.2.3.2)."""

    reference_id: bytes | None = None
    number_of_records_returned: int
    segment_records: tuple[NamePlusRecord, ...]
    other_info: tuple[OtherInfo, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentResponse:
    """The records, or those that are left (Z39.50 s3.2.3.1)."""

    reference_id: bytes | None = None
    number_of_records_returned: int
    next_result_set_position: int
    present_status: int
    records: Records | None = None
    other_info: tuple[OtherInfo, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteResultSetRequest:
    """Which results are no longer wanted: those listed (0), or all (1) (Z39.50 s3.2.4.1)."""

    reference_id: bytes | None = None
    delete_function: int
    result_set_list: tuple[str, ...] | None = None
    other_info: tuple[OtherInfo, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListStatus:
    """What became of one result that was to be deleted."""

    id: str
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteResultSetResponse:
    """What became of the results that were to be deleted (Z39.50 s3.2.4.1)."""

    reference_id: bytes | None = None
    delete_operation_status: int
    delete_list_statuses: tuple[ListStatus, ...] | None = None
    number_not_deleted: int | None = None
    bulk_statuses: tuple[ListStatus, ...] | None = None
    delete_message: str | None = None
    other_info: tuple[OtherInfo, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRequest:
    """From which term on, and how many terms, an index is to be listed (Z39.50 s3.2.8.1)."""

    reference_id: bytes | None = None
    database_names: tuple[str, ...]
    attribute_set: str | None = None
    term_list_and_start_point: AttributesPlusTerm
    step_size: int | None = None
    number_of_terms_requested: int
    preferred_position_in_response: int | None = None
    other_info: tuple[OtherInfo, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrenceByDatabase:
    """How many records of one database have a term."""

    db: str
    num: int | None = None
    other_db_info: tuple[OtherInfo, ...] | None = None


class GlobalOccurrences(Wrapped[int]):
    """How many records have a term, in all databases."""

    __slots__ = ()


class OccurrencesByDatabase(Wrapped[tuple[OccurrenceByDatabase, ...]]):
    """How many records have a term, by database."""

    __slots__ = ()


Occurrences: TypeAlias = GlobalOccurrences | OccurrencesByDatabase


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrenceByAttributes:
    """How many records have a term in one index."""

    attributes: tuple[AttributeElement, ...]
    occurrences: Occurrences | None = None
    other_occur_info: tuple[OtherInfo, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TermInfo:
    """A term of a list, and how many records have it."""

    term: Term
    display_term: str | None = None
    suggested_attributes: tuple[AttributeElement, ...] | None = None
    alternative_term: tuple[AttributesPlusTerm, ...] | None = None
    global_occurrences: int | None = None
    by_attributes: tuple[OccurrenceByAttributes, ...] | None = None
    other_term_info: tuple[OtherInfo, ...] | None = None


Entry: TypeAlias = TermInfo | SurrogateDiagnostic


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEntries:
    """The terms of a list, or why there are none."""

    entries: tuple[Entry, ...] | None = None
    nonsurrogate_diagnostics: tuple[DiagRec, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanResponse:
    """The terms of an index (Z39.50 s3.2.8.1)."""

    reference_id: bytes | None = None
    step_size: int | None = None
    scan_status: int
    number_of_entries_returned: int
    position_of_term: int | None = None
    entries: ListEntries | None = None
    attribute_set: str | None = None
    other_info: tuple[OtherInfo, ...] | None = None


class SortField(Wrapped[str]):
    """What to sort by, by a name."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SortAttributes:
    """What to sort by, by attributes as in a query."""

    id: str
    list: tuple[AttributeElement, ...]


SortKey: TypeAlias = SortField | Specification | SortAttributes


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSortKey:
    """What to sort records of one database by."""

    database_name: str
    db_sort: SortKey


class GenericSort(Wrapped[SortKey]):
    """What to sort by, in whatever database."""

    __slots__ = ()


class DatabaseSort(Wrapped[tuple[DatabaseSortKey, ...]]):
    """What to sort by, by database."""

    __slots__ = ()


SortElement: TypeAlias = GenericSort | DatabaseSort


@dataclass(frozen=True, slots=True)
class AbortIfMissing:
    """A record without a value ends the sorting."""


@dataclass(frozen=True, slots=True)
class NullIfMissing:
    """A record without a value comes before all others."""


class DataIfMissing(Wrapped[bytes]):
    """A record without a value is sorted by this one."""

    __slots__ = ()


MissingValueAction: TypeAlias = AbortIfMissing | NullIfMissing | DataIfMissing


@dataclass(frozen=True, slots=True, kw_only=True)
class SortKeySpec:
    """One key to sort by: upwards (0) or downwards (1), capitals told apart (0) or not (1)."""

    sort_element: SortElement
    sort_relation: int
    case_sensitivity: int
    missing_value_action: MissingValueAction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SortRequest:
    """Which results to put in which order, and what to call that (Z39.50 s3.2.7.1)."""

    reference_id: bytes | None = None
    input_result_set_names: tuple[str, ...]
    sorted_result_set_name: str
    sort_sequence: tuple[SortKeySpec, ...]
    other_info: tuple[OtherInfo, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SortResponse:
    """Whether a result was put in order (Z39.50 s3.2.7.1)."""

    reference_id: bytes | None = None
    sort_status: int
    result_set_status: int | None = None
    diagnostics: tuple[DiagRec, ...] | None = None
    result_count: int | None = None
    other_info: tuple[OtherInfo, ...] | None = None
