"""Where in a source a harvest stands, and how that is kept as a checkpoint.

In the middle of a harvest a checkpoint holds the place in the list; after its end only
``{"from": date}``, the server's own clock at its first page, so that the next harvest asks for
what has changed since. The order of the records says nothing about their dates, so no record's
datestamp is ever used for it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

from crosswalks.model import Checkpoint
from harvester.errors import BadDate
from harvester.model import SourceSpec
from harvester.oai.xml import Envelope
from protocols.oai import Granularity, format_stamp, parse_stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A place between two pages; its fields are the checkpoint in the middle of a harvest."""

    set: int = 0
    """Which of the source's sets is being listed, from 0."""
    token: str = ""
    """Empty at the beginning of a list."""
    page: int = 0
    """How many pages of this list have been read."""
    records: int = 0
    """How many records those pages held."""
    total: int | None = None
    """How many the server said that the list has."""
    prefix: str = ""
    start: str = ""
    """``from`` of the list, as the server takes it."""
    until: str = ""
    started: str = ""
    """The server's clock at the first page of the first list; empty where it has none."""

    def arguments(self, set_spec: str) -> dict[str, str]:
        """Return the arguments of the next request; a token excludes all others (s3.5)."""
        if self.token:
            return {"resumptionToken": self.token}
        asked = {
            "metadataPrefix": self.prefix,
            "from": self.start,
            "until": self.until,
            "set": set_spec,
        }
        return {name: value for name, value in asked.items() if value}

    def after(self, envelope: Envelope, records: int, granularity: Granularity) -> Position:
        """Return the position after a page with so many records."""
        return replace(
            self,
            token=envelope.token,
            page=self.page + 1,
            records=self.records + records,
            total=self.total if envelope.total is None else envelope.total,
            started=self.started or server_time(envelope.response_date, granularity),
        )

    def restarted(self) -> Position:
        """Return the beginning of this list."""
        return replace(self, token="", page=0, records=0, total=None)

    def next_set(self) -> Position:
        """Return the beginning of the next set's list."""
        return replace(self.restarted(), set=self.set + 1)

    def checkpoint(self) -> dict[str, Any]:
        """Return the checkpoint in the middle of a harvest."""
        return asdict(self)

    def final(self) -> dict[str, Any]:
        """Return the checkpoint after the last page of the last list."""
        ends = [date for date in (self.started, self.until) if date]
        # Without a clock the same list is asked for again: more work, and nothing lost.
        start = min(ends, key=parse_stamp) if self.started else self.start
        return {"from": start} if start else {}


def begin(spec: SourceSpec, checkpoint: Checkpoint, granularity: Granularity) -> Position:
    """Return where to go on: in the middle of a list, or at the beginning of a new harvest."""
    start = _fit(spec.start, granularity)
    until = _fit(spec.until, granularity, end=True)
    if "token" in checkpoint:
        position = _stored(checkpoint)
        if _continues(position, spec, start, until):
            return position
        start = _earlier(start, position.start)
    elif checkpoint:
        start = _earlier(start, checkpoint["from"])
    return Position(prefix=spec.prefix, start=_fit(start, granularity), until=until)


def _stored(checkpoint: Checkpoint) -> Position:
    known = {field.name for field in fields(Position)}
    return Position(**{name: value for name, value in checkpoint.items() if name in known})


def _continues(position: Position, spec: SourceSpec, start: str, until: str) -> bool:
    """Return whether an unfinished harvest is what is asked for now."""
    return (
        position.set < max(len(spec.sets), 1)
        and spec.prefix in {"", position.prefix}
        and until == position.until
        and (not start or _earlier(start, position.start) == position.start)
    )


def _earlier(asked: str, reached: str) -> str:
    """Return the date to begin at, so that nothing after ``reached`` is ever skipped."""
    if not asked or not reached:
        return reached
    return min(asked, reached, key=parse_stamp)


def _fit(text: str, granularity: Granularity, *, end: bool = False) -> str:
    if not text:
        return ""
    try:
        return format_stamp(parse_stamp(text, end=end), granularity)
    except ValueError as error:
        raise BadDate(text=text) from error


def server_time(text: str, granularity: Granularity) -> str:
    """Return a responseDate in the server's granularity, or nothing where it is no date.

    Fractions, zones and missing zones are taken too: real servers send all three.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seconds = int(moment.timestamp())
    # A clock that was never set says nothing.
    return format_stamp(seconds, granularity) if seconds > 0 else ""
