"""Sort: a result in another order (Z39.50 s3.2.7)."""

from __future__ import annotations

from collections.abc import Iterator

from catalogue.search import SortField as Field
from catalogue.search import Sorting, planned, sorted_by
from protocols.rpn.tree import Attribute, AttributeType, Query, SortKey, Term
from protocols.z3950 import diagnosing, queries
from protocols.z3950.diagnosing import Diagnosed
from protocols.z3950.values.common import SortStatus
from protocols.z3950.values.searches import (
    GenericSort,
    SortAttributes,
    SortField,
    SortKeySpec,
    SortRequest,
    SortResponse,
)
from provider.z3950.model import Condition, Refused
from provider.z3950.opening import Agreed
from provider.z3950.results import Results

_MOST_KEYS = 10
_DIRECTIONS = (0, 1)
_UNCHANGED = 3
"""The result is as it was (Z39.50 s3.2.7.1.7)."""


def sort(results: Results, pdu: SortRequest, agreed: Agreed) -> SortResponse:
    """Return the answer, and keep the result in its new order. Raises Refused or QueryError."""
    if len(pdu.input_result_set_names) != 1:
        raise Refused(Condition.SORT_NO_SET, len(pdu.input_result_set_names))
    before = results.get(pdu.input_result_set_names[0])
    if not 0 < len(pdu.sort_sequence) <= _MOST_KEYS:
        raise Refused(Condition.SORT_TOO_MANY_KEYS, len(pdu.sort_sequence))
    order = _order(pdu, agreed)
    results.put(pdu.sorted_result_set_name, before.sorted(before.wanted._replace(sort=order)))
    return SortResponse(
        reference_id=pdu.reference_id,
        sort_status=SortStatus.SUCCESS,
        result_count=before.total if agreed.version >= 3 else None,  # noqa: PLR2004 - version 3
    )


def _order(pdu: SortRequest, agreed: Agreed) -> tuple[Sorting, ...]:
    """Return what to sort by: attributes as in a query, or a name of our own."""
    keys = tuple(_key(each, agreed) for each in pdu.sort_sequence)
    query = Query(Term(""), keys)
    planned(query)
    found = tuple(Sorting(Field(name), down) for name, down in sorted_by(query))
    if len({each.field for each in found}) < len(found):
        raise Refused(Condition.SORT_TWICE)
    return found


def _key(spec: SortKeySpec, agreed: Agreed) -> SortKey:
    if spec.sort_relation not in _DIRECTIONS:
        raise Refused(Condition.SORT_DIRECTION, spec.sort_relation)
    attributes = tuple(_attributes(spec, agreed))
    if not attributes:
        raise Refused(Condition.SORT)
    return SortKey(attributes, descending=spec.sort_relation == 1)


def _attributes(spec: SortKeySpec, agreed: Agreed) -> Iterator[Attribute]:
    match spec.sort_element:
        case GenericSort(SortAttributes(id=whose, list=elements)):
            found = queries.read_attributes(elements, whose, agreed.letters)
            # YAZ sends a structure beside the use attribute: an order has none.
            yield from (each for each in found if each.type == AttributeType.USE)
        case GenericSort(SortField(name)):
            yield Attribute(AttributeType.USE, name.strip().lower())


def failed(pdu: SortRequest, said: Diagnosed, agreed: Agreed) -> SortResponse:
    """Return the answer where nothing was sorted."""
    return SortResponse(
        reference_id=pdu.reference_id,
        sort_status=SortStatus.FAILURE,
        result_set_status=_UNCHANGED,
        diagnostics=(diagnosing.written(said, agreed.version),),
    )
