"""What a preview of a source tells, put together for pages: the same for staff and its library."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.cluster.guests import Guest, seats
from catalogue.database import Database
from catalogue.joining import checks
from catalogue.joining import store as applications
from catalogue.joining.checks import PASS
from catalogue.match import features
from catalogue.model import RecordState, StoredRecord
from catalogue.previews.model import Verdict
from catalogue.served import served
from crosswalks import trials
from web.language import mark
from web.staff.sources.words import STATES as _STATES

VERDICTS = {
    Verdict.AGREED: mark("agreed"),
    Verdict.MEND: mark("something to mend"),
}
STATES = {**_STATES, RecordState.ACTIVE: mark("mapped")}
"""How a record of a source stands that is in no catalogue yet."""
BADGES = {Verdict.AGREED: "succeeded", Verdict.MEND: "waiting"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreeing:
    """What an application to join has to say to signing."""

    check: int = 0
    revision: int = 0
    may_agree: bool = True
    """Whether its technical check was passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a record would stand in the union."""

    joins: bool
    public_id: str = ""
    """Of the record of the union that it would be one with, where everybody sees that."""
    lines: tuple[str, ...] = ()
    """That record, as lines."""


def agreeing(database: Database, code: str) -> Agreeing:
    """Return what has to be seen of an application to sign it; of none there is nothing."""
    if not code:
        return Agreeing()
    found = applications.get(database, code)
    newest = next(iter(checks.all(database, code)), None)
    passed = newest is not None and newest.verdict == PASS
    return Agreeing(check=newest.id if newest else 0, revision=found.rev, may_agree=passed)


def place(database: Database, found: StoredRecord) -> Place | None:
    """Return where a record would stand; None for one that would not be in the union."""
    if found.state is not RecordState.ACTIVE or found.record is None:
        return None
    guest = Guest((found.source, found.identifier), features(found.record))
    [seat] = seats(database, [guest])
    union = served(database, seat.public_id, "public") if seat.public_id else None
    record = union.record if union else None
    return Place(
        # A group of its own has the number of the guest, which is below 0.
        joins=seat.group > 0,
        public_id=seat.public_id,
        lines=tuple(trials.lines(record)) if record else (),
    )
