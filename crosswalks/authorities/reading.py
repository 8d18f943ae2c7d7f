"""A file of authorities, whatever its form: entries one by one, and what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from hashlib import blake2b
from types import MappingProxyType
from typing import IO

from crosswalks.authorities import marc, ntriples, skos, table
from crosswalks.authorities.model import Entry, Kind, Read, flawed
from crosswalks.errors import FormatError, Said
from crosswalks.formats import Readable, iso2709, marcxml, xmlfile
from crosswalks.text import word_key

HEAD = 1 << 14
"""Bytes of a file that tell its form."""
_LONGEST = 1 << 20
"""Bytes of one authority; what is longer is something else."""
_MADE = "="
"""Begins a number that was made of kind and heading, as no file gives one."""

Reader = Callable[[IO[bytes], Kind], Iterator[Read]]


def sniffed(head: bytes) -> str:
    """Return the name of the form that a file beginning so has, nothing if it has none."""
    if skos.SKOS.encode() in head and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        return "skos"
    if skos.SKOS.encode() in head and b"<rdf:RDF" in head:
        return "skos"
    if ntriples.sniff(head):
        return "ntriples"
    if marcxml.sniff(head):
        return "marcxml"
    if table.sniff(head):
        return "table"
    return "iso2709" if iso2709.sniff(head) else ""


def read(stream: IO[bytes], form: str, kind: Kind = Kind.TOPIC) -> Iterator[Read]:
    """Yield what stands at each place of a file in one of ``FORMS``.

    ``kind`` is that of entries whose form does not tell theirs. What was deleted at its home, and
    what is no authority at all (a scheme), is passed over.
    """
    for each in FORMS[form](stream, kind):
        if each.entry is None:
            yield each
            continue
        reason = flawed(each.entry)
        yield Read(each.place, None, reason) if reason else each._replace(entry=_named(each.entry))


def _named(entry: Entry) -> Entry:
    """Return an entry with a number: one that comes without is known by kind and heading."""
    if entry.number:
        return entry
    told = f"{entry.kind}\0{word_key(entry.heading)}".encode()
    return replace(entry, number=_MADE + blake2b(told, digest_size=8).hexdigest())


def _marc(form: Readable) -> Reader:
    def reader(stream: IO[bytes], kind: Kind) -> Iterator[Read]:
        del kind
        for place, (_, data) in enumerate(form.split(stream), 1):
            if len(data) > _LONGEST:
                yield Read(place, None, _too_long())
                continue
            try:
                record, _ = form.read_leniently(data)
            except FormatError as error:
                yield Read(place, None, _unreadable(error))
                continue
            entry = marc.entry(record)
            if entry is not None:
                yield Read(place, entry)

    return reader


def _skos(stream: IO[bytes], kind: Kind) -> Iterator[Read]:
    for place, (_, data) in enumerate(xmlfile.split(stream, "Concept", "Description"), 1):
        if len(data) > _LONGEST:
            yield Read(place, None, _too_long())
            continue
        try:
            number, said = skos.statements(data)
        except FormatError as error:
            yield Read(place, None, _unreadable(error))
            continue
        entry = skos.entry(number, said, kind)
        if entry is not None:
            yield Read(place, entry)


def _ntriples(stream: IO[bytes], kind: Kind) -> Iterator[Read]:
    for group in ntriples.groups(stream):
        if not group.about:
            yield Read(group.line, None, Said("the line is no statement of N-Triples", {}))
            continue
        entry = skos.entry(group.about, group.said, kind)
        if entry is not None:
            yield Read(group.line, entry)


def _unreadable(error: FormatError) -> Said:
    return Said("it cannot be read: {reason}", {"reason": error.reason})


def _too_long() -> Said:
    return Said("it is longer than {most} bytes", {"most": _LONGEST})


FORMS: Mapping[str, Reader] = MappingProxyType(
    {
        "iso2709": _marc(iso2709),
        "marcxml": _marc(marcxml),
        "skos": _skos,
        "ntriples": _ntriples,
        "table": table.read,
    }
)
"""What is read, by the names it has in commands."""
