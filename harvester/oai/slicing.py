"""Records cut out of their page's own bytes, as they stand there, where that surely gives the same.

To make a page's tree, and to write each record from it, takes several times as long as to see that
the page is well-formed, and loses how the records were written. So a list that is written as nearly
all are is cut at its tags: in UTF-8, without comments, CDATA and instructions, each record a header
and at most one element of metadata. All of it has to match this grammar, from the first record to
the end without a gap; whatever does not is left to the tree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from lxml import etree

from crosswalks.formats.xml import safe_parser
from crosswalks.model import RawRecord
from harvester.oai.parsing import declared_encoding, is_well_formed

_UTF8 = {"utf-8", "utf8", "us-ascii", "ascii"}
_RARE = 1000
"""How often a sign may stand on a page and still be looked at one by one."""
_NAME = re.compile(rb"^<[^\s/>]+")
_DECLARED = re.compile(rb"\sxmlns(?::([^\s=]+))?\s*=")


class Cut(NamedTuple):
    """A page in two: its records, and the document without them."""

    records: tuple[RawRecord, ...]
    rest: bytes


class _Unlike(Exception):
    """The list is not written in the way that is cut here."""


class _Grammar(NamedTuple):
    """How a list is written whose elements have a certain prefix."""

    record: re.Pattern[bytes]
    """From the start tag of a record to that of its metadata's element, or to its own end."""
    record_ends: re.Pattern[bytes]
    """What follows the metadata's element."""
    list_ends: re.Pattern[bytes]
    set: re.Pattern[bytes]


class _Tag(NamedTuple):
    """A start tag with what was declared around it, its end, and its element's namespace."""

    markup: bytes
    end: bytes
    namespace: str


def cut_out(body: bytes, verb: str) -> Cut | None:
    """Return the records of a list as its bytes have them, None where it is written otherwise.

    None too where the page is not well-formed.
    """
    name = verb.encode()
    begun = _beginning(name).search(body)
    if begun is None or not _is_plain(body, begun.start()):
        return None
    start, ends = begun.end(), body.rfind(b"</" + begun[1] + name)
    grammar = _grammar(begun[1], name)
    try:
        tags = _tags(_declared_around(body[:start] + body[ends:], verb))
        records, end = _records(body, start, grammar, tags)
    except (_Unlike, etree.XMLSyntaxError, UnicodeDecodeError):
        return None
    rest = body[:start] + body[end:]
    once = rest.count(b"<" + begun[1] + name) == 1
    if not (once and grammar.list_ends.match(body, end) and is_well_formed(body)):
        return None
    return Cut(tuple(records), rest)


@lru_cache(maxsize=16)
def _beginning(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"<((?:[\w.-]+:)?)" + name + rb"(?=[ \t\r\n>])[^<>]*(?<!/)>")


@lru_cache(maxsize=16)
def _grammar(mark: bytes, name: bytes) -> _Grammar:
    def made(pattern: bytes) -> re.Pattern[bytes]:
        # "<~" and "</~" stand for the beginnings of tags, "_" for white space, "..." for text.
        plain = pattern.replace(b"...", rb"([^<&\r]*+)").replace(b"_", rb"[ \t\r\n]*+")
        return re.compile(plain.replace(b"~", re.escape(mark)))

    return _Grammar(
        record=made(
            rb"_<~record>_<~header(?:[ \t\r\n]+status=[\"'](deleted)[\"'])?_>"
            rb"_<~identifier>...</~identifier>_<~datestamp>...</~datestamp>"
            rb"((?:_<~setSpec>[^<&\r]*+</~setSpec>)*+)_</~header>_"
            rb"(?:<~metadata>_(<[^<>/][^<>]*(?<!/)>)|</~record>)"
        ),
        record_ends=made(rb"_</~metadata>_</~record>"),
        list_ends=made(
            rb"_(?:<~resumptionToken[^<>]*(?:/>|>[^<]*</~resumptionToken>)_)?</~" + name + rb"_>"
        ),
        set=made(rb"<~setSpec>..."),
    )


def _is_plain(body: bytes, start: int) -> bool:
    """Tell whether a page is UTF-8, and has nothing but tags and text where its list begins."""
    head = body[:start]
    if declared_encoding(head).lower() not in _UTF8:
        return False
    if b"<!" in head or head.rfind(b"<?") > head.rfind(b"?>"):
        return False
    return not (
        _stands_after_bracket(body, b"!", start) or _stands_after_bracket(body, b"?", start)
    )


def _stands_after_bracket(body: bytes, sign: bytes, start: int) -> bool:
    """Tell whether a sign stands right after "<" somewhere behind a place.

    To look at each of a rare sign is several times as quick as to look for the two together.
    """
    at = start
    for _ in range(_RARE):
        at = body.find(sign, at + 1)
        if at < 0:
            return False
        if body.startswith(b"<", at - 1):
            return True
    return body.find(b"<" + sign, at) >= 0


def _declared_around(rest: bytes, verb: str) -> Mapping[str | None, str]:
    """Return the namespaces that are declared where a list's records stand."""
    content = etree.fromstring(rest, safe_parser()).find(f"{{*}}{verb}")
    if content is None:
        raise _Unlike
    return content.nsmap


def _records(
    body: bytes, at: int, grammar: _Grammar, tags: Callable[[bytes], _Tag]
) -> tuple[list[RawRecord], int]:
    """Return the records from a place on, as far as they match, and where they end."""
    records: list[RawRecord] = []
    while found := grammar.record.match(body, at):
        at, record, namespace = found.end(), b"", ""
        if found[5]:
            tag = tags(found[5])
            # Were there another element of this name within, the metadata would not end after it.
            end = body.find(tag.end, at) + len(tag.end)
            ended = grammar.record_ends.match(body, end)
            if ended is None:
                raise _Unlike
            record, at, namespace = tag.markup + body[at:end], ended.end(), tag.namespace
        records.append(
            RawRecord(
                identifier=found[2].decode().strip(),
                datestamp=found[3].decode().strip(),
                deleted=found[1] is not None,
                sets=tuple(one.decode().strip() for one in grammar.set.findall(found[4])),
                format=namespace,
                body=record,
                position=len(records),
            )
        )
    return records, at


def _tags(around: Mapping[str | None, str]) -> Callable[[bytes], _Tag]:
    """Return what makes a record's start tag one that stands alone; most of a page are equal."""
    parser = safe_parser()

    @lru_cache(maxsize=64)
    def tag(markup: bytes) -> _Tag:
        declared = {found[1].decode() if found[1] else None for found in _DECLARED.finditer(markup)}
        more = "".join(
            f" xmlns{f':{prefix}' if prefix else ''}={quoteattr(uri)}"
            for prefix, uri in around.items()
            if prefix not in declared
        )
        name = _NAME.findall(markup)[0]
        alone = name + more.encode() + markup[len(name) :]
        element = etree.fromstring(alone[:-1] + b"/>", parser)
        # What only looks like a declaration, within a value, declares nothing.
        if not around.keys() <= element.nsmap.keys():
            raise _Unlike
        return _Tag(alone, b"</" + name[1:] + b">", etree.QName(element).namespace or "")

    return tag
