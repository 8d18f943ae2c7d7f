"""What the staff pages of one hub need beside what every page does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from flask import Flask, current_app

from catalogue.model import Source
from catalogue.users import Role
from scheduler.alerts.model import Teller
from scheduler.model import Line

_NAME = "lienthong-staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """How people sign in; times in seconds."""

    idle: int = 3600
    """After so long without doing anything one has to sign in again."""
    session: int = 12 * 3600
    """After so long one has to in any case: a working day, however busy."""
    factor_for: frozenset[Role] = frozenset()
    """Roles that cannot do without a second factor."""
    reset: int = 3600
    """For how long a link for a forgotten password can be used."""
    invitation: int = 7 * 24 * 3600
    """For how long an invitation can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRoom:
    """The way out to the members, the key of sessions, and what the front door decides."""

    line: Line
    session_key: bytes
    check: Callable[[Source], Source]
    """Returns a source that can be kept, or raises the error that says what is wrong with it."""
    baskets: Path
    """The folder with what each person has chosen to take along."""
    teller: Teller | None = None
    """Sends test messages; None where none are sent from here."""
    accounts: Accounts = field(default_factory=Accounts)
    z3950: str = ""
    """Where Z39.50 is served, as ``host:port``; empty: not beside these pages."""


def furnish(app: Flask, room: StaffRoom) -> None:
    """Make the room known to the staff views of an application."""
    app.extensions[_NAME] = room


def current_room() -> StaffRoom:
    """Return the room of the request under way."""
    return cast(StaffRoom, current_app.extensions[_NAME])
