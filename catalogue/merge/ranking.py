"""Which member is the base of the master, and which only echo what the hub gave out itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from catalogue.merge import tables
from catalogue.merge.treatment import treatment_of
from catalogue.merge.values import Member
from catalogue.model import HubIdentity
from crosswalks.model import Field, Record

_LEVELS = {row[0]: int(row[1]) for row in tables.rows("encoding-levels.tsv")}
_UNKNOWN_LEVEL = _LEVELS["u"]
T = TypeVar("T")


def ranked(members: Sequence[Member], hub: HubIdentity) -> list[Member]:
    """Return the members, the best base first.

    A record without a title cannot be one; then weight, encoding level (leader/17), the language of
    description that is wanted here, completeness and last the name decide, so that no order of
    arrival shows.
    """
    if len(members) == 1:
        return list(members)
    return sorted(members, key=lambda member: _rank(member, hub.cataloguing_language))


def _rank(member: Member, language: str) -> tuple[bool, int, int, bool, int, tuple[str, str]]:
    record = member.record
    untitled = not any(record.values("245", "a"))
    level = level_of(record)
    foreign = described_in(record) not in ("", language)
    return untitled, -member.weight, -level, foreign, -_completeness(member), member.name


def level_of(record: Record) -> int:
    """Return how full a record says it is (leader/17): higher is fuller."""
    return _LEVELS.get(record.leader[17:18], _UNKNOWN_LEVEL)


def described_in(record: Record) -> str:
    """Return the language of cataloguing (040 $b, ISO 639-2), or nothing where none is told."""
    told = next(iter(record.values("040", "b")), "").strip().casefold()
    return told if len(told) == 3 else ""  # noqa: PLR2004 - the length of such codes


def _completeness(member: Member) -> int:
    """Return how many different fields a record has that can be in a master.

    What is a library's own makes no better base: once it has loaded what it got back, without
    that, another would be the base, and the master another for everybody.
    """
    return len(
        {
            field.tag
            for field in member.record.fields
            if isinstance(field, Field)
            and treatment_of(field.tag) != "drop"
            and field.tag != "880"
            and not field.first("5")
        }
    )


def voters(members: Sequence[Member], hub: HubIdentity) -> Sequence[Member]:
    """Return the members that contribute to the master, best first: all but the hub's echoes.

    Where there are only echoes, the hub has nothing better than what came back.
    """
    order = ranked(members, hub)
    return heard(order, lambda member: member.record, hub)


def heard(some: Sequence[T], record: Callable[[T], Record], hub: HubIdentity) -> Sequence[T]:
    """Return those whose records are no echoes of the hub, or all where there is nothing else."""
    return [each for each in some if not is_echo(record(each), hub.code)] or some


def is_echo(record: Record, hub: str) -> bool:
    """Say whether a record bears the number of the hub of this code: it was taken over from it."""
    return record.control("003").strip() == hub or bool(numbers_of(record, hub))


def numbers_of(record: Record, code: str) -> tuple[str, ...]:
    """Return the numbers that a record bears of the hub or library of this code (035, 001)."""
    own = f"({code})"
    numbers = [
        number.removeprefix(own).strip()
        for number in record.values("035", "a")
        if number.startswith(own)
    ]
    if record.control("003").strip() == code:
        numbers.append(record.control("001").strip())
    return tuple(filter(None, numbers))
