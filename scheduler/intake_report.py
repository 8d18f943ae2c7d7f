"""What the check of a delivery tells: counts of everything, and of each kind the first few.

However bad a file is, the report stays of one size; what is left out is counted.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from catalogue.intake.forecast import Foreseen
from catalogue.messages import packed
from catalogue.model import Library, Source
from crosswalks.checks.tally import Count, Tally
from crosswalks.model import Page, Problem, RawRecord, Record, Severity
from scheduler.encodings import encoding_of
from scheduler.mapping import MappedPage

MOST = 100
"""Refusals, repairs and kinds of problems that are told one by one."""
_KINDS = 20
"""Formats, and other members, that are told apart."""
_LONGEST = 200
_HALF = 0.5
REPAIRS = frozenset(
    {
        "bad-encoding",
        "bad-structure",
        "bare-ampersand",
        "damaged-identifier",
        "html-entity",
        "identifier-repeated",
        "illegal-character",
        "inner-declaration",
        "metadata-as-text",
        "no-indicators",
        "not-quite-iso2709",
        "not-well-formed",
        "other-encoding",
        "read-leniently",
        "repaired-encoding",
        "repeated-attribute",
        "undeclared-prefix",
        "wrong-namespace",
    }
)
"""Problems of records that could be read all the same, otherwise than as they came."""


class Report:
    """What was found so far."""

    def __init__(self, source: Source, members: Iterable[Library]) -> None:
        self._source = source
        self._codes = _codes(members)
        self._tally = Tally()
        self._sums: Counter[str] = Counter()
        self._formats: Counter[str] = Counter()
        self._others: Counter[str] = Counter()
        self._refusals: list[dict[str, Any]] = []
        self._repairs: list[dict[str, Any]] = []

    @property
    def read(self) -> int:
        """How many records came so far."""
        return self._sums["read"]

    def page(self, page: Page, mapped: MappedPage, places: Sequence[str], source: Source) -> None:
        """Count one page; ``places`` says where each record stood, as far as that is known.

        ``source`` is the source as its records show it to be so far.
        """
        self._source = source
        for raw in page.records:
            self._sums["read"] += 1
            found = mapped.records.get(raw.position)
            place = places[raw.position] if raw.position < len(places) else page.url
            if raw.deleted:
                self._sums["deleted"] += 1
            else:
                told = mapped.problems.get(raw.position, ())
                self._record(raw, found.record if found else None, told, place)
        if page.problems:
            # Told of no record: it must not count as one.
            apart = Tally()
            apart.add(self.read, None, page.problems)
            apart.records = apart.unreadable = apart.faulty = 0
            self._tally.merge(apart)

    def value(self, foreseen: Foreseen) -> dict[str, Any]:
        """Return the report as plain values, for JSON."""
        sums, problems = self._sums, self._tally.by_weight()
        return {
            "whole": foreseen.whole,
            "encoding": encoding_of(self._source) or "",
            "formats": _most(self._formats),
            **{name: sums[name] for name in ("read", "deleted", "repaired", "refused")},
            "counts": asdict(foreseen.counts),
            "verdict": _verdict(foreseen),
            "samples": {
                kind: [{"identifier": _cut(name), "title": _cut(title)} for name, title in some]
                for kind, some in foreseen.samples.items()
            },
            "refusals": self._refusals,
            "repairs": self._repairs,
            "problems": [key._asdict() | _counted(count) for key, count in problems[:MOST]],
            "other_problems": sum(count.cases for _, count in problems[MOST:]),
            "patterns": [
                {"code": pattern.value} | _counted(count)
                for pattern, count in self._tally.shown_patterns()
            ],
            "own": sums["own"],
            "others": _most(self._others),
            "astray": self._others.total() > _HALF * max(sums["read"] - sums["deleted"], 1),
        }

    def _record(
        self, raw: RawRecord, record: Record | None, problems: Sequence[Problem], place: str
    ) -> None:
        self._tally.add(self.read, record, problems)
        is_told = raw.format in self._formats or len(self._formats) < _KINDS
        self._formats[_cut(raw.format) if is_told else "…"] += 1
        if record is None:
            reason = next((p for p in problems if p.severity is Severity.ERROR), None)
            self._sums["refused"] += 1
            _note(self._refusals, raw, place, reason)
            return
        self._whose(record)
        repair = next((p for p in problems if p.code in REPAIRS), None)
        if repair is not None:
            self._sums["repaired"] += 1
            _note(self._repairs, raw, place, repair)

    def _whose(self, record: Record) -> None:
        """Count the record for the member whose code it bears, if that is another."""
        borne = {record.control("003"), *record.values("040", "a"), *record.values("852", "a")}
        found = {self._codes[key] for each in borne if (key := _key(each)) in self._codes}
        if self._source.library in found:
            self._sums["own"] += 1
        elif found:
            self._others[min(found)] += 1


def _codes(members: Iterable[Library]) -> dict[str, str]:
    """Return every code that a member is known by, with the one it has here."""
    return {
        _key(code): member.code for member in members for code in (*member.aliases, member.code)
    }


def _key(code: str) -> str:
    return code.strip().strip("()").casefold()


def _note(kept: list[dict[str, Any]], raw: RawRecord, place: str, problem: Problem | None) -> None:
    if len(kept) >= MOST:
        return
    told = problem or Problem(code="unreadable", severity=Severity.ERROR)
    kept.append(
        {
            "identifier": _cut(raw.identifier),
            "place": _cut(place),
            "code": told.code,
            "field": _cut(told.field),
            "sample": _cut(told.sample),
            "detail": _cut(told.detail),
        }
    )


def _counted(count: Count) -> dict[str, Any]:
    return {
        "cases": count.cases,
        "records": count.records,
        "examples": [
            {
                "record": each.position,
                "identifier": _cut(each.identifier),
                "sample": _cut(each.sample),
                "detail": _cut(each.detail),
            }
            for each in count.examples
        ],
    }


def _verdict(foreseen: Foreseen) -> dict[str, Any] | None:
    if foreseen.doubt is None:
        return None
    told = packed(foreseen.doubt)
    return {**told, "details": json.loads(told["details"])}


def _most(counted: Mapping[str, int]) -> dict[str, int]:
    return dict(Counter(counted).most_common(_KINDS))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
