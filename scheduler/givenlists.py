"""A library's list in two steps: its file is checked and kept, and taken in once somebody agrees.

What is agreed to is what was shown: if the list became another meanwhile, the file is checked anew
and nothing is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from typing import Any

from catalogue.database import Database
from catalogue.holdings import deliveries
from catalogue.holdings.deliveries import Delivery
from catalogue.holdings.errors import CheckedBefore, WouldWithdraw
from catalogue.holdings.put import Giving
from catalogue.model import HubIdentity
from scheduler.holdings import File, Taken, take

_TOLD = 100
"""Problems of rows that are kept to be shown."""
_FIGURES = ("rows", "added", "changed", "unchanged", "withdrawn", "repeated")


def take_at_once(database: Database, hub: HubIdentity, file: File, giving: Giving) -> Taken:
    """Make a list what a file says, as ``take`` does, and note that for its library."""
    taken = take(database, hub, file, giving)
    if not giving.dry_run:
        given = Delivery(
            list=giving.list,
            file=file.name,
            author=giving.author,
            columns=giving.columns,
            encoding=file.encoding,
            report=_report(taken),
        )
        deliveries.note(database, giving.library, given)
    return taken


def check(
    database: Database, hub: HubIdentity, library: str, given: Delivery, octets: bytes
) -> int:
    """Check a file for a list and keep it until it is taken in; return its number.

    Raises HarvestError for a file that cannot be taken, and what ``catalogue.holdings.put`` does
    but WouldWithdraw: that is told with the rest.
    """
    given = replace(given, sha256=sha256(octets).hexdigest())
    return deliveries.wait(
        database, library, _checked(database, hub, library, given, octets), octets
    )


def take_in(
    database: Database, hub: HubIdentity, library: str, number: int, *, accepts: bool
) -> Delivery:
    """Take a file in that was checked, and return it as it stands; one that was is left as it is.

    ``accepts``: a person said that it may lack much of the list. Raises NoSuchHoldingFile,
    WouldWithdraw, or CheckedBefore where the list is not the one it was compared with.
    """
    found = deliveries.get(database, library, number)
    if found.taken:
        return found
    found, octets = deliveries.body(database, library, number)
    if found.turn != deliveries.turn_of(database, library, found.list):
        again = _checked(database, hub, library, found, octets)
        deliveries.checked_anew(database, number, again)
        raise CheckedBefore(name=found.list)
    giving = replace(_giving(library, found), accepts=accepts)
    taken = take(database, hub, _file(found, octets), giving)
    deliveries.taken_in(database, number, _report(taken))
    return deliveries.get(database, library, number)


def _checked(
    database: Database, hub: HubIdentity, library: str, given: Delivery, octets: bytes
) -> Delivery:
    # Before the check: what changes the list while it goes on is seen when it is taken in.
    turn = deliveries.turn_of(database, library, given.list)
    giving = replace(_giving(library, given), dry_run=True)
    lacks = False
    try:
        taken = take(database, hub, _file(given, octets), giving)
    except WouldWithdraw:
        lacks = True
        taken = take(database, hub, _file(given, octets), replace(giving, accepts=True))
    return replace(given, turn=turn, report={**_report(taken), "lacks": lacks})


def _giving(library: str, given: Delivery) -> Giving:
    return Giving(library=library, list=given.list, columns=given.columns, author=given.author)


def _file(given: Delivery, octets: bytes) -> File:
    return File(BytesIO(octets), given.file, given.encoding)


def _report(taken: Taken) -> Mapping[str, Any]:
    problems = taken.problems
    return {
        **{name: getattr(taken.done, name) for name in _FIGURES},
        "found": {state.value: count for state, count in taken.found.items()},
        "problems": [
            [line, problem.code, problem.sample] for line, problem in problems.told[:_TOLD]
        ],
        "more": max(0, sum(problems.counts.values()) - _TOLD),
    }
