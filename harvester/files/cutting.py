"""A stream of records cut into these, whatever its format is: nothing in it goes in silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, NamedTuple

from crosswalks import formats
from crosswalks.errors import Said
from crosswalks.formats import Readable, linefile, table
from harvester.files import identifying, looks, tables
from harvester.files.errors import RecordTooLong, UnknownContent, UnknownFileFormat
from harvester.files.identifying import Place
from harvester.files.model import Cut, Cutter
from harvester.files.opening import Part
from harvester.model import FileSettings

_LONGEST_NAME = 1000
"""Bytes of one identifier on a line of a delete list."""
_BOM = b"\xef\xbb\xbf"


def check(part: Part, settings: FileSettings, *, deletions: bool = False) -> None:
    """Raise FilesRefused where a part cannot be cut, as far as its beginning tells."""
    _cutter(part, settings, deletions=deletions)


def kind(part: Part, settings: FileSettings, *, deletions: bool = False) -> str:
    """Return the name of the format a part is in; raise FilesRefused."""
    cutter = _cutter(part, settings, deletions=deletions)
    if cutter is _lines:
        return Said("a list of identifiers", {})
    form = None if cutter is tables.cut else formats.sniffed(part.head)
    return settings.format or (form.NAME if form else table.NAME)


def cut(part: Part, settings: FileSettings, *, deletions: bool = False) -> Iterator[Cut]:
    """Yield the records of a part, each with the place it begins at; raise FilesRefused."""
    cutter = _cutter(part, settings, deletions=deletions)
    for one in cutter(part.stream, settings, part.name):
        yield _as_deletion(one) if deletions else one


def named(name: str) -> Readable:
    """Return the format with a name; raise UnknownFileFormat."""
    form = formats.named(name)
    if form is None:
        known = ", ".join(each.NAME for each in formats.FORMATS)
        raise UnknownFileFormat(name=name, known=known)
    return form


def _cutter(part: Part, settings: FileSettings, *, deletions: bool) -> Cutter:
    form = named(settings.format) if settings.format else formats.sniffed(part.head)
    if form is not None and form.NAME != table.NAME:
        return _Records(form, identifying.places(settings)).cut
    if settings.format or _is_table(part.head, settings):
        return tables.cut
    if deletions and looks.is_text(part.head):
        return _lines
    raise UnknownContent(file=part.name, looks=looks.described(part.head))


def _is_table(head: bytes, settings: FileSettings) -> bool:
    # Of a row as we keep it, which is an object of JSON, nobody makes a file.
    return not head.lstrip().startswith(b"{") and tables.looks_like_table(head, settings)


class _Records(NamedTuple):
    """Cuts files of a format."""

    form: Readable
    wanted: tuple[Place, ...]

    def cut(self, stream: IO[bytes], settings: FileSettings, name: str) -> Iterator[Cut]:
        limit = settings.limits.record_bytes
        first_is_001 = self.wanted[0] == ("001", "")
        for offset, body in self.form.split(stream):
            if len(body) >= limit:
                raise RecordTooLong(file=name, limit=limit, offset=offset)
            problems = identifying.missing(self.form, body)
            identifier = identifying.quick(self.form, body) if first_is_001 else ""
            if not identifier:
                record, damage = identifying.damage(self.form, body)
                identifier = identifying.said(record, self.wanted) if record else ""
                problems = damage or problems
            yield Cut(
                offset=offset,
                body=body,
                format=self.form.NAME,
                identifier=identifier,
                problems=problems,
            )


def _lines(stream: IO[bytes], settings: FileSettings, name: str) -> Iterator[Cut]:
    """Yield a deletion for each line, which is an identifier."""
    del settings
    for offset, line in linefile.lines(stream):
        if len(line) > _LONGEST_NAME:
            raise RecordTooLong(file=name, limit=_LONGEST_NAME, offset=offset)
        text = line.removeprefix(_BOM).strip().strip(b'"')
        if text:
            identifier = text.decode("utf-8", "replace")
            yield Cut(offset=offset, body=line, format="", identifier=identifier, deleted=True)


def _as_deletion(one: Cut) -> Cut:
    return (
        one
        if one.deleted
        else Cut(
            offset=one.offset,
            body=one.body,
            format="",
            identifier=one.identifier or identifying.of_bytes(one.body),
            deleted=True,
            problems=(),
        )
    )
