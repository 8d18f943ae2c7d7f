"""The records of one page, cut out so that each stands alone."""

from __future__ import annotations

from typing import NamedTuple

from lxml import etree
from lxml.etree import _Element

from crosswalks.model import Problem, RawRecord, Severity
from protocols.oai import OAI

_RECORD = f"{{{OAI}}}record"
_HEADER = f"{{{OAI}}}header"
_METADATA = f"{{{OAI}}}metadata"
_IDENTIFIER = f"{{{OAI}}}identifier"
_DATESTAMP = f"{{{OAI}}}datestamp"
_SET = f"{{{OAI}}}setSpec"
_TOKEN = f"{{{OAI}}}resumptionToken"


class Header(NamedTuple):
    """A record's header (OAI-PMH 2.0 s2.5), its values as delivered but for outer white space."""

    identifier: str = ""
    datestamp: str = ""
    sets: tuple[str, ...] = ()
    deleted: bool = False


def read_records(content: _Element) -> tuple[tuple[RawRecord, ...], tuple[Problem, ...]]:
    """Return the records of a ListRecords element, and what it holds besides.

    A record without identifier or metadata is delivered like any other, with that part empty, so
    that it can be counted and shown.
    """
    records: list[RawRecord] = []
    problems: list[Problem] = []
    for child in content.iterchildren("{*}*"):
        if child.tag == _RECORD:
            records.append(_record(child, len(records)))
        elif child.tag != _TOKEN:
            problems.append(_stray(child))
    return tuple(records), tuple(problems)


def _record(element: _Element, position: int) -> RawRecord:
    header = read_header(element.find(_HEADER))
    payload = _payload(element.find(_METADATA))
    return RawRecord(
        identifier=header.identifier,
        datestamp=header.datestamp,
        deleted=header.deleted,
        sets=header.sets,
        format="" if payload is None else etree.QName(payload).namespace or "",
        # lxml writes the namespaces declared on ancestors too, so the record stands alone.
        body=b"" if payload is None else etree.tostring(payload, encoding="UTF-8", with_tail=False),
        position=position,
    )


def read_header(element: _Element | None) -> Header:
    """Return a header element's values, empty ones where there is none."""
    if element is None:
        return Header()
    return Header(
        identifier=_text(element.find(_IDENTIFIER)),
        datestamp=_text(element.find(_DATESTAMP)),
        sets=tuple(_text(child) for child in element.iterchildren(_SET)),
        deleted=element.get("status") == "deleted",
    )


def _payload(metadata: _Element | None) -> _Element | None:
    return None if metadata is None else next(metadata.iterchildren("{*}*"), None)


def _text(element: _Element | None) -> str:
    return "" if element is None else (element.text or "").strip()


def _stray(element: _Element) -> Problem:
    return Problem(
        code="unexpected-element",
        severity=Severity.WARNING,
        sample=etree.tostring(element, encoding="unicode", with_tail=False)[:200],
        detail="the list holds something that is not a record",
    )
