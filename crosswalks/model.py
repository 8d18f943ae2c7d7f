"""The values that every room carries: what came, what it means, and what was wrong with it.

All are immutable, so a record can be handed between threads, cached and compared without care.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias

Subfield: TypeAlias = tuple[str, str]
"""One subfield: its code and its value."""

Checkpoint: TypeAlias = Mapping[str, Any]
"""A reader's own position in a source, JSON values only; only the reader that wrote it reads it."""


class Schema(StrEnum):
    """The schemas a Record can be in; the value is the name used in commands and columns."""

    MARC21 = "marc21"
    UNIMARC = "unimarc"
    OAI_DC = "oai_dc"
    QDC = "qdc"
    DIM = "dim"
    MODS = "mods"
    ETDMS = "etdms"
    EDM = "edm"
    JSONLD = "jsonld"
    BIBFRAME = "bibframe"
    RIS = "ris"
    BIBTEX = "bibtex"
    CSV = "csv"
    TABLE = "table"


class Control(NamedTuple):
    """A MARC control field (00X): no indicators, no subfields."""

    tag: str
    value: str


class Field(NamedTuple):
    """A MARC data field: two indicators as one string, subfields in the order delivered."""

    tag: str
    indicators: str
    subfields: tuple[Subfield, ...]

    def first(self, code: str) -> str:
        """Return the first value of a subfield, or an empty string."""
        # A loop, not a generator: it is asked for more often than anything else.
        for name, value in self.subfields:
            if name == code:
                return value
        return ""

    def all(self, codes: str) -> list[str]:
        """Return the values of any of these subfields, in the order delivered."""
        return [value for name, value in self.subfields if name in codes]


class Element(NamedTuple):
    """One element of an XML schema: prefixed name, attributes, text, children."""

    name: str
    attributes: tuple[tuple[str, str], ...]
    text: str
    children: tuple[Element, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A bibliographic record in its own schema.

    MARC-like schemas use ``leader`` and Control/Field entries, element-like ones Element entries;
    ``fields`` keeps the order in which they were delivered.
    """

    schema: Schema
    leader: str = ""
    fields: tuple[Control | Field | Element, ...] = ()

    def control(self, tag: str) -> str:
        """Return the value of a control field, or an empty string."""
        for field in self.fields:
            if field[0] == tag and isinstance(field, Control):
                return field.value
        return ""

    def data(self, *tags: str) -> Iterator[Field]:
        """Yield the data fields with one of these tags, in the order delivered."""
        for field in self.fields:
            if field[0] in tags and isinstance(field, Field):
                yield field

    def values(self, tag: str, codes: str) -> list[str]:
        """Return the values of these subfields of every field with this tag."""
        return [value for field in self.data(tag) for value in field.all(codes)]

    def elements(self, *names: str) -> Iterator[Element]:
        """Yield the elements with one of these prefixed names, in the order delivered."""
        for field in self.fields:
            if isinstance(field, Element) and field.name in names:
                yield field


class Columns(NamedTuple):
    """A record of elements without children, its names, attributes and texts side by side.

    Much of what is written at once never has to be made a Record.
    """

    schema: Schema
    names: Sequence[str]
    attributes: Sequence[tuple[tuple[str, str], ...]]
    """Of each element; empty where no element has any."""
    texts: Sequence[str]

    def record(self) -> Record:
        """Return the same as a Record."""
        attributes = self.attributes or ((),) * len(self.names)
        columns = zip(self.names, attributes, self.texts, strict=True)
        return Record(schema=self.schema, fields=tuple([Element(*each) for each in columns]))


class Undivided(NamedTuple):
    """A sound MARC record whose fields are still text: indicators, delimiters (1F) and all."""

    schema: Schema
    leader: str
    tags: Sequence[str]
    texts: Sequence[str]


DAMAGED = "damaged"
"""The format of a record that was cut out of a broken answer and is no XML by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRecord:
    """One record as delivered: bytes untouched, and what the protocol said about it."""

    identifier: str
    datestamp: str = ""
    deleted: bool = False
    format: str = ""
    """The namespace or schema name the source gave for ``body``; empty = sniff the bytes."""
    sets: tuple[str, ...] = ()
    body: bytes = b""
    position: int = 0
    """Which record of its page this is, from 0."""
    problems: tuple[Problem, ...] = ()
    """What was wrong with how it came; one of error level keeps it out, whatever its bytes are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer of a source, and where to go on after it has been stored."""

    number: int
    """Page of this list, from 1; a resumed list goes on counting."""
    url: str
    records: tuple[RawRecord, ...]
    next_checkpoint: Checkpoint
    raw: bytes
    """The whole answer as it came."""
    last: bool
    """True only if the source said that its list ends here, and the page was whole."""
    total: int | None = None
    """The source's own completeListSize: a hint, often wrong."""
    problems: tuple[Problem, ...] = ()
    """What had to be overlooked on the page as a whole."""
    kept: str = ""
    """The name its bytes are kept under, where that is known: it is their hash."""
    whole: bool | None = None
    """True if the source's complete list begins with this page, False if a list does that says
    nothing of what it lacks; None: as the checkpoint that was begun from tells.
    """


class Severity(StrEnum):
    """How much a problem matters: an error keeps a record out, a warning does not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong with a record: a code, where, and a sample of the bytes at fault."""

    code: str
    severity: Severity
    field: str = ""
    sample: str = ""
    detail: str = ""
