"""The messages of a client."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import TypeVar

from harvester.z3950.model import Composition, Manners, SignIn
from protocols.rpn.tree import BIB1, Query, SortKey, Term
from protocols.z3950 import charsets, queries
from protocols.z3950.values import searches, sessions
from protocols.z3950.values.common import Bits, Option
from protocols.z3950.values.queries import Type1
from protocols.z3950.values.records import GenericElementSetName, SimpleComposition

Octets = Callable[[str], bytes]
_WANTED = (
    Option.SEARCH,
    Option.PRESENT,
    Option.DELETE_SET,
    Option.SCAN,
    Option.SORT,
    Option.NAMED_RESULT_SETS,
)
_LARGE = 2_000_000_000
"""From so many hits on a result is large: never."""

R = TypeVar("R", searches.SearchRequest, searches.ScanRequest)


def init(manners: Manners) -> sessions.InitializeRequest:
    """Return the first message."""
    who = manners.sign_in
    proposes = bool(manners.charset)
    return sessions.InitializeRequest(
        protocol_version=Bits.of(0, 1, 2),
        options=Bits.of(*_WANTED, *((Option.NEGOTIATION_MODEL,) if proposes else ())),
        preferred_message_size=manners.preferred,
        exceptional_record_size=manners.exceptional,
        id_authentication=None if who is None else _id_pass(who),
        implementation_id="lienthong",
        implementation_name="Lien Thong",
        implementation_version=version("lienthong"),
        other_info=(charsets.proposal(manners.charset),) if proposes else None,
    )


def _id_pass(who: SignIn) -> sessions.IdPass:
    return sessions.IdPass(
        group_id=who.group or None, user_id=who.user, password=who.password or None
    )


def codec(charset: str, otherwise: str) -> str:
    """Return the name by which Python knows a character set that was agreed on."""
    try:
        return codecs.lookup(charset).name
    except LookupError:
        return otherwise


def search(
    query: Query, octets: Octets, *, name: str, first: int, composition: Composition
) -> searches.SearchRequest:
    """Return a search in no database yet; ``first`` records are wanted at once."""
    elements = _elements(composition)
    return searches.SearchRequest(
        # Whatever there is comes if it is no more than the first bound, else so many of a medium
        # result (Z39.50 s3.2.2.1.6).
        small_set_upper_bound=max(first, 0),
        large_set_lower_bound=_LARGE if first > 0 else 1,
        medium_set_present_number=max(first, 0),
        replace_indicator=True,
        result_set_name=name,
        database_names=(),
        small_set_element_set_names=elements if first > 0 else None,
        medium_set_element_set_names=elements if first > 0 else None,
        preferred_record_syntax=(composition.syntax or None) if first > 0 else None,
        query=Type1(queries.to_rpn(query, octets)),
    )


def in_databases(pdu: R, databases: Sequence[str]) -> R:
    """Return a request as it goes to these databases."""
    return replace(pdu, database_names=tuple(databases))


def present(
    start: int, count: int, *, name: str, composition: Composition
) -> searches.PresentRequest:
    """Return a request for records."""
    elements = _elements(composition)
    return searches.PresentRequest(
        result_set_id=name,
        result_set_start_point=start,
        number_of_records_requested=count,
        record_composition=None if elements is None else SimpleComposition(elements),
        preferred_record_syntax=composition.syntax or None,
    )


def scan(term: Term, octets: Octets, *, count: int, position: int) -> searches.ScanRequest:
    """Return a request for terms of an index, in no database yet."""
    return searches.ScanRequest(
        database_names=(),
        attribute_set=BIB1,
        term_list_and_start_point=queries.write_term(term, BIB1, octets),
        number_of_terms_requested=count,
        preferred_position_in_response=position,
    )


def sort(keys: Sequence[SortKey], *, name: str, into: str) -> searches.SortRequest:
    """Return a request to put a result in order."""
    return searches.SortRequest(
        input_result_set_names=(name,),
        sorted_result_set_name=into,
        sort_sequence=tuple(map(_key, keys)),
    )


def _key(key: SortKey) -> searches.SortKeySpec:
    attributes = searches.SortAttributes(
        id=BIB1, list=queries.write_attributes(key.attributes, BIB1)
    )
    return searches.SortKeySpec(
        sort_element=searches.GenericSort(attributes),
        sort_relation=int(key.descending),
        case_sensitivity=1,
    )


def _elements(composition: Composition) -> GenericElementSetName | None:
    return GenericElementSetName(composition.elements) if composition.elements else None
