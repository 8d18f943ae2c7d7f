"""What was measured, as tables in words: the same on a terminal and in the report for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from babel.numbers import format_decimal, format_percent

from hub.bench.dirt import kinds
from hub.bench.report import growth, sampling, stages
from hub.bench.run import Report, Sized
from hub.bench.stages import NAMES
from web.language import Translate, mark

PEERS = {
    "bytes": mark("bytes only"),
    "lxml": mark("lxml, trees only"),
    "sickle": mark("sickle"),
    "sickle-pymarc": mark("sickle and pymarc"),
}
DIRT = {
    "isbn": mark("a mistyped ISBN"),
    "leader": mark("a leader that nobody knows"),
    "legacy": mark("text in TCVN3, read as Western European"),
    "unreadable": mark("a record with nothing in it"),
    "other": mark("no description of a publication"),
    "twice": mark("delivered twice, with the same bytes"),
    "changed": mark("delivered again in the same list, changed"),
    "deleted": mark("delivered, and told to be deleted later in the list"),
}
_SMALL, _TINY = 10, 0.1
"""Below the first a figure is told with two digits behind the point, below the second with four."""
_GIBIBYTE, _MEBIBYTE = 1 << 30, 1 << 20


class Table(NamedTuple):
    """One table: what it shows, in English that is translated, and its cells in words."""

    title: str
    headings: tuple[str, ...]
    rows: list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Words:
    """Says figures and names in one language."""

    translate: Translate
    language: str

    def number(self, value: float) -> str:
        """Return a figure as people write it: whole, or with what counts of it where it is small.

        Counts are whole numbers, and stay so.
        """
        form = "#,##0"
        if not isinstance(value, int) and value < _SMALL:
            form = "0.00" if value >= _TINY else "0.0000"
        return str(format_decimal(value, form, locale=self.language))

    def share(self, value: float) -> str:
        """Return a share as a percentage."""
        return str(format_percent(value, "#,##0.0 %", locale=self.language))


def tables(report: Report, words: Words) -> list[Table]:
    """Return all tables of a report, what is asked for first of all at the beginning."""
    makers = (_sizes, _found, _peers, _stages, _growth, _dirt, _machine)
    return [found for make in makers if (found := make(report, words)).rows]


def _machine(report: Report, words: Words) -> Table:
    found = report.machine
    rows = {
        mark("Processors"): f"{found.processors} × {found.model or found.architecture}",
        mark("Memory"): f"{words.number(found.memory_bytes / _GIBIBYTE)} GiB",
        mark("Load before"): words.number(found.load),
        mark("System"): found.system,
        mark("Database"): report.sizes[0].verified.engine,
        "Python": found.python,
        "Liên Thông": found.program,
        mark("Members"): words.number(report.options.members),
        mark("Seed"): str(report.options.seed),
        mark("Processes"): words.number(report.options.processes),
    }
    return Table(
        mark("The machine, and what was asked for"),
        (mark("Figure"), mark("Value")),
        [(words.translate(name), value) for name, value in rows.items()],
    )


def _sizes(report: Report, words: Words) -> Table:
    return Table(
        mark("The whole line: harvested, stored, matched, merged, indexed, published"),
        (
            mark("Records"),
            mark("Delivered"),
            mark("Seconds"),
            mark("per second"),
            mark("per second of a processor"),
            mark("Microseconds of a processor each"),
            mark("Memory, MiB"),
            mark("Database, MiB"),
            mark("Pages kept, MiB"),
        ),
        [
            (
                words.number(each.lists.records),
                words.number(each.passed.delivered),
                words.number(each.passed.seconds),
                words.number(each.passed.delivered / each.passed.seconds),
                words.number(each.passed.delivered / each.passed.cpu_seconds),
                words.number(each.cpu_us),
                words.number(each.passed.peak_mib),
                words.number(each.verified.database_bytes / _MEBIBYTE),
                words.number(each.verified.raw_bytes / _MEBIBYTE),
            )
            for each in report.sizes
        ],
    )


def _found(report: Report, words: Words) -> Table:
    return Table(
        mark("What came out"),
        (
            mark("Records"),
            mark("Live"),
            mark("Clusters"),
            mark("Given out"),
            mark("Quarantined"),
            mark("Problems"),
            mark("Digest"),
        ),
        [
            (
                *(words.number(each.lists.records), words.number(each.verified.records)),
                *(words.number(each.verified.clusters), words.number(each.verified.given_out)),
                *(words.number(each.verified.quarantined), words.number(each.verified.problems)),
                each.verified.digest[:16],
            )
            for each in report.sizes
        ],
    )


def _peers(report: Report, words: Words) -> Table:
    return Table(
        mark("Beside others that only read the same pages, in the same run"),
        (
            mark("Records"),
            mark("Program"),
            mark("per second"),
            mark("per second of a processor"),
            mark("Line / program, by the clock"),
            mark("Line / program, by processor time"),
        ),
        [row for each in report.sizes for row in _beside(each, words)],
    )


def _beside(each: Sized, words: Words) -> list[tuple[str, ...]]:
    passed = each.passed
    per_second = passed.delivered / passed.seconds
    per_cpu_second = passed.delivered / passed.cpu_seconds
    return [
        (
            words.number(each.lists.records),
            words.translate(PEERS[peer.name]),
            words.number(peer.per_second),
            words.number(peer.per_cpu_second),
            words.number(per_second / peer.per_second),
            words.number(per_cpu_second / peer.per_cpu_second),
        )
        for peer in each.peers
    ]


def _stages(report: Report, words: Words) -> Table:
    return Table(
        mark("Stage by stage, processor time"),
        (
            mark("Records"),
            mark("Stage"),
            mark("Seconds"),
            mark("Share"),
            mark("Microseconds each"),
            mark("per second of a processor"),
        ),
        [row for each in report.sizes for row in _profile(each, words)],
    )


def _profile(each: Sized, words: Words) -> list[tuple[str, ...]]:
    records, number = words.number(each.lists.records), words.number
    rows = [
        (
            records,
            words.translate(NAMES[one["stage"]]),
            number(one["cpu_seconds"]),
            words.share(one["share"]),
            number(one["cpu_microseconds"]),
            number(one["per_cpu_second"] or 0),
        )
        for one in stages(each)
    ]
    looked = sampling(each)
    told = words.translate(mark("looking at the stages"))
    seconds, share = number(float(looked["cpu_seconds"])), words.share(looked["share"])
    return [*rows, (records, told, seconds, share, "", "")]


def _growth(report: Report, words: Words) -> Table:
    grown = [growth(*pair) for pair in pairwise(report.sizes)]
    return Table(
        mark("What a record costs among more of them"),
        (mark("From"), mark("To"), mark("by processor time"), mark("by the clock")),
        [
            tuple(words.number(one[name]) for name in ("from", "to", "cpu", "clock"))
            for one in grown
        ],
    )


def _dirt(report: Report, words: Words) -> Table:
    found: Sequence[Sized] = report.sizes
    counts = partial(_count, words)
    return Table(
        mark("What was wrong with records, so many of them"),
        (mark("Kind"), *(f"{words.number(each.lists.records)}" for each in found)),
        [
            (words.translate(DIRT[dirt.kind]), *(counts(each, dirt.kind) for each in found))
            for dirt in kinds()
        ],
    )


def _count(words: Words, each: Sized, kind: str) -> str:
    return words.number(each.lists.dirt.get(kind, 0))
