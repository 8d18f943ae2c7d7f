"""Search: a query becomes a result, and its first records come at once if asked for (s3.2.2)."""

from __future__ import annotations

from collections.abc import Sequence

from protocols.rpn.tree import ResultSet, postorder
from protocols.z3950 import charsets, diagnosing, queries
from protocols.z3950.diagnosing import Diagnosed
from protocols.z3950.values.common import PresentStatus, ResultSetStatus
from protocols.z3950.values.records import ElementSetNames
from protocols.z3950.values.searches import SearchRequest, SearchResponse
from provider.lookup import Base, Lookup
from provider.z3950 import forms, presenting
from provider.z3950.model import Condition, Refused
from provider.z3950.opening import Agreed
from provider.z3950.results import Result, Results
from provider.z3950.room import Room

_MARC8 = "_marc8"
"""Ends the name of a database whose records are given in MARC-8, as in the Library of Congress."""
_MOST_DATABASES = 100


def search(room: Room, results: Results, pdu: SearchRequest, agreed: Agreed) -> SearchResponse:
    """Return the answer to a search, and keep its result.

    Raises Refused, QueryError or CatalogueError.
    """
    name = pdu.result_set_name
    if not pdu.replace_indicator and name in results:
        raise Refused(Condition.SET_EXISTS, name)
    bases, marc8 = databases(room.lookup, pdu.database_names, agreed)
    query = queries.read(pdu.query, agreed.letters)
    named = [node.name for node in postorder(query.root) if isinstance(node, ResultSet)]
    wanted = room.lookup.wanted(query, bases, results.expressions(named))
    result = Result(wanted, bases, marc8=marc8 or agreed.marc8)
    result.begin(room.lookup, min(pdu.medium_set_present_number, room.limits.page))
    count, element_sets = _piggyback(pdu, result.total)
    presented = None
    if count:
        presented = _presented(room, result, pdu, agreed, (count, element_sets))
    # Last of all: what cannot be answered at once is begun anew, and must not find itself.
    results.put(name, result)
    return _response(pdu, result, presented=presented)


def databases(
    lookup: Lookup, names: Sequence[str], agreed: Agreed
) -> tuple[tuple[Base, ...], bool]:
    """Return databases by their names, and whether they are asked for in MARC-8."""
    if not 0 < len(names) <= _MOST_DATABASES:
        raise Refused(Condition.TOO_MANY_DATABASES, len(names))
    read = [charsets.readable(name, agreed.letters) for name in names]
    plain = [name[: -len(_MARC8)] if name.lower().endswith(_MARC8) else name for name in read]
    return tuple(dict.fromkeys(map(lookup.base, plain))), plain != read


def _piggyback(pdu: SearchRequest, total: int) -> tuple[int, ElementSetNames | None]:
    """Return how many records come with the answer, and how (Z39.50 s3.2.2.1.6)."""
    if total <= pdu.small_set_upper_bound:
        return total, pdu.small_set_element_set_names
    if total >= pdu.large_set_lower_bound:
        return 0, None
    return min(max(pdu.medium_set_present_number, 0), total), pdu.medium_set_element_set_names


def _presented(
    room: Room,
    result: Result,
    pdu: SearchRequest,
    agreed: Agreed,
    asked: tuple[int, ElementSetNames | None],
) -> presenting.Presented:
    count, names = asked
    try:
        how = forms.of_names(names, pdu.preferred_record_syntax, marc8=result.marc8)
        return presenting.records(room, result, (1, count), how, agreed)
    except Refused as refused:
        return presenting.Presented.none(refused.said, agreed)


def _response(
    pdu: SearchRequest, result: Result, *, presented: presenting.Presented | None
) -> SearchResponse:
    return SearchResponse(
        reference_id=pdu.reference_id,
        result_count=result.total,
        number_of_records_returned=presented.given if presented else 0,
        next_result_set_position=presented.following if presented else min(1, result.total),
        search_status=True,
        present_status=presented.status if presented else None,
        records=presented.records if presented else None,
    )


def failed(pdu: SearchRequest, said: Diagnosed, agreed: Agreed) -> SearchResponse:
    """Return the answer to a search that cannot be carried out."""
    return SearchResponse(
        reference_id=pdu.reference_id,
        result_count=0,
        number_of_records_returned=0,
        next_result_set_position=0,
        search_status=False,
        result_set_status=ResultSetStatus.NONE,
        present_status=PresentStatus.FAILURE,
        records=diagnosing.response((said,), agreed.version),
    )
