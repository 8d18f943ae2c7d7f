"""One module per format, all with the same functions; none of them changes what it reads."""

from __future__ import annotations

from typing import Protocol

from crosswalks.errors import FormatError
from crosswalks.formats import iso2709, marcxml, oai_dc
from crosswalks.model import Problem, RawRecord, Record


class Format(Protocol):
    """What a module needs in order to be a format that is read."""

    NAME: str
    NAMES: tuple[str, ...]
    """Namespaces and names under which sources announce it."""

    def sniff(self, data: bytes) -> bool:
        """Tell whether the bytes look like this format."""

    def read(self, data: bytes) -> Record:
        """Return the record; raise FormatError on the least doubt."""

    def read_leniently(self, data: bytes) -> tuple[Record, tuple[Problem, ...]]:
        """Return what can be read and what was overlooked; raise FormatError if nothing can."""

    def write(self, record: Record) -> bytes:
        """Return one XML element or one ISO 2709 record."""


FORMATS: tuple[Format, ...] = (marcxml, oai_dc, iso2709)
_BY_NAME: dict[str, Format] = {name: form for form in FORMATS for name in (form.NAME, *form.NAMES)}


def named(name: str) -> Format | None:
    """Return the format with this namespace or name, or None."""
    return _BY_NAME.get(name.strip())


def find(raw: RawRecord) -> Format:
    """Return the format of a record: as announced if the bytes do not contradict, else sniffed.

    Raises FormatError where neither the name nor the bytes are known.
    """
    announced = named(raw.format)
    if announced and announced.sniff(raw.body):
        return announced
    sniffed = next((form for form in FORMATS if form.sniff(raw.body)), announced)
    if sniffed is None:
        raise FormatError(schema=raw.format or "any format", reason="the format is not known")
    return sniffed
