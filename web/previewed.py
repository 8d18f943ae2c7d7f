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
from catalogue.previews import store
from catalogue.previews.model import Preview, Sign, Verdict
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
class Shown:
    """How the preview of a source stands."""

    preview: Preview | None
    sign: Sign | None
    is_agreed: bool
    """Whether the library agrees to how things are now."""
    is_asked: bool
    """Whether a worker makes one, or is to."""
    so_far: int
    """Records that were looked at by who makes one."""
    kinds: tuple[tuple[str, str, int, int], ...] = ()
    """Problems: code, severity, in how many records, key of one; the most frequent first."""
    application: str = ""
    """The code of the application that the source is the test stream of."""


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


def shown(database: Database, name: str) -> Shown:
    """Return how the preview of a source stands. Raises NoSuchSource."""
    preview, sign = store.get(database, name), store.last(database, name)
    is_asked = store.is_asked_for(database, name)
    kinds = preview.figures.kinds if preview else {}
    told = [(code, severity, count, key) for code, (severity, count, key) in kinds.items()]
    return Shown(
        preview=preview,
        sign=sign,
        is_agreed=store.is_agreed(sign, preview),
        is_asked=is_asked,
        so_far=store.looked_at(database, name) if is_asked else 0,
        kinds=tuple(sorted(told, key=lambda each: (-each[2], each[0]))),
        application=store.application_of(database, name),
    )


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
