"""Records as a file that a library's system loads: ISO 2709 or MARCXML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crosswalks.errors import FormatError
from crosswalks.formats import iso2709, marcxml
from crosswalks.model import Record

TYPES = {"mrc": "application/marc", "xml": "application/marcxml+xml"}
"""Media types of the forms, by how their files end (RFC 2220, RFC 6207)."""


def written(found: Iterable[Record], form: str) -> Iterator[bytes]:
    """Yield a file piece by piece; ``form`` is one of TYPES.

    A record that is too long for ISO 2709 is left out: MARCXML has it.
    """
    if form == "xml":
        yield marcxml.OPENING
        yield from (marcxml.write(each) for each in found)
        yield marcxml.CLOSING
        return
    for each in found:
        try:
            yield iso2709.write(each)
        except FormatError:
            continue
