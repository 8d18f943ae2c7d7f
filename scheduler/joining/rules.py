"""How this hub takes libraries in; what its settings may say otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from catalogue.joining.model import Application, State

_WEEKEND = (5, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How long each state may take, in working days, and how much a technical check looks at."""

    asked_days: int = 2
    survey_days: int = 10
    check_days: int = 5
    fix_days: int = 10
    agreed_days: int = 5
    holidays: tuple[str, ...] = ()
    """Days (ISO 8601) on which nobody works, beside Saturdays and Sundays."""
    sample: int = 200
    """Records that a technical check reads and maps at most."""
    survey: str = ""
    """A file with the hub's own questions; empty = those that come with the program."""

    def days(self, state: State) -> int | None:
        """Return how many working days a state may take; None where nothing is waited for."""
        limits: Mapping[State, int] = {
            State.ASKED: self.asked_days,
            State.SURVEY: self.survey_days,
            State.CHECK: self.check_days,
            State.FIX: self.fix_days,
            State.AGREED: self.agreed_days,
        }
        return limits.get(state)

    def works_on(self, day: date) -> bool:
        """Tell whether people work on a day."""
        return day.weekday() not in _WEEKEND and day.isoformat() not in self.holidays

    def due(self, application: Application, zone: tzinfo) -> date | None:
        """Return the last day on which an application is in time; None where nothing is awaited."""
        left = self.days(application.state)
        if left is None or not application.turn:
            return None
        day = datetime.fromtimestamp(application.since, zone).date()
        while left:
            day += timedelta(days=1)
            left -= self.works_on(day)
        return day

    def is_overdue(self, application: Application, today: date, zone: tzinfo) -> bool:
        """Tell whether somebody should have acted by now."""
        due = self.due(application, zone)
        return due is not None and today > due
