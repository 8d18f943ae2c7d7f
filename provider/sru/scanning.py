"""scan: a part of an index, in Vietnamese order, about a term."""

from __future__ import annotations

from typing import NamedTuple

from catalogue.search import Scanned, ScanRequest, ScanTerm
from catalogue.search.columns import NAMED, USES
from catalogue.search.leaves import columns_of
from catalogue.search.plan import SUPPORTED
from catalogue.search.tokens import marked
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
    columns = _columns(term)
    # One more at either end: whether there is one tells where the list ends.
    request = ScanRequest(
        columns=columns, term=term.text, before=max(1, position), count=most - position + 2
    )
    found = service.lookup.scan(request, [base])
    # In a narrowed database the lookup may give up before the list ends.
    return ScanAnswer(terms=_terms(found, term.text, _Place(position, most, base.is_union)))


def _columns(term: Term) -> tuple[str, ...]:
    """Return what is listed; years and dates are numbers and no terms."""
    use = term.value(AttributeType.USE)
    columns = columns_of(use) if use is None or use in USES or use in NAMED else ()
    if not columns:
        raise UseUnsupported(term.at, use)
    return columns


class _Place(NamedTuple):
    """Where the term asked for stands in an answer of how many, and whether its ends are known."""

    position: int
    most: int
    sure: bool


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


def _terms(found: Scanned, term: str, place: _Place) -> tuple[ListTerm, ...]:
    """Return the terms of an answer; from place 0 the term itself is left out."""
    at = found.at
    is_there = at < len(found.terms) and marked(found.terms[at].text) == marked(term)
    begins = at + is_there if place.position == 0 else at - place.position + 1
    ends = min(begins + place.most, len(found.terms))
    known = len(found.terms) if place.sure else 0
    return tuple(
        _listed(found.terms[each], _where(each, known)) for each in range(max(0, begins), ends)
    )


def _listed(term: ScanTerm, where: str) -> ListTerm:
    return ListTerm(term.text, term.clusters, where, term.see, term.also)


def _where(place: int, known: int) -> str:
    """Return where a term stands: it ends the list where nothing is known before or behind it."""
    if not known:
        return ""
    if place == 0:
        return "only" if known == 1 else "first"
    return "last" if place == known - 1 else "inner"
