"""Overlays laid over a record: pure, in the order in which they were made, each on what it meets.

A field is found as it was when the overlay was made, to the letter. Where it is not there any more,
a replacement still stands over the only field of its tag, if the tag is one of those a record has
once; anything else waits, so that nothing is put over a field nobody has seen. A part of a field is
found by the part itself (``parts``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from catalogue.overlays import parts
from catalogue.overlays.model import LEADER, AnyField, Change, Kind, State
from catalogue.overlays.parts import span_of
from crosswalks.model import Control, Element, Field, Record

ONCE = frozenset(
    (
        *("006", "007", "008", "100", "110", "111", "130", "240", "243", "245", "250", "254"),
        *("256", "260", "263", "264", "300", "306", "310", "384", "507", "514"),
    )
)
"""Tags of which a record as a rule has one field: MARC 21's not repeatable ones, and those of a
publication's edition, imprint, extent and frequency."""


class Laid(NamedTuple):
    """A change that is laid over a record, and whether it may look for its field by the tag."""

    id: int
    change: Change
    strict: bool = False


class Overlaid(NamedTuple):
    """A record with overlays, and how each of these stands."""

    record: Record
    states: dict[int, State]


@dataclass(slots=True)
class _Draft:
    leader: str
    fields: list[Control | Field | Element]


def lay(record: Record, overlays: Sequence[Laid]) -> Overlaid:
    """Return a record with overlays laid over it, in their order, and how each stands."""
    draft = _Draft(record.leader, list(record.fields))
    states = {each.id: _lay(draft, each) for each in overlays}
    for each in overlays:
        is_there = each.change.over is None or _stands(draft, each.change)
        if states[each.id] is not State.WAITING and not is_there:
            states[each.id] = State.OVERRULED
    if draft.leader == record.leader and draft.fields == list(record.fields):
        return Overlaid(record, states)
    return Overlaid(replace(record, leader=draft.leader, fields=tuple(draft.fields)), states)


def _lay(draft: _Draft, overlay: Laid) -> State:
    change = overlay.change
    if change.is_part:
        return _lay_part(draft, overlay)
    fields = draft.fields
    if change.kind is Kind.ADD:
        assert change.over
        return _add(fields, change.over)
    assert change.beneath
    at = _place(fields, change.beneath)
    state = State.APPLIED
    if at is None and change.kind is Kind.REPLACE and not overlay.strict:
        at, state = _only(fields, change.beneath.tag), State.CHANGED
    if at is None:
        # Its library may have made the same correction meanwhile.
        return State.APPLIED if change.over in fields else State.WAITING
    if change.over is None:
        fields[:] = [each for each in fields if each != change.beneath]
    else:
        fields[at] = change.over
    return state


def _lay_part(draft: _Draft, overlay: Laid) -> State:
    change, strict = overlay.change, overlay.strict
    if change.within is not None:
        once = change.tag in ONCE
        return parts.lay_subfield(draft.fields, change, strict=strict, once=once)
    if change.tag == LEADER:
        draft.leader, state = parts.lay_positions(draft.leader, change, strict=strict)
        return state
    at = _only(draft.fields, change.tag)
    if at is None:
        return State.WAITING
    text, state = parts.lay_positions(_value(draft.fields[at]), change, strict=strict)
    draft.fields[at] = Control(change.tag, text)
    return state


def _stands(draft: _Draft, change: Change) -> bool:
    """Tell whether what a change wrote is there still, after all that came later."""
    assert change.over
    if change.within is not None:
        return parts.stands(draft.fields, change)
    if span_of(change.over.tag) is not None:
        told = parts.text_at(draft.leader, draft.fields, change.over)
        return told == _value(change.over)
    return change.over in draft.fields


def _add(fields: list[Control | Field | Element], over: AnyField) -> State:
    if over not in fields:
        before = [at for at, each in enumerate(fields) if each[0] <= over.tag]
        fields.insert(before[-1] + 1 if before else 0, over)
    return State.APPLIED


def _place(fields: Sequence[Control | Field | Element], wanted: AnyField) -> int | None:
    return next((at for at, each in enumerate(fields) if each == wanted), None)


def _only(fields: Sequence[Control | Field | Element], tag: str) -> int | None:
    found = [at for at, each in enumerate(fields) if each[0] == tag]
    return found[0] if tag in ONCE and len(found) == 1 else None


def _value(field: Control | Field | Element) -> str:
    return field.value if isinstance(field, Control) else ""
