"""What to think of a list that held fewer records than were announced.

completeListSize is often wrong, and some servers end their lists too early without a word; only
another look can tell which. The list is listed again in windows, as many as a list that is cut may
need: if more records come, it was cut, and finer windows follow, each judged like a list of its
own; if not, the figure is wrong, which is kept so that nobody looks twice.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from crosswalks.model import Problem
from harvester.oai.asking import note
from harvester.oai.position import Check, Position
from harvester.oai.windows import EVERYTHING, Limits, halves, in_parts

_MOST_PARTS = 1024
_FINER = 4
_PERCENT = 100


class Verdict(NamedTuple):
    """Where to go on after a list's end, and what is to be told of it."""

    position: Position
    notes: tuple[Problem, ...] = ()


def judge(position: Position, limits: Limits) -> Verdict:
    """Return where a list's end leads: onwards, or to another look."""
    if position.check is not None:
        return _second_look(position, position.check, limits)
    if position.total is None or position.records >= position.total:
        return Verdict(position)
    detail = f"{position.records} records came, {position.total} were announced"
    if position.size_lies:
        return Verdict(position, (note("list-size-wrong", detail),))
    if not _is_worth_a_look(position, limits):
        return Verdict(position, (note("list-too-short", detail),))
    came, total = position.records, position.total
    parts = min(2 * -(-total // max(came, 1)), _MOST_PARTS)
    check = Check(total=total, came=came, parts=parts, rest=len(position.windows))
    window = in_parts(position.window, parts, limits)
    looking = replace(
        position, check=check, whole=position.window, windows=(window, *position.windows)
    )
    return Verdict(looking, (note("list-read-again", f"{detail}; looking in windows of time"),))


def undecided(position: Position, check: Check) -> Verdict:
    """Return where to go on where there can be no second look after all."""
    rest = position.windows[len(position.windows) - check.rest :]
    detail = f"{check.came} records came, {check.total} were announced"
    over = replace(position, windows=rest, check=None, whole=EVERYTHING)
    return Verdict(over, (note("list-too-short", detail),))


def _is_worth_a_look(position: Position, limits: Limits) -> bool:
    """Tell whether more is missing than what changes while a list is read."""
    assert position.total is not None
    if position.dateless or halves(position.window, limits) is None:
        return False
    missing = position.total - position.records
    return missing * 2 * position.page > position.records or missing * _PERCENT >= position.total


def _second_look(position: Position, check: Check, limits: Limits) -> Verdict:
    got = check.got + position.records
    if len(position.windows) > check.rest:
        return Verdict(replace(position, check=check._replace(got=got)))
    onwards = replace(position, check=None, whole=EVERYTHING)
    if got <= check.came:
        detail = f"{check.total} were announced, {check.came} is all there is"
        lied = replace(onwards, size_lies=True)
        return Verdict(lied, (note("list-size-wrong", detail),))
    detail = f"at once {check.came} records came, in windows of time {got}"
    told = (note("list-was-cut", detail),)
    if got >= check.total:
        return Verdict(onwards, told)
    finer = in_parts(position.whole, check.parts * _FINER, limits)
    return Verdict(replace(onwards, windows=(finer, *position.windows)), told)
