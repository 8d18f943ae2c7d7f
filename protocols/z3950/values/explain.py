"""What a server says of itself in records of its Explain database (Z39.50 appendix REC.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from protocols.z3950.values.common import IntUnit, OtherInfo, Wrapped


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanText:
    """Text to be read by people, and in which language it is (three letters)."""

    language: str | None = None
    text: str


HumanString: TypeAlias = tuple[HumanText, ...]
"""The same text in one or several languages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonInfo:
    """When what is said was said, and in which language; times as 20261122120000Z."""

    date_added: str | None = None
    date_changed: str | None = None
    expiry: str | None = None
    human_string_language: str | None = None
    other_info: tuple[OtherInfo, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactInfo:
    """Whom to ask."""

    name: str | None = None
    description: HumanString | None = None
    address: HumanString | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessInfo:
    """What a client has to know of to use a database, by object identifiers and names."""

    diagnostics_sets: tuple[str, ...] | None = None
    attribute_set_ids: tuple[str, ...] | None = None
    schemas: tuple[str, ...] | None = None
    record_syntaxes: tuple[str, ...] | None = None
    element_set_names: tuple[str, ...] | None = None
    unit_systems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetInfo:
    """A server."""

    common_info: CommonInfo | None = None
    name: str
    recent_news: HumanString | None = None
    named_result_sets: bool
    multiple_dbsearch: bool
    max_result_sets: int | None = None
    max_result_size: int | None = None
    max_terms: int | None = None
    timeout_interval: IntUnit | None = None
    welcome_message: HumanString | None = None
    contact_info: ContactInfo | None = None
    description: HumanString | None = None
    nicknames: tuple[str, ...] | None = None
    usage_restrictions: HumanString | None = None
    hours: HumanString | None = None
    languages: tuple[str, ...] | None = None
    common_access_info: AccessInfo | None = None


class ActualNumber(Wrapped[int]):
    """How many records a database has."""

    __slots__ = ()


class ApproxNumber(Wrapped[int]):
    """About how many records a database has."""

    __slots__ = ()


RecordCount: TypeAlias = ActualNumber | ApproxNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseInfo:
    """A database of a server."""

    common_info: CommonInfo | None = None
    name: str
    nicknames: tuple[str, ...] | None = None
    user_fee: bool
    available: bool
    title_string: HumanString | None = None
    keywords: tuple[HumanString, ...] | None = None
    description: HumanString | None = None
    associated_dbs: tuple[str, ...] | None = None
    sub_dbs: tuple[str, ...] | None = None
    news: HumanString | None = None
    record_count: RecordCount | None = None
    av_record_size: int | None = None
    max_record_size: int | None = None
    last_update: str | None = None
    coverage: HumanString | None = None
    copyright_text: HumanString | None = None
    access_info: AccessInfo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryInfo:
    """A kind of record that the Explain database has."""

    category: str
    original_category: str | None = None
    description: HumanString | None = None
    asn1_module: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryList:
    """The kinds of records that the Explain database has."""

    common_info: CommonInfo | None = None
    categories: tuple[CategoryInfo, ...]


ExplainRecord: TypeAlias = TargetInfo | DatabaseInfo | CategoryList
