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
    header, payload = Header(), None
    for child in element.iterchildren(_HEADER, _METADATA):
        if child.tag == _HEADER:
            header = read_header(child)
        else:
            payload = next(child.iterchildren("{*}*"), None)
    return RawRecord(
        identifier=header.identifier,
        datestamp=header.datestamp,
        deleted=header.deleted,
        sets=header.sets,
        format="" if payload is None else _namespace(payload),
        # lxml writes the namespaces declared on ancestors too, so the record stands alone.
        body=b"" if payload is None else etree.tostring(payload, encoding="UTF-8", with_tail=False),
        position=position,
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


def _namespace(element: _Element) -> str:
    return etree.QName(element).namespace or ""


def _stray(element: _Element) -> Problem:
    return Problem(
        code="unexpected-element",
        severity=Severity.WARNING,
        sample=etree.tostring(element, encoding="unicode", with_tail=False)[:200],
        detail="the list holds something that is not a record",
    )
