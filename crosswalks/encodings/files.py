"""A file's format whose records are in a legacy encoding: read as ever, then repaired and told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from crosswalks.encodings import rawmarc
from crosswalks.encodings.model import LEGACY, Encoding
from crosswalks.encodings.records import is_read_as_ever, repair_record
from crosswalks.errors import FormatError
from crosswalks.formats import Readable, iso2709
from crosswalks.model import Problem, Record
from crosswalks.reading import read_as


class InEncoding:
    """A format with the encoding that a file of it is said to be in; ``Readable`` as well."""

    def __init__(self, form: Readable, encoding: Encoding) -> None:
        self.form, self.encoding = form, encoding
        self.NAME, self.NAMES, self.SCHEMA = form.NAME, form.NAMES, form.SCHEMA

    def sniff(self, data: bytes) -> bool:
        """Tell whether bytes look like the format."""
        return self.form.sniff(data)

    def split(self, stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
        """Yield (offset, bytes) for each record."""
        return self.form.split(stream)

    def read(self, data: bytes) -> Record:
        """Return a record that needed no repair; raise FormatError for any other."""
        record, problems = self._read(data)
        if problems:
            raise FormatError(schema=self.NAME, reason=problems[0].code)
        return record

    def read_leniently(self, data: bytes) -> tuple[Record, tuple[Problem, ...]]:
        """Return a record as it was meant, and what was repaired or wrong; raise FormatError."""
        return self._read(data)

    def _read(self, data: bytes) -> tuple[Record, tuple[Problem, ...]]:
        record, problems = self._seen(data)
        if record is None:
            told = "; ".join(problem.detail or problem.code for problem in problems)
            raise FormatError(schema=self.NAME, reason=told)
        record, repaired = repair_record(record, self.encoding)
        return record, (*problems, *repaired)

    def _seen(self, data: bytes) -> tuple[Record | None, tuple[Problem, ...]]:
        if self.encoding not in LEGACY or is_read_as_ever(data, self.encoding):
            return read_as(self.form, data)
        if self.form is iso2709 and (record := rawmarc.read(data)) is not None:
            return record, ()
        return read_as(self.form, data.decode("latin-1").encode("utf-8"))


def in_encoding(form: Readable, encoding: str | None) -> Readable:
    """Return a format, read in an encoding by its name if there is one."""
    return InEncoding(form, Encoding(encoding)) if encoding else form
