"""Records that no list has: where identifiers count up, those that are left out are asked for.

A deleted record that is left out of every list can be found in no other way.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from harvester.validate.asking import Line
from harvester.validate.changes import Changes
from harvester.validate.model import Found
from harvester.validate.walking import Listing, entry_of
from protocols.oai import OAI, Verb

_NUMBERED = re.compile(r"(.*?)([0-9]{1,12})")
_RECORD = f"{{{OAI}}}record"
_MOST = 20
_LONGEST = 50
"""A gap longer than that is none: the numbers mean something else."""


def judge_gaps(line: Line, whole: Listing, changes: Changes) -> None:
    """Take in records that can be had one by one, and are in no list."""
    for identifier in _left_out(whole):
        exchange = line.ask(Verb.GET_RECORD, identifier=identifier, metadataPrefix="oai_dc")
        record = None if exchange.content is None else exchange.content.find(_RECORD)
        if record is None:
            continue
        name, entry = entry_of(record)
        if name != identifier or changes.is_new(entry.stamp):
            continue
        if entry.deleted:
            told = {"here": "GetRecord", "there": whole.verb.value}
            details = {"count": 1, "identifiers": identifier, **told}
            line.add(Found("tombstones-missing", details), exchange)
        else:
            line.add(Found("skipped", {"count": 1, "identifiers": identifier}), exchange)


def _left_out(whole: Listing) -> list[str]:
    """Return some identifiers between those there are."""
    found = list(_between(whole))
    step = max(1, len(found) // _MOST)
    return found[::step][:_MOST]


def _between(whole: Listing) -> Iterator[str]:
    numbers = defaultdict[tuple[str, int], list[int]](list)
    for identifier in whole.entries:
        if match := _NUMBERED.fullmatch(identifier):
            padded = len(match[2]) if match[2].startswith("0") else 0
            numbers[match[1], padded].append(int(match[2]))
    for (start, padded), known in numbers.items():
        known.sort()
        for one, two in pairwise(known):
            if two - one <= _LONGEST:
                yield from (f"{start}{n:0{padded}d}" for n in range(one + 1, two))
