"""What readers may report, and for how long their addresses are kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What holds for reports of readers."""

    per_minute: int = 5
    """Forms that may be sent from one address."""
    address_days: int = 90
    """Days after a report for which the reader's address is kept."""
    least_seconds: int = 3
    """Whoever sends the form sooner than so many seconds after it was shown has read nothing."""
    mails: bool = False
    """Whether readers can be answered by mail."""
