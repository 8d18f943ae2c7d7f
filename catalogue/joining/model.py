"""An application and what belongs to it, as other rooms carry them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

TECHCHECK = "techcheck"
"""The kind of job that checks an application's endpoint; its key is ``techcheck:<number>``."""


class State(StrEnum):
    """How far an application is."""

    ASKED = "asked"
    """It was asked for; the hub answers with the survey."""
    SURVEY = "survey"
    """The survey is to be filled in."""
    CHECK = "check"
    """The hub checks what is offered, and shows the test stream."""
    FIX = "fix"
    """Something has to be mended."""
    AGREED = "agreed"
    """The library agreed; the hub has still to."""
    CONNECTED = "connected"
    """Both agreed: a member."""
    DECLINED = "declined"
    """The hub said no."""
    WITHDRAWN = "withdrawn"
    """The library took its application back."""

    @property
    def is_open(self) -> bool:
        """Tell whether something is still to be done."""
        return self not in _ENDS


_ENDS = frozenset({State.CONNECTED, State.DECLINED, State.WITHDRAWN})
MOVES: Mapping[State, tuple[State, ...]] = {
    State.ASKED: (State.SURVEY, State.DECLINED, State.WITHDRAWN),
    State.SURVEY: (State.CHECK, State.DECLINED, State.WITHDRAWN),
    State.CHECK: (State.FIX, State.SURVEY, State.DECLINED, State.WITHDRAWN),
    State.FIX: (State.CHECK, State.SURVEY, State.DECLINED, State.WITHDRAWN),
    State.AGREED: (State.CHECK, State.FIX, State.DECLINED, State.WITHDRAWN),
    State.CONNECTED: (),
    State.DECLINED: (State.ASKED,),
    State.WITHDRAWN: (State.ASKED,),
}
"""What people can move an application to; ``agreed`` and ``connected`` come by signing alone."""


class Turn(StrEnum):
    """Whom an application waits for."""

    STAFF = "staff"
    APPLICANT = "applicant"
    NOBODY = ""


TURNS: Mapping[State, Turn] = {
    State.ASKED: Turn.STAFF,
    State.SURVEY: Turn.APPLICANT,
    State.CHECK: Turn.STAFF,
    State.FIX: Turn.APPLICANT,
    State.AGREED: Turn.STAFF,
    State.CONNECTED: Turn.NOBODY,
    State.DECLINED: Turn.NOBODY,
    State.WITHDRAWN: Turn.NOBODY,
}
"""Whose turn it is when a state begins, where nothing says otherwise."""


class Side(StrEnum):
    """Who has to agree before anything is published."""

    MEMBER = "member"
    HUB = "hub"


class Action(StrEnum):
    """What happened to an application."""

    ADDED = "added"
    CHANGED = "changed"
    ANSWERED = "answered"
    MOVED = "moved"
    CHECKED = "checked"
    INVITED = "invited"
    UNINVITED = "uninvited"
    SIGNED = "signed"
    OBJECTED = "objected"
    CONNECTED = "connected"


class By(NamedTuple):
    """Who does something to an application, why, and what that person saw of it."""

    author: str
    note: str = ""
    seen: int | None = None
    """The revision that was seen, which must still be the application's; None: any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A library that wants to join."""

    code: str
    """The code that it wants; names the application."""
    name: str = ""
    kind: str = ""
    region: str = ""
    contact: str = ""
    mail: str = ""
    language: str = "vi"
    answers: Mapping[str, Any] = field(default_factory=dict)
    """By question: a text, or a list of texts where several can be chosen."""
    state: State = State.ASKED
    turn: Turn = Turn.STAFF
    since: int = 0
    """Since when it is that turn in that state; epoch seconds."""
    created: int = 0
    rev: int = 0
    id: int = 0
    """0 until it is stored."""
    library: str = ""
    """Code of the library that was made or linked for it."""
    source: str = ""
    """Name of its test source."""
    invited: int = 0
    """When the applicant's link was made, epoch seconds; 0: there is none."""
    reminded: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to an application."""

    at: int
    author: str
    action: Action
    state: State
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A technical check."""

    id: int
    asked: int
    author: str
    finished: int
    """Epoch seconds; 0: it waits, or is under way."""
    verdict: str
    """``pass``, ``mend``, or empty until it is finished."""
    report: Mapping[str, Any]
    """What ``scheduler.joining.report`` wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One side's agreement, with what it was given on."""

    side: Side
    check: int
    mapping: str
    author: str
    note: str
    at: int

    def holds(self, check: Check | None, mapping: str) -> bool:
        """Tell whether it was given on the newest check and on how records are mapped now."""
        return check is not None and (self.check, self.mapping) == (check.id, mapping)
