"""A MARC record as readers see it: labelled lines, and the fields themselves for cataloguers.

Which fields make a line is in display.tsv, in the order shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from crosswalks.model import Control, Field, Record
from crosswalks.tables import parse

# ISBD marks that lead over to the next element, which is not shown beside this one.
_TRAILING = " /:;,="


class Line(NamedTuple):
    """One labelled line; the label is an English message."""

    label: str
    values: tuple[str, ...]


class Rule(NamedTuple):
    """Which subfields of which fields make a line."""

    label: str
    tags: tuple[str, ...]
    subfields: str
    separator: str


@cache
def rules() -> tuple[Rule, ...]:
    """Return the lines that can be shown, in order."""
    rows = parse(files("web.public"), "display.tsv")
    return tuple(
        Rule(label, tuple(tags.split()), subfields, f" {joiner} " if joiner else " ")
        for label, tags, subfields, joiner in rows
    )


def lines(record: Record) -> list[Line]:
    """Return the lines of a record that have something in them."""
    found = (Line(rule.label, _values(record, rule)) for rule in rules())
    return [line for line in found if line.values]


def title(record: Record) -> str:
    """Return the title proper with its remainder, or an empty string."""
    return next(_joined(record, Rule("", ("245",), "abnp", " ")), "")


def fields(record: Record) -> Iterator[tuple[str, str, str]]:
    """Yield (tag, indicators, content) of every field; ``$a`` before a subfield's value."""
    yield "LDR", "", record.leader
    for field in record.fields:
        if isinstance(field, Control):
            yield field.tag, "", field.value
        elif isinstance(field, Field):
            content = " ".join(f"${code} {value}" for code, value in field.subfields)
            yield field.tag, field.indicators.replace(" ", "_"), content


def _values(record: Record, rule: Rule) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_joined(record, rule)))


def _joined(record: Record, rule: Rule) -> Iterator[str]:
    for field in record.data(*rule.tags):
        value = rule.separator.join(field.all(rule.subfields)).rstrip(_TRAILING)
        if value:
            yield value
