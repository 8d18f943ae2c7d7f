"""Records cut out of their page's own bytes, as they stand there, where that surely gives the same.

To write a record from the page's tree takes as long as to read it there, and loses how it was
written. So a list that is written as nearly all are, in UTF-8 and each record a header and at most
one element of metadata, is cut at its tags. The tree has shown the page to be well-formed, and
tells how many records there are; here the grammar of such a list is matched, from its first record
to its end without a gap. Whatever does not match leaves the page to ``records``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from lxml import etree

from crosswalks.formats.xml import safe_parser
from crosswalks.model import RawRecord
from harvester.oai.xml import Envelope
from protocols.oai import OAI

_UTF8 = {"utf-8", "us-ascii", "ascii", ""}
_NAME = re.compile(rb"^<[^\s/>]+")
_DECLARED = re.compile(rb"\sxmlns(?::([^\s=]+))?\s*=")
_in_tree = etree.XPath("count(o:record)", namespaces={"o": OAI})
_payloads_in_tree = etree.XPath("count(o:record/o:metadata/*)", namespaces={"o": OAI})


class _Unlike(Exception):
    """The list is not written in the way that is cut here."""


class _Grammar(NamedTuple):
    """How a list is written whose elements have a certain prefix."""

    beginning: re.Pattern[bytes]
    record: re.Pattern[bytes]
    """From the start tag of a record to that of its metadata's element, or to its own end."""
    record_ends: re.Pattern[bytes]
    list_ends: re.Pattern[bytes]
    set: re.Pattern[bytes]
    metadata_ends: bytes


class _Tag(NamedTuple):
    """A start tag with what was declared around it, its end, and its element's namespace."""

    markup: bytes
    end: bytes
    namespace: str


def cut_out(envelope: Envelope) -> tuple[RawRecord, ...] | None:
    """Return the records of a list as its bytes have them, None where it is written otherwise."""
    name = etree.QName(envelope.content).localname
    encoding = envelope.content.getroottree().docinfo.encoding or ""
    if not envelope.as_came or encoding.lower() not in _UTF8:
        return None
    grammar = _grammar((envelope.content.prefix or "").encode(), name.encode())
    try:
        return tuple(_records(envelope, grammar))
    except _Unlike:
        return None


@lru_cache(maxsize=16)
def _grammar(prefix: bytes, name: bytes) -> _Grammar:
    mark = prefix + b":" if prefix else b""

    def made(pattern: bytes) -> re.Pattern[bytes]:
        # "<~" and "</~" stand for the beginnings of tags, "_" for white space, "..." for text.
        plain = pattern.replace(b"...", rb"([^<&\r]*+)").replace(b"_", rb"[ \t\r\n]*+")
        return re.compile(plain.replace(b"~", re.escape(mark)))

    return _Grammar(
        beginning=made(rb"<~" + name + rb"(?=[ \t\r\n>])[^<>]*(?<!/)>"),
        record=made(
            rb"_<~record>_<~header(?:[ \t\r\n]+status=[\"'](deleted)[\"'])?_>"
            rb"_<~identifier>...</~identifier>_<~datestamp>...</~datestamp>"
            rb"((?:_<~setSpec>[^<&\r]*+</~setSpec>)*+)_</~header>_"
            rb"(?:<~metadata>_(<[^<>/!?][^<>]*(?<!/)>)|</~record>)"
        ),
        record_ends=made(rb"_</~record>"),
        list_ends=made(
            rb"_(?:<~resumptionToken[^<>]*(?:/>|>[^<]*</~resumptionToken>)_)?</~" + name + rb"_>"
        ),
        set=made(rb"<~setSpec>..."),
        metadata_ends=b"</" + mark + b"metadata>",
    )


def _records(envelope: Envelope, grammar: _Grammar) -> Iterator[RawRecord]:
    """Yield the records; raise _Unlike at once or at the first that is written otherwise."""
    body, tags = envelope.raw, _tags(envelope)
    began = grammar.beginning.search(body)
    at = began.end() if began else 0
    position = payloads = 0
    while found := grammar.record.match(body, at):
        at = found.end()
        tag, record = None, b""
        if found[5]:
            payloads += 1
            tag = tags(found[5])
            record, at = _payload(body, at, tag, grammar)
        yield RawRecord(
            identifier=found[2].decode().strip(),
            datestamp=found[3].decode().strip(),
            deleted=found[1] is not None,
            sets=tuple(one.decode().strip() for one in grammar.set.findall(found[4])),
            format="" if tag is None else tag.namespace,
            body=record,
            position=position,
        )
        position += 1
    content = envelope.content
    counted = position == _in_tree(content) and payloads == _payloads_in_tree(content)
    if not (counted and grammar.list_ends.match(body, at)):
        raise _Unlike


def _payload(body: bytes, start: int, tag: _Tag, grammar: _Grammar) -> tuple[bytes, int]:
    """Return the element whose start tag ends at ``start``, and where its record ends."""
    end = body.find(grammar.metadata_ends, start)
    last = body.rfind(b"<", start, end)
    ended = grammar.record_ends.match(body, end + len(grammar.metadata_ends))
    if end < 0 or ended is None or not body.startswith(tag.end, last, end):
        raise _Unlike
    return tag.markup + body[start : last + len(tag.end)], ended.end()


def _tags(envelope: Envelope) -> Callable[[bytes], _Tag]:
    """Return what makes a record's start tag one that stands alone; most of a page are equal."""
    around: Mapping[str | None, str] = envelope.content.nsmap
    parser = safe_parser()

    @lru_cache(maxsize=64)
    def tag(markup: bytes) -> _Tag:
        declared = {found[1].decode() if found[1] else None for found in _DECLARED.finditer(markup)}
        more = "".join(
            f" xmlns{f':{prefix}' if prefix else ''}={quoteattr(uri)}"
            for prefix, uri in around.items()
            if prefix not in declared
        )
        alone = _NAME.sub(lambda name: name[0] + more.encode(), markup)
        try:
            element = etree.fromstring(alone[:-1] + b"/>", parser)
        except etree.XMLSyntaxError as error:
            raise _Unlike from error
        # What only looks like a declaration, within a value, declares nothing.
        if not around.keys() <= element.nsmap.keys():
            raise _Unlike
        name = _NAME.findall(markup)[0]
        return _Tag(alone, b"</" + name[1:] + b">", etree.QName(element).namespace or "")

    return tag
