"""An overlay: what is added to, put in place of something in, or left out of a cluster's master.

That is a field; or one subfield of a field, or positions of the leader or of 008, and then the rest
of the field goes on as its libraries change it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from crosswalks.model import Control, Field, Subfield

AnyField: TypeAlias = Control | Field
LEADER = "LDR"
"""What the leader is called where a tag stands."""


class Kind(StrEnum):
    """What an overlay does."""

    ADD = "add"
    REPLACE = "replace"
    SUPPRESS = "suppress"


class State(StrEnum):
    """How an overlay stands, as the last placement of its cluster left it."""

    APPLIED = "applied"
    """It does what it was made for, on the field it was made on."""
    CHANGED = "changed"
    """It stands in the master, but what lies beneath it is not what it was made on."""
    OVERRULED = "overruled"
    """A later overlay stands in its place."""
    WAITING = "waiting"
    """The field it was made on is not there, and it does nothing until it comes back."""

    @property
    def is_doubtful(self) -> bool:
        """Whether a person has to look."""
        return self is not State.APPLIED


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to be done to a master: a field beneath, and a field over it.

    Positions are a control field of theirs: ``008/35-37``, ``LDR/06``.
    """

    kind: Kind
    beneath: AnyField | None = None
    """As it was when the overlay was made; none where one is added."""
    over: AnyField | None = None
    """What is to stand there; none where one is left out."""
    within: Field | None = None
    """Where one subfield is meant: the whole field as it was. ``beneath`` and ``over`` are that
    field with nothing but the subfield then.
    """

    @property
    def tag(self) -> str:
        """The tag of the field, without positions."""
        field = self.over or self.beneath
        return field.tag[: len(LEADER)] if field else ""

    @property
    def is_part(self) -> bool:
        """Whether it is about a part of a field only."""
        field = self.over or self.beneath
        return self.within is not None or (field is not None and "/" in field.tag)


def subfield_of(field: AnyField | None) -> Subfield | None:
    """Return the subfield that a field of one stands for."""
    return field.subfields[0] if isinstance(field, Field) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """An overlay with who made it, when and why."""

    id: int
    cluster: str
    """Public id of the cluster that it was made for; it goes where that one goes."""
    change: Change
    reason: str
    person: str
    at: int
    """When it was made, epoch seconds, as below."""
    undone_at: int | None
    undone_by: str
    state: State
    parted: bool
    """Whether records that the cluster had then are in another cluster now."""
    bulk: int | None = None
    """The bulk correction that it is part of."""
