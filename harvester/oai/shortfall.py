"""What to think of a list that held fewer records than were announced.

completeListSize is often wrong, and some servers end their lists too early without a word; only
another look can tell which. The list is listed again in windows, as many as a list that is cut may
need: if more records come, it was cut, and finer windows follow, each judged like a list of its
own. Where windows are of no use it is listed once more as it was. Only a second list that held as
many as the first shows that the figure is wrong, which is kept so that nobody looks twice.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from crosswalks.model import Problem
from harvester.errors import ListShort
from harvester.oai.asking import note
from harvester.oai.position import Check, Position
from harvester.oai.windows import EVERYTHING, Limits, Window, halves, in_parts

_MOST_PARTS = 1024
_AS_IT_WAS = 1
_FINER = 4
_PERCENT = 100


class Verdict(NamedTuple):
    """Where to go on after a list's end, and what is to be told of it."""

    position: Position
    notes: tuple[Problem, ...] = ()
    fault: ListShort | None = None
    """Set where the list was cut and there is no way to the rest of it now."""


def judge(position: Position, limits: Limits, url: str) -> Verdict:
    """Return where a list's end, at a page of this address, leads: onwards, or to another look."""
    if position.check is not None:
        return _second_look(position, position.check, limits, url)
    if position.total is None or position.records >= position.total:
        return Verdict(position)
    detail = f"{position.records} records came, {position.total} were announced"
    if position.size_lies:
        return Verdict(position, (note("list-size-wrong", detail),))
    if not _is_much(position.total - position.records, position.records, position.page):
        return Verdict(position, (note("list-too-short", detail),))
    came, total = position.records, position.total
    check = Check(total=total, came=came, parts=_AS_IT_WAS, rest=len(position.windows))
    if _is_cuttable(position, position.window, limits):
        parts = min(2 * -(-total // max(came, 1)), _MOST_PARTS)
        windows = (in_parts(position.window, parts, limits), *position.windows)
        check = check._replace(parts=parts)
        looking = replace(position, check=check, whole=position.window, windows=windows)
        return Verdict(looking, (note("list-read-again", f"{detail}; looking in windows of time"),))
    return Verdict(once_more(position, check, position.window), (note("list-read-again", detail),))


def once_more(position: Position, check: Check, whole: Window) -> Position:
    """Return a position before another look at a list, as it was and not in windows."""
    rest = position.windows[len(position.windows) - check.rest :]
    looking = check._replace(parts=_AS_IT_WAS, got=0)
    return replace(position, check=looking, whole=whole, windows=(whole, *rest))


def _is_much(missing: int, records: int, pages: int) -> bool:
    """Tell whether more is missing than what changes while a list is read."""
    return missing * 2 * pages > records or missing * _PERCENT >= records + missing


def _agree(came: int, got: int) -> bool:
    return came == got or abs(came - got) * _PERCENT < came


def _is_cuttable(position: Position, window: Window, limits: Limits) -> bool:
    return not position.dateless and halves(window, limits) is not None


def _second_look(position: Position, check: Check, limits: Limits, url: str) -> Verdict:
    got = check.got + position.records
    if len(position.windows) > check.rest:
        return Verdict(replace(position, check=check._replace(got=got)))
    onwards = replace(position, check=None, whole=EVERYTHING)
    in_windows = check.parts != _AS_IT_WAS
    if got >= check.total or (in_windows and got > check.came):
        detail = f"{check.came} records came at first, {got} at another look"
        finer = in_parts(position.whole, check.parts * _FINER, limits)
        missing = (finer,) if got < check.total else ()
        cut = replace(onwards, windows=(*missing, *position.windows))
        return Verdict(cut, (note("list-was-cut", detail),))
    if _agree(check.came, got):
        detail = f"{check.total} were announced, {check.came} came each time"
        if position.dateless or _is_cuttable(position, position.whole, limits):
            return Verdict(replace(onwards, size_lies=True), (note("list-size-wrong", detail),))
        # All of one moment: a server that ends its lists at a number does so each time.
        return Verdict(onwards, (note("list-too-short", detail),))
    if in_windows:
        return Verdict(once_more(position, check, position.whole))
    anew = replace(onwards, windows=(position.whole, *position.windows))
    return Verdict(anew, (), ListShort(url=url, total=check.total, came=check.came, got=got))
