"""Where in a source a harvest stands, and how that is kept as a checkpoint.

In the middle of a harvest a checkpoint holds the place in the list and what is still to be listed;
after its end only ``{"from": date}``, the server's own clock at its first page, so that the next
harvest asks for what has changed since. The order of the records says nothing about their dates, so
no record's datestamp is ever used for it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple, Self

from crosswalks.model import Checkpoint, Problem, Severity
from harvester.errors import BadDate
from harvester.model import Mode, RepositoryInfo, SourceSpec
from harvester.oai.windows import DAY, EVERYTHING, Limits, Window, first_piece
from harvester.oai.xml import Envelope
from protocols.oai import Granularity, format_stamp, parse_stamp

_HOUR = 3600


class Plan(NamedTuple):
    """How every set of a source is listed as long as nothing speaks against it."""

    mode: Mode
    step: int
    """Seconds a window; 0 = all at once."""


class Check(NamedTuple):
    """A list that was shorter than announced, being listed again in windows."""

    total: int
    """How many the server announced."""
    came: int
    """How many came the time before."""
    parts: int
    rest: int
    """How many windows are left when it is over."""
    got: int = 0


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
    """``from`` of the harvest, as the server takes it."""
    until: str = ""
    reached: str = ""
    """Up to when the harvest before this one had everything."""
    started: str = ""
    """The server's clock at the first page of the first list; empty where it has none."""
    low: str = ""
    """``from`` of the list at hand."""
    high: str = ""
    windows: tuple[Window, ...] = ()
    """What is still to be listed of this set."""
    mode: Mode = Mode.RECORDS
    """Whether the list at hand is one of records, or of identifiers asked for one by one."""
    after: str = ""
    """The last identifier that was asked for by itself."""
    granularity: Granularity = Granularity.DAY
    """In which the server takes dates, whatever it says."""
    dateless: bool = False
    """Whether the server takes no dates, or takes no notice of them."""
    prefix_with_token: bool = False
    shift: int | None = None
    """By how much the server's cursor is ahead of the records that came."""
    size_lies: bool = False
    """Whether the server was found to announce more records than it has."""
    check: Check | None = None
    whole: Window = EVERYTHING
    """What is being listed again in windows."""

    def arguments(self, set_spec: str) -> dict[str, str]:
        """Return the arguments of the next request; a token excludes all others (s3.5)."""
        if self.token:
            prefix = {"metadataPrefix": self.prefix} if self.prefix_with_token else {}
            return {"resumptionToken": self.token} | prefix
        asked = {
            "metadataPrefix": self.prefix,
            "from": "" if self.dateless else _fit(self.low, self.granularity),
            "until": "" if self.dateless else _fit(self.high, self.granularity, end=True),
            "set": set_spec,
        }
        return {name: value for name, value in asked.items() if value}

    def after_page(self, envelope: Envelope, records: int) -> Self:
        """Return the position after a page with so many records."""
        cursor = envelope.cursor
        return replace(
            self,
            token=envelope.token,
            page=self.page + 1,
            records=self.records + records,
            total=self.total if envelope.total is None else envelope.total,
            started=self.started or server_time(envelope.response_date, self.granularity),
            shift=self.shift if cursor is None else cursor - self.records,
        )

    @property
    def window(self) -> Window:
        """Return what the list at hand is a list of."""
        return Window(self.low, self.high)

    def restarted(self) -> Self:
        """Return the beginning of this list."""
        return replace(self, token="", page=0, records=0, total=None, after="", shift=None)

    def listing(self, window: Window, *rest: Window) -> Self:
        """Return the beginning of a window, with others that follow it."""
        return replace(
            self.restarted(), low=window.low, high=window.high, windows=(*rest, *self.windows)
        )

    def first_window(self, plan: Plan, limits: Limits) -> Self:
        """Return the beginning of the set at hand."""
        whole = replace(self, windows=(Window(self.start, self.until, plan.step),))
        return whole.next_window(plan, limits)

    def next_window(self, plan: Plan, limits: Limits) -> Self:
        """Return the beginning of what is to be listed next, of this set or of the next one."""
        if not self.windows:
            return replace(self, set=self.set + 1, check=None).first_window(plan, limits)
        window, *rest = self.windows
        cut = first_piece(window, limits)
        pieces = (window._replace(step=0),) if cut is None else cut
        return replace(self, windows=tuple(rest), mode=plan.mode).listing(*pieces)

    def checkpoint(self) -> dict[str, Any]:
        """Return the checkpoint in the middle of a harvest."""
        # Its values are never changed, so that none has to be copied.
        return {name: getattr(self, name) for name in self.__slots__}

    def final(self) -> dict[str, Any]:
        """Return the checkpoint after the last page of the last list.

        Empty where nothing was ever reached before the date that the harvest began at: what is
        older has still to be asked for.
        """
        if self.start and not self.reached:
            return {}
        ends = [date for date in (self.started, self.until) if date]
        # Without a clock the same list is asked for again: more work, and nothing lost.
        start = min(ends, key=parse_stamp) if self.started else self.reached or self.start
        known = {"size_lies": True} if self.size_lies else {}
        return ({"from": start} if start else {}) | known


