"""A MARC record as readers see it: labelled lines, and the fields themselves for cataloguers.

Which fields make a line is in display.tsv, in the order shown.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from crosswalks.model import Control, Field, Record

_TABLE = Path(__file__).with_name("display.tsv")
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
    with _TABLE.open(encoding="utf-8", newline="") as table:
        rows = csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(
            Rule(row["label"], tuple(row["tags"].split()), row["subfields"], _around(row["joiner"]))
            for row in rows
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


def _around(joiner: str) -> str:
    return f" {joiner} " if joiner else " "


def _values(record: Record, rule: Rule) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_joined(record, rule)))


def _joined(record: Record, rule: Rule) -> Iterator[str]:
    for field in record.data(*rule.tags):
        value = rule.separator.join(field.all(rule.subfields)).rstrip(_TRAILING)
        if value:
            yield value
