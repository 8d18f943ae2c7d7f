"""What to think of a list that held fewer records than were announced.

completeListSize is often wrong, and some servers end their lists too early without a word; only
another look can tell which. The list is listed again in windows, as many as a list that is cut may
need: if more records come, it was cut, and finer windows follow until all are there; if not, the
figure is wrong, which is kept so that nobody looks twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from crosswalks.model import Problem
from harvester.errors import ListCut
from harvester.oai.asking import note
from harvester.oai.position import Check, Position
from harvester.oai.windows import Limits, Window, halves, in_parts

_MOST_PARTS = 4096
_FINER = 4
_PERCENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Where to go on after a list's end."""

    position: Position
    notes: tuple[Problem, ...] = ()
    failure: ListCut | None = None
    """Raised once the page at hand is stored: the list cannot be had whole."""


def judge(position: Position, limits: Limits, url: str) -> Verdict:
    """Return where a list's end leads: onwards, or to another look."""
    if position.check is not None:
        return _second_look(position, position.check, limits, url)
    if position.total is None or position.records >= position.total:
        return Verdict(position=position)
    detail = f"{position.records} records came, {position.total} were announced"
    told = (note("list-too-short", detail),)
    if not _is_worth_a_look(position, limits):
        return Verdict(position=position, notes=told)
    came, total = position.records, position.total
    check = Check(
        low=position.low,
        high=position.high,
        total=total,
        came=came,
        parts=2 * -(-total // max(came, 1)),
        rest=len(position.windows),
    )
    return Verdict(position=_looking(position, check, limits), notes=told)


def _is_worth_a_look(position: Position, limits: Limits) -> bool:
    """Tell whether more is missing than what changes while a list is read."""
    assert position.total is not None
    if position.size_lies or position.dateless or halves(position.window, limits) is None:
        return False
    missing = position.total - position.records
    return missing * 2 * position.page > position.records or missing * _PERCENT >= position.total


def _second_look(position: Position, check: Check, limits: Limits, url: str) -> Verdict:
    got = check.got + position.records
    if len(position.windows) > check.rest:
        return Verdict(position=replace(position, check=check._replace(got=got)))
    onwards = replace(position, check=None)
    if got >= check.total:
        detail = f"at once {check.came} records came, in windows of time {got}"
        return Verdict(position=onwards, notes=(note("list-was-cut", detail),))
    if got <= check.came:
        detail = f"{check.total} were announced, {check.came} is all there is"
        lied = replace(onwards, size_lies=True)
        return Verdict(position=lied, notes=(note("list-size-wrong", detail),))
    if check.parts >= _MOST_PARTS:
        whole = onwards.listing(Window(check.low, check.high))
        failure = ListCut(url=url, total=check.total, came=got)
        return Verdict(position=whole, failure=failure)
    finer = check._replace(came=got, got=0, parts=check.parts * _FINER)
    return Verdict(position=_looking(onwards, finer, limits))


def _looking(position: Position, check: Check, limits: Limits) -> Position:
    """Return a position before the windows that a list is looked at again by."""
    parts = min(check.parts, _MOST_PARTS)
    window = in_parts(Window(check.low, check.high), parts, limits)
    return replace(position, check=check._replace(parts=parts), windows=(window, *position.windows))
