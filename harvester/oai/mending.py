"""The second, lenient reading of a page that is whole but not well-formed.

The bytes are cut at the beginnings of the records, and each record is read by itself: as it is,
then mended as surely meant, and else cut out with its bytes, so that one record costs no other. A
page without its end is never mended: nobody knows what was in the rest of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from lxml import etree
from lxml.etree import XMLSyntaxError, _Element

from crosswalks.model import Problem, RawRecord, Severity
from harvester.errors import NotOai, PageBroken
from harvester.model import Answer
from harvester.oai import markup
from harvester.oai.cutting import Pieces, cut_record, pieces
from harvester.oai.parsing import DOCTYPE, declared_encoding, has_doctype, parse
from harvester.oai.xml import ROOT, Envelope, envelope_of, read_envelope
from protocols.oai import OAI

_RECORD = f"{{{OAI}}}record"
_SAMPLE = 60


@dataclass(slots=True)
class _Mended:
    """What came of the records of a page, by their places."""

    notes: dict[int, tuple[Problem, ...]] = field(default_factory=dict)
    cut: dict[int, RawRecord] = field(default_factory=dict)


def mend(answer: Answer, page: int, verb: str, fault: NotOai | PageBroken) -> Envelope:
    """Return what can be read of an answer that could not be read strictly.

    Raises ``fault`` where it cannot be mended without guessing, ProtocolRefused where the answer
    turns out to be an error.
    """
    found = pieces(answer.body, verb)
    if found is None or DOCTYPE in answer.body[: found.start]:
        raise fault
    encoding = declared_encoding(answer.body[: found.start])
    root, problems = _read(found.head + found.tail, encoding)
    if root is None or root.tag != ROOT or has_doctype(root):
        raise fault
    mended = _Mended()
    content = root.find(f"{{{OAI}}}{verb}")
    if content is not None:
        for position, piece in enumerate(found.records):
            content.insert(position, _record(_Slice(found, piece, encoding), position, mended))
    return replace(
        envelope_of(root, answer, page, verb),
        problems=(*_around(found), *problems, _told(fault, mended)),
        notes=mended.notes,
        cut=mended.cut,
    )


class _Slice(NamedTuple):
    """One record's bytes in what was around them."""

    pieces: Pieces
    data: bytes
    encoding: str

    def document(self, data: bytes) -> bytes:
        """Return bytes within the elements that were open around the record."""
        return self.pieces.opening + data + self.pieces.closing


def _record(piece: _Slice, position: int, mended: _Mended) -> _Element:
    """Return the element of a record, an empty one for what has to be cut out."""
    root, problems = _read(piece.document(piece.data), piece.encoding)
    found = [] if root is None else [child for child in root[0] if isinstance(child.tag, str)]
    if len(found) == 1 and root is not None and not has_doctype(root):
        if problems:
            mended.notes[position] = problems
        return found[0]
    mended.cut[position] = cut_record(piece.data, _reason(piece))
    return etree.Element(_RECORD)


def _read(data: bytes, encoding: str) -> tuple[_Element | None, tuple[Problem, ...]]:
    """Return a document's root and what had to be mended for it, None if that did not help."""
    if encoding.lower() in ("utf-8", "utf8"):
        try:
            return parse(data)[0], ()
        except XMLSyntaxError:
            pass
    text, problems = markup.mended(data, encoding)
    try:
        return parse(text.encode())[0], problems
    except XMLSyntaxError:
        # lxml knows undeclared prefixes only as a syntax error.
        text, more = markup.with_prefixes(text)
    try:
        return parse(text.encode())[0], (*problems, *more)
    except XMLSyntaxError:
        return None, ()


def _reason(piece: _Slice) -> str:
    text, _ = markup.mended(piece.document(piece.data), piece.encoding)
    try:
        parse(text.encode())
    except XMLSyntaxError as error:
        return error.msg or "it is not well-formed"
    return "it is not one element"


def _around(found: Pieces) -> tuple[Problem, ...]:
    nameless = Problem(
        code="wrong-namespace",
        severity=Severity.WARNING,
        detail="the answer does not say that it is OAI-PMH",
    )
    return tuple(
        Problem(
            code="text-around",
            severity=Severity.WARNING,
            sample=text[:_SAMPLE].decode("utf-8", "replace"),
            detail=f"{len(text)} bytes {where} the document",
        )
        for where, text in (("before", found.before), ("after", found.after))
        if text
    ) + (() if found.named else (nameless,))


def _told(fault: NotOai | PageBroken, mended: _Mended) -> Problem:
    why = fault.details.get("reason") or fault.details.get("found")
    return Problem(
        code="page-mended",
        severity=Severity.WARNING,
        detail=(
            f"at byte {fault.details['offset']}: {why}; "
            f"records mended: {len(mended.notes)}, cut out: {len(mended.cut)}"
        ),
    )


def read_answer(answer: Answer, page: int, verb: str) -> Envelope:
    """Return the answer to a verb, read strictly if it goes, mended if it must; raise HarvestError.

    The same bytes always give the same.
    """
    try:
        return read_envelope(answer, page, verb)
    except (PageBroken, NotOai) as fault:
        return mend(answer, page, verb, fault)
