"""scan: a part of an index, in Vietnamese order, about a term."""

from __future__ import annotations

from catalogue.search import Scanned, ScanRequest
from catalogue.search.leaves import columns_of
from catalogue.search.plan import SUPPORTED
from crosswalks.collation import order
from protocols import cql
from protocols.errors import MalformedQuery, UseUnsupported
from protocols.rpn import checking
from protocols.rpn.tree import AttributeType, Query, Term
from protocols.sru.errors import QueryTooLong, ScanPositionUnsupported, ValueUnsupported
from protocols.sru.model import ListTerm, ScanAnswer
from protocols.sru.parameters import DEFAULT_TERMS, Parameters
from provider.lookup import Base
from provider.sru.service import Service


def scan(service: Service, base: Base, given: Parameters) -> ScanAnswer:
    """Return the terms about the one given.

    Raises QueryError, SruError or ViewNotSearched.
    """
    term = _term(service, given)
    most = given.number("maximumTerms", DEFAULT_TERMS, least=1)
    position = given.number("responsePosition", 1)
    if position > most + 1:
        raise ScanPositionUnsupported(position)
    most = min(most, service.most_terms)
    position = min(position, most + 1)
    columns = columns_of(term.value(AttributeType.USE))
    if not columns:
        raise UseUnsupported(term.at, term.value(AttributeType.USE))
    # One more at either end: whether there is one tells where the list ends.
    request = ScanRequest(
        columns=columns, term=term.text, before=position, count=most - position + 2 + (not position)
    )
    found = service.lookup.scan(request, [base])
    return ScanAnswer(terms=_terms(found, term.text, position, most))


def _term(service: Service, given: Parameters) -> Term:
    clause = given.required("scanClause")
    if len(clause) > service.longest_query:
        raise QueryTooLong(service.longest_query)
    query = cql.read(clause)
    if not isinstance(query.root, Term) or query.sort:
        raise MalformedQuery(0, clause[:100])
    if not order(query.root.text):
        raise ValueUnsupported(addinfo="scanClause", given=clause[:100])
    checking.check(Query(query.root), SUPPORTED)
    return query.root


def _terms(found: Scanned, term: str, position: int, most: int) -> tuple[ListTerm, ...]:
    """Return the terms of an answer: ``position`` is the place of the term asked for, from 1."""
    at = found.at
    is_there = at < len(found.terms) and order(found.terms[at].text) == order(term)
    first = at + is_there if position == 0 else max(0, at - (position - 1))
    last = min(first + most, len(found.terms))
    if position:
        last = min(at + most - position + 1, len(found.terms))
    return tuple(
        ListTerm(each.text, each.clusters, _where(place, len(found.terms)))
        for place, each in enumerate(found.terms[first:last], first)
    )


def _where(place: int, known: int) -> str:
    """Return where a term stands: it ends the list where nothing is known before or behind it."""
    if place == 0:
        return "only" if known == 1 else "first"
    return "last" if place == known - 1 else "inner"
