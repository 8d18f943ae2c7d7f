"""Which member is the base of the master, and which only echo what the hub gave out itself."""

from __future__ import annotations

from collections.abc import Sequence

from catalogue.merge import tables
from catalogue.merge.values import Member
from catalogue.model import HubIdentity
from crosswalks.model import Field

_LEVELS = {row[0]: int(row[1]) for row in tables.rows("encoding-levels.tsv")}
_UNKNOWN_LEVEL = _LEVELS["u"]


def ranked(members: Sequence[Member]) -> list[Member]:
    """Return the members, the best base first.

    A record without a title cannot be one; then weight, encoding level (leader/17), completeness
    and last the name decide, so that no order of arrival shows.
    """
    return sorted(members, key=_rank)


def _rank(member: Member) -> tuple[bool, int, int, int, tuple[str, str]]:
    record = member.record
    untitled = not any(record.values("245", "a"))
    level = _LEVELS.get(record.leader[17:18], _UNKNOWN_LEVEL)
    return untitled, -member.weight, -level, -_completeness(member), member.name


def _completeness(member: Member) -> int:
    """Return how many different data fields a record has, local ones (9XX) left out."""
    fields = member.record.fields
    return len({field.tag for field in fields if isinstance(field, Field) and field.tag < "900"})


def voters(members: Sequence[Member], hub: HubIdentity) -> list[Member]:
    """Return the members that contribute to the master, best first: all but the hub's echoes.

    Where there are only echoes, the hub has nothing better than what came back.
    """
    order = ranked(members)
    return [member for member in order if not is_echo(member, hub)] or order


def is_echo(member: Member, hub: HubIdentity) -> bool:
    """Say whether a record bears the hub's own number: it was taken over from here."""
    own = f"({hub.code})"
    numbers = member.record.values("035", "a")
    return member.record.control("003").strip() == hub.code or any(
        number.startswith(own) for number in numbers
    )
