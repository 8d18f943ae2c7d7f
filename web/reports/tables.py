"""A report as five tables: in all, by type, by region, by library, and what the figures mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from catalogue.members.kinds import label
from catalogue.reports.model import Group, Report
from crosswalks.text import nfc
from web.language import Translate, mark
from web.reports.words import (
    BESIDE,
    BY_CLOCK,
    DEFINITIONS,
    FIGURES,
    NOT_STATED,
    called,
    of_member,
)

Cell: TypeAlias = str | int

TITLES = {
    "total": mark("In all"),
    "types": mark("By type of library"),
    "regions": mark("By region"),
    "members": mark("By library"),
    "definitions": mark("What the figures mean"),
}
"""The tables by name, in order; as sheets of a workbook they have to be short."""
_MEMBERS = mark("Member libraries")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under headings, in one language."""

    name: str
    """One of ``TITLES``."""
    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def tables(report: Report, translate: Translate) -> tuple[Table, ...]:
    """Return a report's tables."""
    figures = [translate(each) for each in FIGURES.values()]
    found = report.figures
    groups = (translate(_MEMBERS), *figures)
    return (
        _table("total", ("Figure", "Value"), _total(report, translate), translate),
        _table("types", ("Type", *groups), _groups(of_kinds(found.kinds), translate), translate),
        _table("regions", ("Region", *groups), _groups(found.regions, translate), translate),
        _table("members", (*_LIBRARY, *figures), _members(report, translate), translate),
        _table("definitions", ("Figure", "Meaning"), _meanings(report, translate), translate),
    )


_LIBRARY = (mark("Code"), mark("Name"), mark("Type"), mark("Region"), mark("Membership"))
_HEADINGS = (mark("Figure"), mark("Value"), mark("Meaning"))


def table_of(report: Report, name: str, translate: Translate) -> Table:
    """Return one of a report's tables, by its name."""
    return next(each for each in tables(report, translate) if each.name == name)


def _table(
    name: str,
    headings: tuple[str, ...],
    rows: Iterator[tuple[Cell, ...]],
    translate: Translate,
) -> Table:
    return Table(
        name=name,
        title=translate(TITLES[name]),
        headings=tuple(map(translate, headings)),
        rows=tuple(rows),
    )


def _total(report: Report, translate: Translate) -> Iterator[tuple[Cell, ...]]:
    made = datetime.fromtimestamp(report.made, ZoneInfo(report.zone)).isoformat(" ", "minutes")
    yield translate(mark("Period")), report.period.name
    yield translate(mark("First day")), str(report.period.first)
    yield translate(mark("Last day")), str(report.period.last)
    yield translate(mark("Time zone of the days")), report.zone
    yield translate(mark("Issue")), report.issue
    yield translate(mark("Made at")), made
    yield translate(mark("Made by")), report.author or translate(BY_CLOCK)
    yield translate(mark("Version of the hub")), report.program
    yield translate(mark("Version of the definitions")), report.definitions
    for name, numbers in ((FIGURES, report.figures.total.numbers), (BESIDE, report.figures.beside)):
        yield from _named(name, numbers, translate)


def _named(
    names: Mapping[str, str], numbers: Mapping[str, int], translate: Translate
) -> Iterator[tuple[Cell, ...]]:
    for name, word in names.items():
        yield translate(word), numbers[name]


def of_kinds(groups: tuple[Group, ...]) -> tuple[Group, ...]:
    """Return types of libraries by what they are called, in both languages where they have a code.

    A report keeps the code: names may be worded otherwise one day, and a report never changes.
    """
    return tuple(replace(each, name=label(each.name)) for each in groups)


def _groups(groups: tuple[Group, ...], translate: Translate) -> Iterator[tuple[Cell, ...]]:
    for each in groups:
        name = nfc(each.name) or translate(NOT_STATED)
        yield name, each.libraries, *(each.numbers[figure] for figure in FIGURES)


def _members(report: Report, translate: Translate) -> Iterator[tuple[Cell, ...]]:
    for each in report.figures.members:
        told = (each.code, each.name, label(each.kind), each.region)
        standing = translate(of_member(each.standing))
        yield *map(nfc, told), standing, *(each.numbers[figure] for figure in FIGURES)


def _meanings(report: Report, translate: Translate) -> Iterator[tuple[Cell, ...]]:
    for name, meaning in DEFINITIONS[report.definitions].items():
        yield translate(called(name)), translate(meaning)
