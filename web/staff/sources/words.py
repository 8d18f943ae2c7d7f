"""What is said of sources and of what they can be asked for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from catalogue.model import RecordState
from catalogue.wishes import Came
from scheduler.wishing import Wish
from web.language import mark

STATES: Mapping[RecordState, str] = MappingProxyType(
    {
        RecordState.ACTIVE: mark("in the catalogue"),
        RecordState.DELETED: mark("deleted at its source"),
        RecordState.QUARANTINED: mark("in quarantine"),
        RecordState.SUPPRESSED: mark("kept from readers by its library"),
        RecordState.WAITING: mark("waits for a change of system"),
    }
)
"""How a stored record stands."""


class Choice(NamedTuple):
    """A way of harvesting, as a page offers it."""

    title: str
    about: tuple[str, ...]
    """What it does, in sentences."""
    button: str


CHOICES: Mapping[Wish, Choice] = MappingProxyType(
    {
        Wish.USUAL: Choice(
            mark("What is new"),
            (
                mark(
                    "Asks for what was added, changed or deleted since the last harvest. This is"
                    " what the schedule does too."
                ),
            ),
            mark("Run now"),
        ),
        Wish.BACKFILL: Choice(
            mark("Changes between two dates"),
            (
                mark(
                    "Asks once more for what the server says was changed between these days. Use it"
                    " where a harvest may have missed something."
                ),
                mark(
                    "Nothing outside of these days is touched. With a last day, the next usual"
                    " harvest begins where it would have begun anyway."
                ),
            ),
            mark("Fetch these days again"),
        ),
        Wish.FULL: Choice(
            mark("Everything from the beginning"),
            (
                mark(
                    "Asks for the complete list. What is known and unchanged is only counted; what"
                    " is new or changed is stored."
                ),
                mark(
                    "Records that the complete list lacks are deleted only where the source does"
                    " not tell of deletions itself, and never more than its limits allow without"
                    " your consent."
                ),
            ),
            mark("Fetch everything again"),
        ),
        Wish.RECONCILE: Choice(
            mark("What is new, and then compare"),
            (
                mark(
                    "After what is new, it looks through the identifiers of everything that the"
                    " source has. What the hub has and the source does not is deleted."
                ),
                mark(
                    "If more would be deleted than the limits in the settings allow, nothing is;"
                    " the harvest waits for your decision."
                ),
            ),
            mark("Compare deletions"),
        ),
    }
)
"""What each way of harvesting does."""
CAME: Mapping[Came, str] = MappingProxyType(
    {
        Came.QUEUED: mark("The harvest of {name} is queued as you wished; a worker takes it up."),
        Came.INSTEAD: mark(
            "A usual harvest of {name} was waiting; it is now done as you wished, once."
        ),
        Came.SAME: mark("This harvest of {name} is waiting already; it was not queued twice."),
        Came.OTHER: mark(
            "Another harvest of {name} waits in the queue, and nothing was changed. Let it end or"
            " stop it first, then ask again."
        ),
    }
)
"""What came of asking."""
