"""The records of one page, cut out so that each stands alone."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree
from lxml.etree import _Element

from crosswalks.model import Problem, RawRecord, Severity
from harvester.model import Header
from harvester.oai.xml import Envelope
from protocols.oai import OAI

_RECORD = f"{{{OAI}}}record"
_HEADER = f"{{{OAI}}}header"
_METADATA = f"{{{OAI}}}metadata"
_IDENTIFIER = f"{{{OAI}}}identifier"
_DATESTAMP = f"{{{OAI}}}datestamp"
_SET = f"{{{OAI}}}setSpec"
_LEADS_ON = "resumptionToken"
_SAMPLE = 200


def read_records(envelope: Envelope) -> tuple[tuple[RawRecord, ...], tuple[Problem, ...]]:
    """Return the records of a ListRecords or GetRecord answer, and what was wrong with the page.

    A record without identifier or metadata is delivered like any other, with that part empty, so
    that it can be counted and shown.
    """
    cut = envelope.records
    records, problems = _of_tree(envelope) if cut is None else (cut, ())
    undated = sum(1 for record in records if not record.datestamp)
    if undated:
        problems = (*problems, _without_datestamp(undated))
    if envelope.cut or envelope.notes:
        records = tuple(_as_mended(envelope, record) for record in records)
    return records, (*envelope.problems, *problems)


def _of_tree(envelope: Envelope) -> tuple[tuple[RawRecord, ...], tuple[Problem, ...]]:
    """Return the records of a page as its tree has them, and what stands beside them."""
    records: list[RawRecord] = []
    problems: list[Problem] = []
    for child in envelope.content.iterchildren("{*}*"):
        if child.tag == _RECORD:
            records.append(_record(child, len(records)))
        elif etree.QName(child).localname != _LEADS_ON:
            if _is_record(child):
                records.append(_of_another_namespace(child, len(records)))
            else:
                problems.append(_stray(child))
    return tuple(records), tuple(problems)


def read_headers(envelope: Envelope) -> tuple[Header, ...]:
    """Return the headers of a ListIdentifiers answer."""
    return tuple(
        read_header(child if child.tag == _HEADER else _into_namespace(child))
        for child in envelope.content.iterchildren("{*}header")
    )


def _as_mended(envelope: Envelope, record: RawRecord) -> RawRecord:
    cut = envelope.cut.get(record.position)
    if cut is not None:
        return replace(cut, position=record.position)
    notes = envelope.notes.get(record.position)
    return replace(record, problems=(*record.problems, *notes)) if notes else record


def _record(element: _Element, position: int) -> RawRecord:
    header, payload, body = Header(), None, b""
    problems: tuple[Problem, ...] = ()
    for child in element.iterchildren(_HEADER, _METADATA):
        if child.tag == _HEADER:
            header = read_header(child)
        else:
            payload = next(child.iterchildren("{*}*"), None)
            if payload is None and (child.text or "").strip():
                body, problems = _as_text(child)
    if payload is not None:
        # lxml writes the namespaces declared on ancestors too, so the record stands alone.
        body = etree.tostring(payload, encoding="UTF-8", with_tail=False)
    return RawRecord(
        identifier=header.identifier,
        datestamp=header.datestamp,
        deleted=header.deleted,
        sets=header.sets,
        format="" if payload is None else _namespace(payload),
        body=body,
        position=position,
        problems=problems,
    )


def read_header(element: _Element) -> Header:
    """Return a header element's values."""
    identifier, datestamp, sets = "", "", []
    for child in element.iterchildren(_IDENTIFIER, _DATESTAMP, _SET):
        text = (child.text or "").strip()
        if child.tag == _IDENTIFIER:
            identifier = text
        elif child.tag == _DATESTAMP:
            datestamp = text
        else:
            sets.append(text)
    return Header(identifier, datestamp, tuple(sets), element.get("status") == "deleted")


def _is_record(element: _Element) -> bool:
    """Tell whether an element is a record that only its namespace does not say to be one."""
    return etree.QName(element).localname == "record" and any(
        etree.QName(child).localname == "header" for child in element.iterchildren("{*}*")
    )


def _of_another_namespace(element: _Element, position: int) -> RawRecord:
    """Return a record whose elements around the metadata are in a wrong namespace, or in none."""
    problem = Problem(
        code="wrong-namespace",
        severity=Severity.WARNING,
        sample=str(element.tag),
        detail="the record is not in the namespace of OAI-PMH",
    )
    for child in _into_namespace(element).iterchildren(_HEADER):
        _into_namespace(child)
    record = _record(element, position)
    return replace(record, problems=(problem, *record.problems))


def _into_namespace(element: _Element) -> _Element:
    """Return an element put into the namespace of OAI-PMH with all that stands directly in it."""
    for each in (element, *element.iterchildren("{*}*")):
        each.tag = f"{{{OAI}}}{etree.QName(each).localname}"
    return element


def _as_text(metadata: _Element) -> tuple[bytes, tuple[Problem, ...]]:
    """Return a record that was put into its page as text instead of elements."""
    text = metadata.text or ""
    problem = Problem(
        code="metadata-as-text",
        severity=Severity.WARNING,
        sample=text.strip()[:_SAMPLE],
        detail="the metadata came as text",
    )
    return text.strip().encode(), (problem,)


def _namespace(element: _Element) -> str:
    return etree.QName(element).namespace or ""


def _without_datestamp(count: int) -> Problem:
    return Problem(
        code="no-datestamp",
        severity=Severity.WARNING,
        detail=f"records without a datestamp: {count}",
    )


def _stray(element: _Element) -> Problem:
    return Problem(
        code="unexpected-element",
        severity=Severity.WARNING,
        sample=etree.tostring(element, encoding="unicode", with_tail=False)[:_SAMPLE],
        detail="the list holds something that is not a record",
    )
