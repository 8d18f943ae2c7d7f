"""Each record by itself: header (OAI-PMH 2.0 s2.5), metadata, and the state of its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache

from lxml import etree
from lxml.etree import _Element

from crosswalks.encodings import MISREAD, Encoding, Evidence, decide
from crosswalks.encodings.twice import misread
from harvester.validate.asking import Line
from harvester.validate.model import Entry, Exchange, Found, Repository
from harvester.validate.payload import payload, root_of
from harvester.validate.walking import entry_of
from protocols.oai import (
    ETDMS,
    MARC21,
    MODS,
    OAI,
    OAI_DC,
    XSI,
    Granularity,
    granularity_of,
    parse_stamp,
)

_METADATA = f"{{{OAI}}}metadata"
_ABOUT = f"{{{OAI}}}about"
_HEADER = f"{{{OAI}}}header"
_LOCATION = f"{{{XSI}}}schemaLocation"
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:\S+")
_LOST = "\N{REPLACEMENT CHARACTER}"
_CONTROL = re.compile("[\x80-\x84\x86-\x9f\ufffe\uffff]")
_NAMESPACES = {MARC21, MODS, ETDMS}
"""Of formats whose records stand in the namespace that has to be announced."""
_SAMPLE = 60
_MUCH = 0.01
"""Share of texts from which it is the server that spoils them, and not single records."""
_MOST_TEXTS = 20_000
"""Texts that the encoding is judged by."""
_SLACK = 3600
"""Seconds that a record may seem to be of the future: clocks differ."""


class Records:
    """Judges records as they come by, and at the end the text of all of them."""

    def __init__(self, line: Line) -> None:
        self.prefix = ""
        """The format of pages that a token leads to."""
        self._line = line
        self._evidence = Evidence()
        self._texts = 0
        self._shown: Exchange | None = None

    def __call__(self, exchange: Exchange, element: _Element) -> None:
        """Judge a record, or a header that stands alone."""
        self._line.add_all(self._judge(exchange, element), exchange)

    def end(self) -> None:
        """Judge what only all texts together tell."""
        if self._shown is None:
            return
        evidence = self._evidence
        encoding = decide(evidence).encoding
        if encoding in MISREAD or evidence.sure:
            told = encoding if encoding in MISREAD and encoding else Encoding.TWICE
            details = {"encoding": told.value, "fields": evidence.misread}
            is_much = evidence.misread >= _MUCH * evidence.fields
            self._line.add(
                Found("text-misread" if is_much else "text-misread-some", details), self._shown
            )
        elif encoding not in (None, Encoding.UTF_8):
            details = {"encoding": encoding.value, "fields": evidence.fields}
            self._line.add(Found("text-old-encoding", details), self._shown)

    def _judge(self, exchange: Exchange, element: _Element) -> Iterator[Found]:
        identifier, entry = entry_of(element)
        repository = self._line.repository
        yield from _header(identifier, entry, repository)
        if element.tag == _HEADER:
            return
        metadata = element.find(_METADATA)
        if entry.deleted:
            if metadata is not None:
                yield Found("deleted-with-metadata", {"identifier": identifier})
            if element.find(_ABOUT) is not None:
                yield Found("deleted-with-about", {"identifier": identifier})
        elif metadata is None:
            yield Found("no-metadata", {"identifier": identifier})
        held = None if metadata is None else root_of(metadata)
        if held is not None:
            yield from payload(held, identifier)
            yield from self._namespace(exchange, held)
            yield from self._text(exchange, held, identifier)

    def _namespace(self, exchange: Exchange, held: _Element) -> Iterator[Found]:
        """Yield where the metadata are of another format than was asked for."""
        prefix = self._prefix(exchange)
        formats = self._line.repository.prefixes
        namespace = etree.QName(held).namespace or ""
        wanted = OAI_DC if prefix == "oai_dc" else formats.get(prefix, namespace)
        if namespace == wanted:
            if held.get(_LOCATION) is None and next(held.iterfind(f".//*[@{_LOCATION}]"), 0) == 0:
                yield Found("no-metadata-location", {"prefix": prefix}, prefix)
            return
        if namespace in _NAMESPACES and prefix != "oai_dc":
            details = {"prefix": prefix, "value": namespace, "right": wanted}
            yield Found("format-namespace", details, prefix)
        others = {each for name, each in formats.items() if name != prefix}
        if prefix == "oai_dc" or namespace in others or namespace == OAI_DC:
            details = {"prefix": prefix, "value": namespace or "-", "right": wanted}
            yield Found("format-mixed", details, prefix)

    def _prefix(self, exchange: Exchange) -> str:
        told = dict(exchange.pairs).get("metadataPrefix", "")
        return told or self.prefix

    def _text(self, exchange: Exchange, held: _Element, identifier: str) -> Iterator[Found]:
        texts = [text for each in held.iter() if (text := (each.text or "").strip())]
        for text in texts:
            if misread(text):
                continue
            if _LOST in text:
                details = {"identifier": identifier, "value": _near(text, text.index(_LOST))}
                yield Found("text-lost", details)
            elif found := _CONTROL.search(text):
                details = {"identifier": identifier, "value": _near(text, found.start())}
                yield Found("text-control", details)
        if self._texts < _MOST_TEXTS:
            before = self._evidence.misread
            self._evidence.add(texts)
            self._texts += len(texts)
            if self._shown is None or (not before and self._evidence.misread):
                self._shown = exchange


def _near(text: str, at: int) -> str:
    shown = text[max(0, at - _SAMPLE // 2) : at + _SAMPLE // 2]
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in shown)


def _header(identifier: str, entry: Entry, repository: Repository) -> Iterator[Found]:
    named = {"identifier": identifier}
    if not _URI.fullmatch(identifier):
        yield Found("identifier-no-uri", named)
    elif repository.scheme and not identifier.startswith(repository.scheme):
        yield Found("identifier-scheme", {**named, "right": repository.scheme})
    if entry.deleted and repository.deleted == "no":
        yield Found("deleted-unannounced", named)
    if repository.sets_are_known:
        for spec in entry.sets:
            if spec not in repository.sets:
                yield Found("set-unlisted", {**named, "set": spec}, spec)
    yield from _stamp(named, entry.stamp, repository)


def _stamp(named: dict[str, str], stamp: str, repository: Repository) -> Iterator[Found]:
    told = {**named, "value": stamp}
    seconds = seconds_of(stamp)
    if seconds is None:
        yield Found("datestamp-form", {"place": named["identifier"], "value": stamp})
        return
    if granularity_of(stamp) is not repository.granularity:
        yield Found("datestamp-granularity", {**told, "right": repository.granularity.value})
    if is_before(stamp, repository.earliest):
        yield Found("earliest-late", {**told, "right": repository.earliest})
    if seconds > _latest(repository) + _SLACK:
        yield Found("datestamp-future", told)


def seconds_of(stamp: str) -> int | None:
    """Return a datestamp as epoch seconds, None where it is none."""
    try:
        return parse_stamp(stamp)
    except ValueError:
        return None


@lru_cache(maxsize=65_536)
def is_before(stamp: str, other: str) -> bool:
    """Tell whether a datestamp is earlier than another, each as fine as the coarser one."""
    if granularity_of(stamp) is None or granularity_of(other) is None:
        return False
    length = min(len(stamp), len(other))
    return stamp[:length] < other[:length]


def _latest(repository: Repository) -> float:
    """Return the later of both clocks, with the whole day where stamps are days."""
    theirs = seconds_of(repository.clock) or 0
    day = 86_400 if repository.granularity is Granularity.DAY else 0
    return max(theirs, datetime.now(UTC).timestamp()) + day
