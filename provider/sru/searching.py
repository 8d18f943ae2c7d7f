"""searchRetrieve: a query in, a page of its records out."""

from __future__ import annotations

from dataclasses import replace

from catalogue.search import plain
from protocols import cql
from protocols.rpn.tree import Query
from protocols.sru.errors import (
    FirstRecordOutOfRange,
    ParameterUnsupported,
    QueryTooLong,
    QueryTypeUnsupported,
    SruError,
    TooFarBehind,
    TwoOrders,
    ValueUnsupported,
    XPathUnsupported,
)
from protocols.sru.model import SearchAnswer
from protocols.sru.names import Version
from protocols.sru.parameters import DEFAULT_RECORDS, Parameters, short
from provider.lookup import Base
from provider.sru import facets, records
from provider.sru.service import Say, Service, diagnostic
from provider.sru.sortkeys import sort_keys

_LEFT_ASIDE = ("facetCount", "facetRangeField", "facetLowValue", "facetHighValue")


def search(service: Service, base: Base, given: Parameters, say: Say) -> SearchAnswer:
    """Return a page of what a query finds in a database.

    Raises QueryError, SruError or ViewNotSearched.
    """
    start = given.number("startRecord", 1, least=1)
    most = min(given.number("maximumRecords", DEFAULT_RECORDS), service.most_records)
    given.number("resultSetTTL", 0)
    if given.values.get("recordXPath"):
        raise XPathUnsupported(short(given.values["recordXPath"]))
    schema, packing = given.schema, given.packing
    query, warnings = _query(service, given)
    wanted = service.lookup.wanted(query, [base])
    most = min(most, max(0, service.deepest - start + 1))
    found = service.lookup.find(wanted, most, behind=start - 1 if most else 0)
    refused = _out_of_range(service, given, start, found.total)
    counted = facets.counted(service, given, query, wanted)
    warnings += [*refused, *counted.warnings]
    following = start + len(found.ids)
    return SearchAnswer(
        total=found.total,
        schema=schema,
        packing=packing,
        records=records.records(service, schema, found.ids, start, say),
        next_position=following if following <= found.total and not refused else 0,
        facets=counted.facets,
        has_facets=counted.asked,
        diagnostics=tuple(diagnostic(each, say) for each in warnings),
    )


def _out_of_range(service: Service, given: Parameters, start: int, total: int) -> list[SruError]:
    if given.number("maximumRecords", DEFAULT_RECORDS) == 0 or start == 1:
        return []
    if start > total:
        return [FirstRecordOutOfRange(start, total=total)]
    return [TooFarBehind(start, most=service.deepest)] if start > service.deepest else []


def _query(service: Service, given: Parameters) -> tuple[Query, list[SruError]]:
    """Return the query with its order, and what is said of it."""
    text = given.required("query")
    if len(text) > service.longest_query:
        raise QueryTooLong(service.longest_query)
    query = _read(given, text)
    warnings: list[SruError] = [ParameterUnsupported(n) for n in _LEFT_ASIDE if n in given.values]
    keys = sort_keys(given.values.get("sortKeys", ""))
    if keys and query.sort:
        return query, [*warnings, TwoOrders()]
    return replace(query, sort=keys or query.sort), warnings


def _read(given: Parameters, text: str) -> Query:
    kind = given.values.get("queryType", "").strip() or "cql"
    if given.version is not Version.V2_0 or kind.lower() == "cql":
        return cql.read(text)
    if kind.lower() != "searchterms":
        raise QueryTypeUnsupported(short(kind))
    found = plain.query(text)
    if found is None:
        raise ValueUnsupported(addinfo="query", given=short(text))
    return found
