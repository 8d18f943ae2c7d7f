"""What is told of an effect: how many records, in which fields, and a few of them to look at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from crosswalks import trials
from crosswalks.model import Record
from crosswalks.shelf import Shelf

SAMPLES = 10
_EACH_FIELD = 5
_LONGEST = 40
"""Lines of a sample: a record may be a book's worth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One record that would come out otherwise."""

    name: str
    """As ``source/identifier``, or the public id of one that is given out."""
    fields: tuple[str, ...]
    difference: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Effect:
    """What would become of the records: stored ones, or those that are given out."""

    records: int = 0
    given_out: int = 0
    """How many of them are records given out, each once for every view that shows it."""
    changed: int = 0
    unchanged: int = 0
    appearing: int = 0
    """Set aside now, and mapped then."""
    vanishing: int = 0
    """Mapped now; then they could not be, and would stay as they were."""
    failing: int = 0
    """On which a rule would fail, whether one does now or not."""
    fields: dict[str, int] = field(default_factory=dict)
    """In how many records a field, or element, would be another."""
    crosswalks: dict[str, int] = field(default_factory=dict)
    """How many records given out would be others, by the crosswalk that makes them."""
    samples: list[Sample] = field(default_factory=list)
    complete: bool = False

    def count_changed(
        self, name: str, both: tuple[Record | None, Record | None], times: int = 1
    ) -> None:
        """Count a record that would be another, and keep it as a sample where it is of use."""
        before, after = both
        self.changed += times
        if before is None or after is None:
            return
        tags = _differing(before, after)
        for tag in tags:
            self.fields[tag] = self.fields.get(tag, 0) + times
        rare = any(self.fields[tag] <= _EACH_FIELD * times for tag in tags)
        if len(self.samples) < SAMPLES and rare:
            told = trials.difference(trials.lines(before), trials.lines(after))
            self.samples.append(Sample(name=name, fields=tags, difference=told[:_LONGEST]))

    @classmethod
    def noted(cls, noted: dict[str, Any]) -> Effect:
        """Return what ``asdict`` made a note of."""
        samples = [
            Sample(
                name=each["name"],
                fields=tuple(each["fields"]),
                difference=tuple(each["difference"]),
            )
            for each in noted["samples"]
        ]
        return cls(**(noted | {"samples": samples}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which crosswalk is asked about, by what is now and by what would be."""

    name: str
    now: Shelf
    then: Shelf

    def names(self) -> frozenset[str]:
        """Return the crosswalks that would be others."""
        return frozenset(self.then.users(self.name)) | frozenset(
            self.now.users(self.name) if self.name in self.now.names() else ()
        )

    def key(self) -> str:
        """Return what tells this question from others of the same crosswalk."""
        told = [
            shelf.version(name)
            for shelf in (self.now, self.then)
            for name in sorted(self.names())
            if name in shelf.names()
        ]
        return "/".join(told)


def _differing(before: Record, after: Record) -> tuple[str, ...]:
    """Return the tags of the fields that only one of two records has, the leader's among them."""
    one, other = Counter(before.fields), Counter(after.fields)
    tags = {entry[0] for entry in ((one - other) + (other - one)) if entry[0] != "005"}
    leader = {"LDR"} if before.leader != after.leader else set()
    # Of fields that only changed their order none is another.
    return tuple(sorted(tags | leader)) or ("",)
