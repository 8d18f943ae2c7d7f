"""Where a record is from: which libraries' records it was made of, and whose each field is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple

from babel.dates import format_date

from catalogue.clock import told
from catalogue.served import Contributor, Served
from crosswalks import collation
from crosswalks.model import Record
from web.public import display
from web.public.facets import Naming

_NAMED = 3
"""Libraries of a field that are named; a heading may be that of all of them."""
_DAYS = {"vi": "dd/MM/yyyy", "en": "d MMM yyyy"}


class Origin(NamedTuple):
    """A library's record that a record was made of."""

    library: str
    """Its name."""
    number: str
    """What the library's source calls the record."""
    moment: str
    """When this version of it was harvested, in UTC."""
    day: str
    """The same as readers write it."""


class FieldLine(NamedTuple):
    """A field for cataloguers."""

    tag: str
    indicators: str
    content: str
    libraries: tuple[str, ...]
    """Names of those it is from; none where the hub made it."""
    others: int
    """How many more it is from."""


def origins(records: Sequence[Contributor], naming: Naming) -> list[Origin]:
    """Return the records that a record was made of, by the names of their libraries."""
    names = {each.library: naming.library(each.library) for each in records}
    order = {code: collation.key(name) for code, name in names.items()}
    return [
        Origin(
            names[each.library],
            each.identifier,
            told(each.arrived),
            _day(each.arrived, naming.language),
        )
        for each in sorted(records, key=lambda each: (order[each.library], each.name))
    ]


def field_lines(
    found: Served, record: Record, records: Sequence[Contributor], naming: Naming, most: int
) -> list[FieldLine]:
    """Return the first fields of a record, the leader before them, each with whose it is."""
    # Rows of lists of holdings are records of no source.
    held = {f"{each.source}/{each.identifier}": each.library for each in found.holdings}
    libraries = held | {each.name: each.library for each in records}
    lines = []
    for at, line in enumerate(islice(display.fields(record), most)):
        # The leader stands before the fields.
        said = found.provenance[at - 1] if 0 < at <= len(found.provenance) else ()
        codes = list(dict.fromkeys(_codes(said, libraries)))
        shown = codes if len(codes) <= _NAMED + 1 else codes[:_NAMED]
        names = tuple(naming.library(code) for code in shown)
        lines.append(FieldLine(*line, names, len(codes) - len(shown)))
    return lines


def _codes(names: Sequence[str], libraries: Mapping[str, str]) -> Iterator[str]:
    yield from (libraries[name] for name in names if name in libraries)


def _day(seconds: int, language: str) -> str:
    day = datetime.fromtimestamp(seconds, UTC).date()
    return str(format_date(day, _DAYS.get(language, "medium"), locale=language))
