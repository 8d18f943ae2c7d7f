"""What is wrong with a whole file or source, added up record by record.

Only counts and a few samples are kept, so memory does not grow with the source; two tallies of
parts make the tally of the whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from crosswalks.checks import completeness
from crosswalks.checks.features import features, identifier_of, kind_of
from crosswalks.checks.patterns import Pattern, patterns
from crosswalks.checks.seen import Seen
from crosswalks.model import Problem, Record, Severity

SAMPLES = 3
MOST_KEYS = 2000
"""How many different (code, field) are told apart; tags of damaged records are endless."""
_OTHERS = "..."
_ORDER = tuple(Severity)


class Key(NamedTuple):
    """What problems are counted by."""

    severity: Severity
    code: str
    field: str


class Example(NamedTuple):
    """One case: which record of the file, what it is called, and what it shows."""

    position: int
    identifier: str
    sample: str
    detail: str = ""


class Count:
    """How many cases in how many records, with the first few of them."""

    __slots__ = ("cases", "examples", "last", "records")

    def __init__(self) -> None:
        self.cases = 0
        self.records = 0
        self.last = 0
        self.examples: list[Example] = []

    def add(self, example: Example) -> None:
        """Count one more case."""
        self.cases += 1
        if example.position != self.last:
            self.records += 1
            self.last = example.position
        if len(self.examples) < SAMPLES:
            self.examples.append(example)

    def merge(self, other: Count) -> None:
        """Count the cases of other records."""
        self.cases += other.cases
        self.records += other.records
        self.examples = [*self.examples, *other.examples][:SAMPLES]


class Tally:
    """What was found so far."""

    def __init__(self) -> None:
        self.records = 0
        self.unreadable = 0
        self.faulty = 0
        """Records with an error or a warning."""
        self.problems: dict[Key, Count] = {}
        self.patterns: dict[Pattern, Count] = {}
        self.scores: Counter[int] = Counter()
        self.kinds: Counter[str] = Counter()
        self.seen = Seen()

    def add(self, position: int, record: Record | None, problems: Iterable[Problem]) -> None:
        """Count one record with its problems; None is a record that could not be read."""
        self.records += 1
        identifier = identifier_of(record) if record else ""
        is_faulty = False
        for each in problems:
            is_faulty = is_faulty or each.severity is not Severity.INFO
            example = Example(position, identifier, each.sample, each.detail)
            self._count(Key(each.severity, each.code, each.field)).add(example)
        self.faulty += is_faulty
        if record is None:
            self.unreadable += 1
        else:
            self._judge(position, identifier, record)

    def merge(self, other: Tally) -> None:
        """Add what another tally, of other records, has counted."""
        self.records += other.records
        self.unreadable += other.unreadable
        self.faulty += other.faulty
        self.scores += other.scores
        self.kinds += other.kinds
        self.seen.merge(other.seen)
        for key, count in other.problems.items():
            self._count(key).merge(count)
        for pattern, count in other.patterns.items():
            self.patterns.setdefault(pattern, Count()).merge(count)

    def errors(self) -> int:
        """Return how many error-level problems there are."""
        return sum(c.cases for key, c in self.problems.items() if key.severity is Severity.ERROR)

    def completeness(self) -> float | None:
        """Return the mean completeness of the records that were read, or None without any."""
        judged = self.scores.total()
        return sum(s * n for s, n in self.scores.items()) / judged if judged else None

    def by_weight(self) -> list[tuple[Key, Count]]:
        """Return the problems, errors first and the most frequent first."""
        return sorted(
            self.problems.items(),
            key=lambda item: (_ORDER.index(item[0].severity), -item[1].records, item[0]),
        )

    def shown_patterns(self) -> list[tuple[Pattern, Count]]:
        """Return the patterns by how many records show them, equal identifiers included."""
        found = dict(self.patterns)
        if again := self.seen.again():
            count = found[Pattern.SAME_IDENTIFIER] = Count()
            count.cases = count.records = again
            count.examples = [Example(0, name, name) for name in self.seen.samples()]
        return sorted(found.items(), key=lambda item: (-item[1].records, item[0]))

    def _judge(self, position: int, identifier: str, record: Record) -> None:
        told = features(record)
        kind = kind_of(record, told)
        self.kinds[kind] += 1
        self.scores[completeness.score(told, kind)] += 1
        for pattern, sample in patterns(told):
            count = self.patterns.setdefault(pattern, Count())
            count.add(Example(position, identifier, sample[:60]))
        if identifier:
            self.seen.add(identifier)

    def _count(self, key: Key) -> Count:
        if key not in self.problems and len(self.problems) >= MOST_KEYS:
            key = Key(key.severity, key.code, _OTHERS)
        return self.problems.setdefault(key, Count())
