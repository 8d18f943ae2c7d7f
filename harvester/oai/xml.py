"""Strict reading of the OAI-PMH envelope: a page is whole and well-formed, or it is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from lxml import etree
from lxml.etree import _Element

from crosswalks.model import Problem, RawRecord
from harvester.errors import HttpStatus, NotOai, PageBroken, refused
from harvester.model import Answer
from harvester.oai.parsing import DOCTYPE, has_doctype, offset_of, parse
from harvester.oai.slicing import cut_out
from protocols.oai import OAI, Verb

ROOT = f"{{{OAI}}}OAI-PMH"
_ERROR = f"{{{OAI}}}error"
_RESPONSE_DATE = f"{{{OAI}}}responseDate"
_LEADS_ON = "{*}resumptionToken"
"""In whatever namespace: a token that is passed over ends a list without a word."""
_ENVELOPE = re.compile(rb"<([\w.-]+:)?OAI-PMH[\s>]")
_NUMBER = re.compile(r"[0-9]{1,15}")
_EMPTY = "noRecordsMatch"
_OF_RECORDS = {Verb.LIST_RECORDS, Verb.GET_RECORD}
_LISTS = {Verb.LIST_RECORDS, Verb.LIST_IDENTIFIERS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One OAI-PMH answer, read and found to be one."""

    url: str
    page: int
    raw: bytes
    response_date: str
    content: _Element
    """The verb's own element; a bare one where nothing matches the request."""
    matched: bool
    """False where the server answered noRecordsMatch."""
    token: str
    """Empty where the list ends here."""
    total: int | None
    """completeListSize."""
    cursor: int | None = None
    """How many records come before this page, as the server counts."""
    lost: int = 0
    """How many answers to the same request broke off before this one."""
    problems: tuple[Problem, ...] = ()
    """What had to be mended on the page as a whole."""
    notes: Mapping[int, tuple[Problem, ...]] = field(default_factory=dict)
    """What had to be mended in a record, by its place in the list from 0."""
    cut: Mapping[int, RawRecord] = field(default_factory=dict)
    """Records that could not be mended; ``content`` has an empty element in the place of each."""
    records: tuple[RawRecord, ...] | None = None
    """Where they were cut out of the bytes; ``content`` is without them then."""


def read_envelope(answer: Answer, page: int, verb: str) -> Envelope:
    """Return the answer to a verb; raise NotOai, PageBroken, HttpStatus or ProtocolRefused.

    The server's own OAI-PMH error is preferred to the HTTP status it came with.
    """
    if answer.status == HTTPStatus.OK:
        return _envelope(answer, page, verb)
    try:
        envelope = _envelope(answer, page, verb)
    except (NotOai, PageBroken) as error:
        raise _status(answer) from error
    if envelope.matched:
        raise _status(answer)
    return envelope


def _status(answer: Answer) -> HttpStatus:
    known = answer.status in HTTPStatus.__members__.values()
    phrase = HTTPStatus(answer.status).phrase if known else ""
    return HttpStatus(url=answer.url, status=answer.status, phrase=phrase)


def _envelope(answer: Answer, page: int, verb: str) -> Envelope:
    cut = cut_out(answer.body, verb) if verb in _OF_RECORDS else None
    root, problems = _parse(answer if cut is None else replace(answer, body=cut.rest), page)
    if root.tag != ROOT:
        name = etree.QName(root)
        namespace = name.namespace or "(none)"
        found = f"its root element is {name.localname} in the namespace {namespace}"
        raise NotOai(page=page, url=answer.url, found=found, offset=0)
    envelope = envelope_of(root, answer, page, verb)
    records = cut.records if cut is not None and envelope.matched else None
    return replace(envelope, problems=problems, records=records)


def envelope_of(root: _Element, answer: Answer, page: int, verb: str) -> Envelope:
    """Return what an OAI-PMH element holds; raise PageBroken or ProtocolRefused."""
    content = root.find(f"{{{OAI}}}{verb}")
    error = root.find(_ERROR)
    if error is not None:
        _raise_unless_empty(error, answer.url, verb)
        content = etree.Element(f"{{{OAI}}}{verb}")
    elif content is None:
        raise _broken(answer, page, 0, f"it has no {verb} element")
    token = content.find(_LEADS_ON)
    if token is None:
        token = root.find(_LEADS_ON)
    return Envelope(
        url=answer.url,
        page=page,
        raw=answer.body,
        response_date=(root.findtext(_RESPONSE_DATE) or "").strip(),
        content=content,
        matched=error is None,
        token="" if token is None else (token.text or "").strip(),
        total=None if token is None else _number(token, "completeListSize"),
        cursor=None if token is None else _number(token, "cursor"),
        lost=answer.lost,
    )


def _raise_unless_empty(error: _Element, url: str, verb: str) -> None:
    code = error.get("code", "")
    if code != _EMPTY or verb not in _LISTS:
        raise refused(url, code, (error.text or "").strip())


def _number(token: _Element, name: str) -> int | None:
    text = token.get(name, "").strip()
    return int(text) if _NUMBER.fullmatch(text) else None


def _parse(answer: Answer, page: int) -> tuple[_Element, tuple[Problem, ...]]:
    try:
        root, problems = parse(answer.body)
    except etree.XMLSyntaxError as error:
        raise _unreadable(answer, page, error) from error
    if has_doctype(root):
        # Entities it declares would be lost without a word, so it is no page to be trusted.
        if root.tag != ROOT:
            raise NotOai(page=page, url=answer.url, found="another kind of document", offset=0)
        offset = max(answer.body.find(DOCTYPE), 0)
        raise _broken(answer, page, offset, "it has a DOCTYPE, which OAI-PMH does not allow")
    return root, problems


def _unreadable(answer: Answer, page: int, error: etree.XMLSyntaxError) -> NotOai | PageBroken:
    offset = offset_of(answer.body, *error.position)
    beginning = answer.body[:2048].replace(b"\0", b"")
    if beginning.strip() and not _ENVELOPE.search(beginning):
        kind = answer.headers.get("content-type", "") or "something else"
        return NotOai(page=page, url=answer.url, found=f"not XML ({kind})", offset=offset)
    return _broken(answer, page, offset, error.msg or "it is not well-formed")


def _broken(answer: Answer, page: int, offset: int, reason: str) -> PageBroken:
    return PageBroken(page=page, url=answer.url, offset=offset, reason=reason)
