"""Lists judged as wholes: nothing twice, as many as were announced; and one list by another."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from harvester.validate.asking import Line
from harvester.validate.changes import Changes
from harvester.validate.model import Entry, Found
from harvester.validate.walking import Listing, walk
from protocols.oai import Verb

_SHOWN = 3
"""Names that stand in a message."""


def judge_list(line: Line, listing: Listing, changes: Changes) -> None:
    """Take in what is wrong with a list by itself."""
    verb = listing.verb.value
    for name, entry, url in _twice(line, listing, changes):
        first = listing.entries[name]
        if listing.verb is Verb.LIST_SETS:
            line.add_at(Found("set-twice", {"set": name}), url, verb)
        elif first.deleted != entry.deleted:
            line.add_at(Found("live-and-deleted", {"identifier": name}), url, verb)
        else:
            line.add_at(Found("doubled", {"identifier": name}), url, verb)
    _judge_size(line, listing, changes)


def _twice(line: Line, listing: Listing, changes: Changes) -> list[tuple[str, Entry, str]]:
    """Return what a list gives twice: where it changed meanwhile, what it gives twice again."""
    found = [
        (name, entry, url)
        for name, entry, url in listing.again
        if entry.stamp == listing.entries[name].stamp
        or not changes.explain(name, listing.entries[name], entry)
    ]
    if not found or not _new(listing, changes):
        return found
    second = {name for name, _, _ in walk(line, listing.verb, listing.arguments).again}
    return [each for each in found if each[0] in second]


def _judge_size(line: Line, listing: Listing, changes: Changes) -> None:
    if not listing.sizes:
        return
    size, url = listing.sizes[-1]
    if not listing.complete:
        if size < len(listing.entries) and len(listing.pages) > 1:
            details = {"value": size, "right": f"> {len(listing.entries)}"}
            line.add_at(Found("list-size", details), url, listing.verb.value)
        return
    right = {listing.delivered, len(listing.entries)}
    told = {"value": size, "right": listing.delivered}
    if size not in right and _off(size, right) > _new(listing, changes):
        line.add_at(Found("list-size", told), url, listing.verb.value)
        return
    for other, there in listing.sizes:
        if other not in right and _off(other, right) > _new(listing, changes):
            found = Found("size-changes", {**told, "value": other})
            line.add_at(found, there, listing.verb.value)
            return


def _off(size: int, right: set[int]) -> int:
    return min(abs(size - each) for each in right)


def _new(listing: Listing, changes: Changes) -> int:
    """Return how many records may have come, or gone, while the list was walked."""
    new = sum(changes.is_new(entry.stamp) for entry in listing.entries.values())
    return new + changes.seen


def missing(
    known: Iterable[tuple[str, Entry]], listing: Listing, changes: Changes
) -> list[tuple[str, Entry]]:
    """Return those of some records that a list lacks, though they have not changed."""
    lacking = [(name, entry) for name, entry in known if name not in listing.entries]
    return _unexplained(lacking, changes)


def surplus(
    listing: Listing, is_right: Callable[[str, Entry], bool], changes: Changes
) -> list[tuple[str, Entry]]:
    """Return the records of a list that do not belong there, and have not changed meanwhile."""
    return _unexplained([each for each in listing.entries.items() if not is_right(*each)], changes)


def _unexplained(found: list[tuple[str, Entry]], changes: Changes) -> list[tuple[str, Entry]]:
    return [(name, entry) for name, entry in found if not changes.explain(name, entry)]


def names(found: list[tuple[str, Entry]]) -> dict[str, object]:
    """Return the details of a message about some records."""
    shown = ", ".join(name for name, _ in found[:_SHOWN])
    more = "" if len(found) <= _SHOWN else ", …"
    return {"count": len(found), "identifiers": shown + more}


def compare(line: Line, headers: Listing, records: Listing, changes: Changes) -> None:
    """Take in where a list of records and the same list of headers differ."""
    if records.complete:
        _lacking(line, headers, records, changes)
    if headers.complete:
        _lacking(line, records, headers, changes)
    for name, entry in records.entries.items():
        other = headers.entries.get(name)
        if other is None or other.header == entry.header or changes.explain(name, other, entry):
            continue
        details = {"identifier": name, **difference(entry, other)}
        line.add_at(Found("header-differs", details), records.url, Verb.LIST_RECORDS.value)


def judge_same(line: Line, listing: Listing, whole: Listing, changes: Changes) -> None:
    """Take in where a part of a list tells of live records otherwise than the whole does."""
    for name, entry in listing.entries.items():
        other = whole.entries.get(name)
        if other is None or entry.deleted:
            continue
        if entry.header[:2] != other.header[:2] and not changes.explain(name, other, entry):
            details = {"identifier": name, **difference(entry, other)}
            line.add_at(Found("header-differs", details), listing.url, listing.verb.value)


def _lacking(line: Line, here: Listing, there: Listing, changes: Changes) -> None:
    """Take in what ``there`` lacks of what is ``here``, tombstones apart."""
    lacking = missing(here.entries.items(), there, changes)
    buried = [each for each in lacking if each[1].deleted]
    alive = [each for each in lacking if not each[1].deleted]
    told = {"here": here.verb.value, "there": there.verb.value}
    if buried:
        line.add_at(
            Found("tombstones-missing", {**names(buried), **told}), there.url, there.verb.value
        )
    if alive:
        line.add_at(Found("records-missing", {**names(alive), **told}), there.url, there.verb.value)


def difference(entry: Entry, other: Entry) -> dict[str, object]:
    """Return in what two headers differ, and how."""
    for name, one, two in (
        ("datestamp", entry.stamp, other.stamp),
        ("status", entry.deleted, other.deleted),
        ("setSpec", ", ".join(entry.sets), ", ".join(other.sets)),
    ):
        if one != two:
            return {"name": name, "value": one, "other": two}
    return {"name": "metadata", "value": "", "other": ""}
