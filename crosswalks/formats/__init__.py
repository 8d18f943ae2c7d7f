"""One module per format, all with the same functions; none of them changes what it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import IO, Protocol

from crosswalks.errors import FormatError
from crosswalks.formats import (
    bibframe,
    bibtex,
    csv_table,
    dim,
    edm,
    etdms,
    iso2709,
    jsonld,
    marcjson,
    marcxml,
    mods,
    mrk,
    oai_dc,
    qdc,
    ris,
    table,
    tagged,
    unimarc,
)
from crosswalks.model import Columns, Problem, RawRecord, Record, Schema


class Format(Protocol):
    """What every format says of itself."""

    NAME: str
    SCHEMA: Schema
    """The schema of the records in it."""


class Readable(Format, Protocol):
    """What a module needs in order to be a format that is read."""

    NAMES: tuple[str, ...]
    """Namespaces and names under which sources announce it."""

    def sniff(self, data: bytes) -> bool:
        """Tell whether the bytes look like a record, or the beginning of a file, of this format."""

    def read(self, data: bytes) -> Record:
        """Return the record; raise FormatError on the least doubt."""

    def read_leniently(self, data: bytes) -> tuple[Record, tuple[Problem, ...]]:
        """Return what can be read and what was overlooked; raise FormatError if nothing can."""

    def split(self, stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
        """Yield (offset, bytes) for each record of a file; the bytes can be read alone."""


class Writable(Format, Protocol):
    """What a module needs in order to be a format that is written."""

    OPENING: bytes
    """What a file of several records begins with."""
    BETWEEN: bytes
    CLOSING: bytes

    def write(self, record: Record) -> bytes:
        """Return one record; raise FormatError where the format cannot hold it."""


FORMATS: tuple[Readable, ...] = (
    *(unimarc, marcxml, mods, etdms, dim, edm, qdc, oai_dc),
    *(iso2709, marcjson, mrk, tagged, table),
)
"""What is read, in the order in which bytes of unknown kind are tried: the common ones last."""
WRITTEN: tuple[Writable, ...] = (
    *(iso2709, marcxml, marcjson, mrk, unimarc, tagged, oai_dc, qdc, dim, mods, etdms, edm),
    *(jsonld, bibframe, ris, bibtex, csv_table),
)
"""What is written, in the order in which people are told of it."""
_BY_NAME: dict[str, Readable] = {
    name: form for form in FORMATS for name in (form.NAME, *form.NAMES)
}


def named(name: str) -> Readable | None:
    """Return the format with this namespace or name, or None."""
    return _BY_NAME.get(name.strip())


def sniffed(data: bytes) -> Readable | None:
    """Return the format that the bytes look like, or None."""
    return next((form for form in FORMATS if form.sniff(data)), None)


def find(raw: RawRecord) -> Readable:
    """Return the format of a record: as announced if the bytes do not contradict, else sniffed.

    Raises FormatError where neither the name nor the bytes are known.
    """
    announced = named(raw.format)
    if announced and announced.sniff(raw.body):
        return announced
    form = sniffed(raw.body) or announced
    if form is None:
        raise FormatError(schema=raw.format or "any format", reason="the format is not known")
    return form


def writer_of_columns(form: Writable) -> Callable[[Columns], bytes]:
    """Return what writes a record in columns: the format's own way where it has one."""
    if form is oai_dc:
        return oai_dc.write_columns
    return lambda columns: form.write(columns.record())


def file_of(form: Writable, records: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the pieces of a file that holds these written records."""
    before = form.OPENING
    for record in records:
        yield before + record
        before = form.BETWEEN
    yield form.CLOSING if before is form.BETWEEN else form.OPENING + form.CLOSING
