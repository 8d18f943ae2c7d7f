"""The same list a second time: in the same order, with the same datestamps."""

from __future__ import annotations

from harvester.validate.asking import Line
from harvester.validate.changes import Changes
from harvester.validate.lists import missing, names
from harvester.validate.model import Entry, Found
from harvester.validate.walking import Listing, entry_of, walk
from protocols.oai import OAI, Verb

_RECORD = f"{{{OAI}}}record"
_SOME = 3
_A_SECOND = 1.1
_MOST = 50
"""Pages that are walked a second time."""


def judge_order(line: Line, first: Listing, changes: Changes) -> None:
    """Walk a list again, and take in what is otherwise than the first time."""
    if not first.pages:
        return
    pages = len(first.pages)
    most = min(_MOST, pages) if not first.complete or pages > _MOST else 0
    second = walk(line, first.verb, first.arguments, most)
    url, verb = second.url, first.verb.value
    moved = [
        (name, entry)
        for name, entry in second.entries.items()
        if name in first.entries and first.entries[name].stamp != entry.stamp
    ]
    if 1 < len(moved) > len(second.entries) / 2 and _move_on(line, moved):
        line.add_at(Found("datestamps-move", names(moved)), url, verb)
        return
    steady = {name for name in second.entries if name in first.entries} - {n for n, _ in moved}
    one = [name for name in first.entries if name in steady]
    two = [name for name in second.entries if name in steady]
    if one != two:
        at = next(n for n, (a, b) in enumerate(zip(one, two, strict=True)) if a != b)
        details = {"first": one[at], "second": two[at], "place": at + 1}
        line.add_at(Found("order-unstable", details), url, verb)
    if first.complete and second.complete:
        gone = missing(first.entries.items(), second, changes)
        come = missing(second.entries.items(), first, changes)
        if gone or come:
            line.add_at(Found("list-unstable", names(gone or come)), url, verb)


def _move_on(line: Line, moved: list[tuple[str, Entry]]) -> bool:
    """Tell whether datestamps are others each time they are asked for."""
    some = [name for name, _ in moved[:_SOME]]
    before = [_stamp(line, name) for name in some]
    line.wait(min(line.options.pause, _A_SECOND))
    after = [_stamp(line, name) for name in some]
    return sum(one != two for one, two in zip(before, after, strict=True)) > len(some) / 2


def _stamp(line: Line, identifier: str) -> str:
    exchange = line.ask(Verb.GET_RECORD, identifier=identifier, metadataPrefix="oai_dc")
    record = None if exchange.content is None else exchange.content.find(_RECORD)
    return "" if record is None else entry_of(record)[1].stamp
