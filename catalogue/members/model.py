"""The values of groups, contacts and agreements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256


class Basis(StrEnum):
    """What the libraries of a group have in common (Decree 93/2020 of Viet Nam, article 30)."""

    NONE = ""
    FUNCTION = "function"
    FIELD = "field"
    REGION = "region"
    PROJECT = "project"


class Days(StrEnum):
    """How a day lies to the first and last day of a membership.

    They tell people; what a library shares ends only when it is suspended or withdrawn.
    """

    NOW = "now"
    NOT_YET = "not yet"
    OVER = "over"


def days_of(valid_from: str, valid_to: str, day: str) -> Days:
    """Return how a day lies to a membership; ISO dates, an empty one is no limit."""
    if day < valid_from:
        return Days.NOT_YET
    return Days.OVER if valid_to and valid_to < day else Days.NOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Libraries that belong together: a set of OAI-PMH and a database of Z39.50 and SRU."""

    code: str
    name_vi: str = ""
    name_en: str = ""
    basis: Basis = Basis.NONE
    members: tuple[str, ...] = ()
    """Codes of libraries, sorted."""

    @property
    def fingerprint(self) -> str:
        """Return what tells these details from any others."""
        return fingerprint(self.code, self.name_vi, self.name_en, self.basis, *self.members)

    @property
    def label(self) -> str:
        """Return its name in both languages at once, as sets are named (OAI-PMH 2.0 s4.6)."""
        if self.name_vi and self.name_en and self.name_vi != self.name_en:
            return f"{self.name_vi} ({self.name_en})"
        return self.name("vi")

    def name(self, language: str) -> str:
        """Return its name in a language, or whatever name it has."""
        names = (self.name_vi, self.name_en)
        first, other = names if language == "vi" else reversed(names)
        return first or other or self.code


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person or office of a library; its name tells it from the library's others."""

    name: str
    role: str = ""
    mail: str = ""
    phone: str = ""
    notes: str = ""
    channels: tuple[str, ...] = ()
    """Names of the channels of alerts that write to it; set up with the alerts."""

    @property
    def fingerprint(self) -> str:
        """Return what tells these details from any others."""
        return fingerprint(self.name, self.role, self.mail, self.phone, self.notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What was signed with a library; its number tells it from the library's others."""

    number: str
    signed: str = ""
    """ISO date, or empty."""
    scope: str = ""
    """What was agreed, in words."""
    valid_from: str = ""
    """ISO date; empty = from the day on which it was signed."""
    valid_to: str = ""
    """ISO date of its last day; empty = open."""
    reference: str = ""
    """Where the document is kept."""
    note: str = ""

    @property
    def fingerprint(self) -> str:
        """Return what tells these details from any others."""
        dates = (self.signed, self.valid_from, self.valid_to)
        return fingerprint(self.number, *dates, self.scope, self.reference, self.note)

    @property
    def begins(self) -> str:
        """Return its first day as an ISO date; empty = it has no beginning."""
        return self.valid_from or self.signed

    def holds(self, day: str) -> bool:
        """Tell whether it is in force on a day, an ISO date."""
        return self.begins <= day and (not self.valid_to or day <= self.valid_to)

    def overlaps(self, other: Agreement) -> bool:
        """Tell whether there is a day on which both are in force."""
        ends = [each.valid_to or _NEVER for each in (self, other)]
        return max(self.begins, other.begins) <= min(ends)


_NEVER = "9999-12-31"


def in_force(agreements: Iterable[Agreement], day: str) -> Agreement | None:
    """Return the agreement of a library that holds on a day: there is one at most."""
    return next((each for each in agreements if each.holds(day)), None)


def fingerprint(*told: str) -> str:
    """Return what tells texts from any others; a form carries it back."""
    return sha256("\0".join(told).encode("utf-8", "surrogateescape")).hexdigest()[:16]
