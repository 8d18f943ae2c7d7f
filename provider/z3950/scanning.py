"""Scan: a part of an index, about a term (Z39.50 s3.2.8)."""

from __future__ import annotations

from catalogue.search import Scanned, ScanTerm
from catalogue.search import ScanRequest as Wanted
from catalogue.search.columns import NAMED, USES
from catalogue.search.leaves import columns_of
from catalogue.search.tokens import marked
from protocols.rpn.tree import BIB1, AttributeType
from protocols.z3950 import diagnosing, queries
from protocols.z3950.diagnosing import Diagnosed
from protocols.z3950.values.common import ScanStatus
from protocols.z3950.values.queries import AttributesPlusTerm, GeneralTerm
from protocols.z3950.values.searches import ListEntries, ScanRequest, ScanResponse, TermInfo
from provider.z3950.model import Condition, Refused
from provider.z3950.opening import Agreed
from provider.z3950.room import Room
from provider.z3950.searching import databases


def scan(room: Room, pdu: ScanRequest, agreed: Agreed) -> ScanResponse:
    """Return the answer with the terms about the one given. Raises Refused or QueryError."""
    if pdu.step_size:
        raise Refused(Condition.STEP, pdu.step_size)
    bases, _ = databases(room.lookup, pdu.database_names, agreed)
    whose = pdu.attribute_set or BIB1
    term = queries.read_term(pdu.term_list_and_start_point, whose, agreed.letters)
    asked = min(max(pdu.number_of_terms_requested, 0), room.limits.terms)
    position = _position(pdu)
    before = min(max(position - 1, 0), asked)
    wanted = Wanted(
        columns=_columns(term.value(AttributeType.USE)),
        term=term.text,
        before=before,
        count=asked - before + (position == 0),
    )
    found = room.lookup.scan(wanted, bases)
    if position == 0:
        found = _behind(found, term.text, asked)
    is_whole = len(found.terms) == pdu.number_of_terms_requested
    return ScanResponse(
        reference_id=pdu.reference_id,
        step_size=0,
        scan_status=ScanStatus.SUCCESS if is_whole else ScanStatus.PARTIAL_5,
        number_of_entries_returned=len(found.terms),
        position_of_term=found.at + (position > 0),
        entries=ListEntries(entries=tuple(_entry(each, pdu, agreed) for each in found.terms)),
        attribute_set=pdu.attribute_set,
    )


def _entry(each: ScanTerm, pdu: ScanRequest, agreed: Agreed) -> TermInfo:
    """Return a term with others that are meant by it or to be seen as well: alternativeTerm."""
    others = tuple(
        AttributesPlusTerm(
            attributes=pdu.term_list_and_start_point.attributes,
            term=GeneralTerm(agreed.octets(text)),
        )
        for text in (*each.see, *each.also)
    )
    # Texts that are no terms are in UTF-8 whatever was agreed on for terms.
    is_reference = bool(each.see) and not each.clusters and agreed.charset in {"", "utf-8"}
    return TermInfo(
        term=GeneralTerm(agreed.octets(each.text)),
        display_term=f"{each.text} → {'; '.join(each.see)}" if is_reference else None,
        alternative_term=others or None,
        global_occurrences=each.clusters,
    )


def _position(pdu: ScanRequest) -> int:
    """Return the place of the term given: in the list, just before it (0) or just behind it."""
    asked = pdu.preferred_position_in_response
    position = 1 if asked is None else asked
    if not 0 <= position <= max(pdu.number_of_terms_requested, 0) + 1:
        raise Refused(Condition.POSITION, position)
    return position


def _behind(found: Scanned, term: str, most: int) -> Scanned:
    """Return a list without the term itself, which stands just before it."""
    is_there = bool(found.terms) and marked(found.terms[0].text) == marked(term)
    return Scanned(terms=found.terms[is_there:][:most], at=0)


def _columns(use: int | str | None) -> tuple[str, ...]:
    """Return the columns of a use attribute that are listed."""
    known = use is None or use in USES or bool(NAMED.get(use) if isinstance(use, str) else ())
    if not known:
        raise Refused(Condition.USE, use)
    return columns_of(use)


def failed(pdu: ScanRequest, said: Diagnosed, agreed: Agreed) -> ScanResponse:
    """Return the answer to a scan that cannot be carried out."""
    return ScanResponse(
        reference_id=pdu.reference_id,
        step_size=0,
        scan_status=ScanStatus.FAILURE,
        number_of_entries_returned=0,
        entries=ListEntries(nonsurrogate_diagnostics=(diagnosing.written(said, agreed.version),)),
    )
