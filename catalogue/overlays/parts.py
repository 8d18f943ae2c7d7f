"""Overlays of a part of a field: one subfield, or positions of the leader and of 008.

A subfield is looked for in the field that it was corrected in. Where that has changed, it is the
field of the tag that is most like it and holds the subfield to the letter; the rest of it may be
anything. Positions are where they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, MutableSequence, Sequence
from typing import NamedTuple, TypeAlias

from catalogue.overlays.model import LEADER, AnyField, Change, Kind, State, subfield_of
from crosswalks.model import Control, Element, Field, Subfield

Fields: TypeAlias = MutableSequence[Control | Field | Element]
FIXED = "008"
_POSITIONS = re.compile(r"(LDR|008)/([0-9]{2})(?:-([0-9]{2}))?\Z")


class Span(NamedTuple):
    """Positions of the leader or 008: the first, and the one behind the last."""

    tag: str
    start: int
    end: int

    @property
    def name(self) -> str:
        """As it stands in place of a tag."""
        last = self.end - 1
        return f"{self.tag}/{self.start:02}" + (f"-{last:02}" if last > self.start else "")


def span_of(tag: str) -> Span | None:
    """Return which positions a tag such as ``008/35-37`` means; None where it means none."""
    found = _POSITIONS.match(tag)
    if found is None:
        return None
    start = int(found[2])
    end = int(found[3] or found[2]) + 1
    return Span(found[1], start, end) if end > start else None


def lay_positions(text: str, change: Change, *, strict: bool) -> tuple[str, State]:
    """Return a leader or 008 with positions corrected, and how the overlay stands."""
    assert isinstance(change.over, Control)
    assert isinstance(change.beneath, Control)
    span = span_of(change.over.tag)
    assert span
    there = text[span.start : span.end]
    if there == change.over.value:
        return text, State.APPLIED
    is_known = there == change.beneath.value
    if len(text) < span.end or (strict and not is_known):
        return text, State.WAITING
    made = text[: span.start] + change.over.value + text[span.end :]
    return made, State.APPLIED if is_known else State.CHANGED


def lay_subfield(fields: Fields, change: Change, *, strict: bool, once: bool) -> State:
    """Correct a subfield of one of these fields, in place; return how the overlay stands.

    ``once``: a record as a rule has one field of this tag.
    """
    assert change.within
    at, state = _home(fields, change, strict=strict, once=once)
    if at is None:
        return State.APPLIED if _is_mended(fields, change) else State.WAITING
    field = fields[at]
    assert isinstance(field, Field)
    made = _corrected(field, change, loosely=state is State.CHANGED)
    if made.subfields:
        fields[at] = made
    else:
        # A field without a subfield is none.
        del fields[at]
    return state


def _home(
    fields: Sequence[Control | Field | Element], change: Change, *, strict: bool, once: bool
) -> tuple[int | None, State]:
    """Return where the field is that the subfield is, or is to be, in."""
    within, beneath = change.within, subfield_of(change.beneath)
    assert within
    exact = _first(at for at, each in enumerate(fields) if each == within)
    if exact is not None:
        return exact, State.APPLIED
    same_tag = [at for at, each in enumerate(fields) if each[0] == within.tag]
    only = same_tag[0] if once and len(same_tag) == 1 else None
    if beneath is None:
        found = None if strict else _most_alike(fields, same_tag, within.subfields)
        loose = None if strict else only
    else:
        others = [each for each in within.subfields if each != beneath]
        holding = [at for at in same_tag if beneath in _subfields(fields[at])]
        alone = holding[0] if len(holding) == 1 and (not others or only is not None) else None
        found = alone if alone is not None else _most_alike(fields, holding, others)
        loose = None if strict else _replaceable(fields, only, change)
    if found is not None:
        return found, State.APPLIED
    return (None if _is_mended(fields, change) else loose), State.CHANGED


def _replaceable(
    fields: Sequence[Control | Field | Element], at: int | None, change: Change
) -> int | None:
    """Return the only field of its tag if it has the subfield once, with another text."""
    over = subfield_of(change.over)
    if at is None or over is None:
        return None
    return at if [code for code, _ in _subfields(fields[at])].count(over[0]) == 1 else None


def _is_mended(fields: Sequence[Control | Field | Element], change: Change) -> bool:
    """Tell whether its library has made the same correction meanwhile."""
    over, within = subfield_of(change.over), change.within
    assert within
    same_tag = [at for at, each in enumerate(fields) if each[0] == within.tag]
    holding = [at for at in same_tag if over in _subfields(fields[at])]
    beneath = subfield_of(change.beneath)
    others = [each for each in within.subfields if each != beneath]
    if not others:
        return bool(holding)
    return _most_alike(fields, holding, others) is not None


def stands(fields: Iterable[Control | Field | Element], change: Change) -> bool:
    """Tell whether a field has what a correction of a subfield wrote."""
    over = subfield_of(change.over)
    return any(each[0] == change.tag and over in _subfields(each) for each in fields)


def _most_alike(
    fields: Sequence[Control | Field | Element], places: Sequence[int], wanted: Sequence[Subfield]
) -> int | None:
    """Return the one field that has more of these subfields than all others; None if none has."""
    shared = sorted(
        ((sum(each in _subfields(fields[at]) for each in wanted), at) for at in places),
        reverse=True,
    )
    if not shared or not shared[0][0]:
        return None
    is_clear = len(shared) == 1 or shared[0][0] > shared[1][0]
    return shared[0][1] if is_clear else None


def _corrected(field: Field, change: Change, *, loosely: bool) -> Field:
    over, beneath = subfield_of(change.over), subfield_of(change.beneath)
    found = list(field.subfields)
    if change.kind is Kind.ADD:
        assert over
        if over not in found:
            found.insert(_behind(found, over[0]), over)
    elif over is None:
        found = [each for each in found if each != beneath]
    else:
        known = _first(at for at, each in enumerate(found) if each == beneath)
        if known is None and loosely:
            known = _first(at for at, (code, _) in enumerate(found) if code == over[0])
        assert known is not None
        found[known] = over
    return field._replace(subfields=tuple(found))


def _behind(subfields: Sequence[Subfield], code: str) -> int:
    """Return where a subfield is put: behind those of its code, else in their usual order."""
    same = [at for at, (other, _) in enumerate(subfields) if other == code]
    if same:
        return same[-1] + 1
    later = _first(at for at, (other, _) in enumerate(subfields) if _order(other) > _order(code))
    return len(subfields) if later is None else later


def _order(code: str) -> tuple[bool, str]:
    """Return what sorts letters before digits: $2, $0 and $9 stand at the end."""
    return code.isdigit(), code


def _subfields(field: Control | Field | Element) -> tuple[Subfield, ...]:
    return field.subfields if isinstance(field, Field) else ()


def _first(places: Iterable[int]) -> int | None:
    return next(iter(places), None)


def is_open(span: Span) -> bool:
    """Tell whether positions may be corrected: of the leader those that describe the document.

    All others say how the record is built (MARC 21, leader), which whoever writes it out knows.
    """
    return span.tag == FIXED or set(range(span.start, span.end)) <= _DESCRIBING


_DESCRIBING = frozenset({6, 7, 8, 17, 18, 19})


def text_at(leader: str, fields: Sequence[Control | Field | Element], field: AnyField) -> str:
    """Return what stands at the positions that a control field such as ``LDR/06`` means."""
    span = span_of(field.tag)
    if span is None:
        return ""
    control = (each.value for each in fields if isinstance(each, Control) and each.tag == span.tag)
    text = leader if span.tag == LEADER else next(control, "")
    return text[span.start : span.end]
