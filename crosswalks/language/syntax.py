"""What a crosswalk's text says, as values: rules, paths, steps, tests and conditions.

Every part keeps the column where it began, so that whoever finds it impossible can point at it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from crosswalks.model import Schema


class Kind(StrEnum):
    """What a path points at."""

    LITERAL = "literal"
    RECORD = "record"
    SELF = "self"
    CONTROL = "control"
    FIELD = "field"
    SUBFIELDS = "subfields"
    INDICATOR = "indicator"
    TAG = "tag"
    ELEMENT = "element"
    ATTRIBUTE = "attribute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicate:
    """What an element must have: a child or ``@attribute``, perhaps of one value; or must not."""

    name: str
    value: str | None = None
    negated: bool = False
    first: bool = False
    """Its first child has to be of this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One step down an element path: a name (``*`` ends a prefix) and its predicates."""

    name: str
    predicates: tuple[Predicate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """Where values are taken from, or, as a target, where they go."""

    kind: Kind
    column: int
    text: str = ""
    """A literal's text, an attribute's name, or an indicator's number."""
    absolute: bool = True
    tag: str = ""
    linked: bool = False
    """The 880 fields that belong to the tag count as well (``245+``)."""
    indicators: str = ""
    codes: str = ""
    group: str = ""
    """Subfields that count as one value, the first: ``$(abcd)xyzv``."""
    behind: str = ""
    """Subfields that belong to the one before them: ``$a+b``."""
    counted: int = 0
    """The indicator that stands before the first subfield's value: ``^2$a``."""
    excluded: bool = False
    """All subfields but ``codes`` (``$!w0``)."""
    start: int = -1
    end: int = -1
    """Positions of a control field, from 0, both included; -1: all of it."""
    parts: tuple[Part, ...] = ()
    constants: tuple[tuple[str, str], ...] = ()
    """As a target: subfields or attributes of one fixed value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One argument of a step: a word, or text in quotation marks."""

    text: str
    quoted: bool
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One transform with its arguments."""

    name: str
    arguments: tuple[Argument, ...]
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What has to be so: a path has a value, or one that passes a test; of the output if made."""

    path: Path
    test: Step | None
    negated: bool = False
    made: bool = False


Conditions = tuple[tuple[Condition, ...], ...]
"""Any of these groups has to hold, each with all its conditions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One line: a target, its sources, what is done on the way, when; and the lines below it."""

    file: str
    line: int
    target: Path
    sources: tuple[Path, ...]
    steps: tuple[Step, ...]
    conditions: Conditions
    children: tuple[Rule, ...] = ()
    others: tuple[Path, ...] = ()
    """Further targets, where each subfield has its own: ``topic, geographic <- $xz``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """The name under which the rules find what these sources give: ``dc:title is dc.title``."""

    name: str
    sources: tuple[Path, ...]
    steps: tuple[Step, ...]
    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A whole crosswalk: its heading and its rules."""

    name: str
    version: str
    source: Schema
    target: Schema
    distinct: bool
    """No two elements of one name with one text, case aside."""
    sort: bool
    """MARC fields in the order of their tags."""
    clean: bool
    """Text of elements on one line, its HTML character references resolved once."""
    resolve: bool
    """Elements that only point at another one of the record have its label for their text."""
    nonsort: bool
    """UNIMARC's marks around words passed over in sorting against MARC 21's count of them."""
    scripts: bool
    """UNIMARC's fields in another script against MARC 21's 880."""
    keep: bool
    """MARC fields that no rule takes stay as they are."""
    bare: bool
    """Text of MARC fields before or without subfields is their $a."""
    names: tuple[Naming, ...]
    rules: tuple[Rule, ...]