def begin(
    spec: SourceSpec, checkpoint: Checkpoint, info: RepositoryInfo
) -> tuple[Position, tuple[Problem, ...]]:
    """Return where to go on: in the middle of a list, or at the beginning of a new harvest.

    With it comes what is to be told of it. Raises BadDate.
    """
    granularity = info.granularity
    start = _fit(spec.start, granularity)
    until = _fit(spec.until, granularity, end=True)
    notes: tuple[Problem, ...] = ()
    if "token" in checkpoint:
        position = _stored(checkpoint)
        if _continues(position, spec, start, until):
            return position, ()
        start = _earlier(start, position.start)
        # What was reached before that harvest, not by it.
        checkpoint = {"from": position.reached, "size_lies": position.size_lies}
    elif "from" in checkpoint:
        reached, notes = _reached(checkpoint["from"], spec.overlap_hours, info)
        start = _earlier(start, reached)
    elif checkpoint:
        start = ""
    start = _fit(start, granularity)
    position = Position(
        prefix=spec.prefix,
        start=start,
        until=until,
        low=start,
        high=until,
        granularity=granularity,
        reached=checkpoint.get("from") or "",
        size_lies=bool(checkpoint.get("size_lies")),
    )
    return position, notes


def _stored(checkpoint: Checkpoint) -> Position:
    known = {field.name for field in fields(Position)}
    found = {name: value for name, value in checkpoint.items() if name in known}
    if "low" not in found:
        # Of a version that knew no windows.
        found |= {"low": found.get("start", ""), "high": found.get("until", "")}
        stamps = (found["low"], found["high"], found.get("started", ""))
        if any("T" in stamp for stamp in stamps):
            found["granularity"] = Granularity.SECOND
    check = found.get("check")
    return Position(
        **found
        | {
            "windows": tuple(Window(*window) for window in found.get("windows", ())),
            "whole": Window(*found.get("whole", EVERYTHING)),
            "check": Check(*check) if check else None,
            "mode": Mode(found.get("mode", Mode.RECORDS)),
            "granularity": Granularity(found.get("granularity", Granularity.DAY)),
        }
    )


def _continues(position: Position, spec: SourceSpec, start: str, until: str) -> bool:
    """Return whether an unfinished harvest is what is asked for now."""
    return (
        position.set < max(len(spec.sets), 1)
        and spec.prefix in {"", position.prefix}
        and until == position.until
        and (not start or _earlier(start, position.start) == position.start)
    )


def _reached(
    date: str, overlap_hours: float, info: RepositoryInfo
) -> tuple[str, tuple[Problem, ...]]:
    """Return from when on to ask, given the server's clock at the last harvest.

    A server writes its stamps by its clock, but not always at the moment when they show.
    """
    grain = DAY if info.granularity is Granularity.DAY else 1
    now = server_time(info.now, Granularity.SECOND)
    if now and parse_stamp(date) > parse_stamp(now) + DAY:
        problem = Problem(
            code="clock-set-back",
            severity=Severity.WARNING,
            detail=f"the server's clock says {now}, at the last harvest it said {date}; "
            "everything is listed again",
        )
        return "", (problem,)
    seconds = max(int(overlap_hours * _HOUR), grain)
    return format_stamp(max(parse_stamp(date) - seconds, 0), Granularity.SECOND), ()


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
