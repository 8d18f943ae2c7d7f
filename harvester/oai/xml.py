"""Strict reading of the OAI-PMH envelope: a page is whole and well-formed, or it is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus

from lxml import etree
from lxml.etree import _Element

from harvester.errors import HttpStatus, NotOai, PageBroken, refused
from harvester.http import Answer
from protocols.oai import OAI, Verb

_ROOT = f"{{{OAI}}}OAI-PMH"
_ERROR = f"{{{OAI}}}error"
_RESPONSE_DATE = f"{{{OAI}}}responseDate"
_TOKEN = f"{{{OAI}}}resumptionToken"
_ENVELOPE = re.compile(rb"<([\w.-]+:)?OAI-PMH[\s>]")
_SIZE = re.compile(r"[0-9]{1,15}")
_EMPTY = "noRecordsMatch"
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
    root = _parse(answer, page)
    if root.tag != _ROOT:
        name = etree.QName(root)
        namespace = name.namespace or "(none)"
        found = f"its root element is {name.localname} in the namespace {namespace}"
        raise NotOai(page=page, url=answer.url, found=found, offset=0)
    content = root.find(f"{{{OAI}}}{verb}")
    error = root.find(_ERROR)
    if error is not None:
        _raise_unless_empty(error, answer.url, verb)
        content = etree.Element(f"{{{OAI}}}{verb}")
    elif content is None:
        raise _broken(answer, page, 0, f"it has no {verb} element")
    token = content.find(_TOKEN)
    return Envelope(
        url=answer.url,
        page=page,
        raw=answer.body,
        response_date=(root.findtext(_RESPONSE_DATE) or "").strip(),
        content=content,
        matched=error is None,
        token="" if token is None else (token.text or "").strip(),
        total=None if token is None else _size(token),
    )


def _raise_unless_empty(error: _Element, url: str, verb: str) -> None:
    code = error.get("code", "")
    if code != _EMPTY or verb not in _LISTS:
        raise refused(url, code, (error.text or "").strip())


def _size(token: _Element) -> int | None:
    text = token.get("completeListSize", "").strip()
    return int(text) if _SIZE.fullmatch(text) else None


def _parse(answer: Answer, page: int) -> _Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, collect_ids=False
    )
    try:
        root = etree.fromstring(answer.body, parser)
    except etree.XMLSyntaxError as error:
        raise _unreadable(answer, page, error) from error
    if root.getroottree().docinfo.internalDTD is not None:
        # Entities it declares would be lost without a word, so it is no page to be trusted.
        if root.tag != _ROOT:
            raise NotOai(page=page, url=answer.url, found="another kind of document", offset=0)
        offset = max(answer.body.find(b"<!DOCTYPE"), 0)
        raise _broken(answer, page, offset, "it has a DOCTYPE, which OAI-PMH does not allow")
    return root


def _unreadable(answer: Answer, page: int, error: etree.XMLSyntaxError) -> NotOai | PageBroken:
    offset = offset_of(answer.body, *error.position)
    beginning = answer.body[:2048].replace(b"\0", b"")
    if beginning.strip() and not _ENVELOPE.search(beginning):
        kind = answer.headers.get("content-type", "") or "something else"
        return NotOai(page=page, url=answer.url, found=f"not XML ({kind})", offset=offset)
    return _broken(answer, page, offset, error.msg or "it is not well-formed")


def _broken(answer: Answer, page: int, offset: int, reason: str) -> PageBroken:
    return PageBroken(page=page, url=answer.url, offset=offset, reason=reason)


def offset_of(body: bytes, line: int, column: int) -> int:
    """Return the byte offset of libxml2's line and column, both from 1, columns in characters."""
    start = 0
    for _ in range(line - 1):
        start = body.find(b"\n", start) + 1
    end = body.find(b"\n", start)
    text = body[start : end if end >= 0 else len(body)].decode("utf-8", "surrogateescape")
    return min(start + len(text[: column - 1].encode("utf-8", "surrogateescape")), len(body))
