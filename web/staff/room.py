"""What the staff pages of one hub need beside what every page does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, cast

from flask import Flask, current_app

from catalogue.model import Source
from catalogue.users import Role
from harvester.oidc.provider import SignInService
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
class SingleSignOn:
    """A service that people may sign in by, and what follows from what it says of them."""

    service: SignInService
    buttons: Mapping[str, str] = field(default_factory=dict)
    """What stands on the button, by language; empty: words of ours."""
    user_claim: str = "preferred_username"
    """What it calls people by."""
    role_claim: str = ""
    roles: Mapping[str, Role] = field(default_factory=dict)
    """Role by value of that claim: whoever has one gets an account. Empty: nobody does."""
    by_mail: bool = False
    """Whether an account is found by a mail address that the service has verified."""
    factors: frozenset[str] = frozenset()
    """By which values of ``amr`` or ``acr`` it says that it asked for a second factor."""


class Setting(Protocol):
    """A setting as it holds; of a secret only that it is set."""

    @property
    def section(self) -> str:
        """Return the section it stands in."""

    @property
    def name(self) -> str:
        """Return its name."""

    @property
    def value(self) -> str:
        """Return its value, as it is written."""

    @property
    def where(self) -> str:
        """Return the file or variable it stands in; nothing where it is as it comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What a hub is made of, and this process of it."""

    version: str
    python: str
    process: int
    """Its number on the machine."""
    started: int
    """Epoch seconds."""
    folder: Path
    """The instance folder."""
    raw: Path | None
    """The folder of what sources delivered; None where that is kept in the database."""
    settings: Sequence[Setting]


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
    single_sign_on: SingleSignOn | None = None
    """None where people sign in by password alone."""
    installed: Installed | None = None
    """None where nobody has told."""
    z3950: str = ""
    """Where Z39.50 is served, as ``host:port``; empty: not beside these pages."""


def furnish(app: Flask, room: StaffRoom) -> None:
    """Make the room known to the staff views of an application."""
    app.extensions[_NAME] = room


def current_room() -> StaffRoom:
    """Return the room of the request under way."""
    return cast(StaffRoom, current_app.extensions[_NAME])
