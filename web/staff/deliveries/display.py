"""A delivery as staff see it: how it stands in words, and its report in tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalogue.intake.model import Intake, State
from web import delivered
from web.delivered import KINDS, size
from web.language import Translate

__all__ = ["KINDS", "Shown", "shown", "size"]

_BADGES = {
    State.RECEIVED: "queued",
    State.CHECKED: "waiting",
    State.REFUSED: "failed",
    State.APPLYING: "running",
    State.APPLIED: "succeeded",
    State.DISCARDED: "limited",
}
COUNTS = ("added", "changed", "unchanged", "deleted", "absent", "held", "quarantined")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A delivery with what can be said of it."""

    intake: Intake
    badge: str
    state: str
    kind: str
    size: str
    why: str
    """Why it cannot count; empty where it can."""
    verdict: str
    """What the guards say; empty where they let it pass."""
    warnings: Sequence[str]

    @property
    def report(self) -> Mapping[str, Any]:
        """What the check found; nothing but a count where it did not come to its end."""
        return self.intake.report

    @property
    def is_checked(self) -> bool:
        """Tell whether there is a report."""
        return "counts" in self.intake.report

    @property
    def is_applying(self) -> bool:
        """Tell whether it is being read, or going to be."""
        return self.intake.state is State.APPLYING

    @property
    def may_apply(self) -> bool:
        """Tell whether somebody may say that it counts."""
        return self.intake.state is State.CHECKED and not self.intake.outdated

    @property
    def is_doubtful(self) -> bool:
        """Tell whether something speaks against applying it."""
        return delivered.stands_against(self.intake)

    @property
    def may_discard(self) -> bool:
        """Tell whether somebody may throw it away."""
        return self.intake.state.is_open

    @property
    def may_check(self) -> bool:
        """Tell whether it may be checked again."""
        return self.intake.state in (State.RECEIVED, State.CHECKED, State.REFUSED)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """What would become of the records, by name, without what would not happen."""
        told = self.intake.report.get("counts", {})
        return [(name, told[name]) for name in COUNTS if told.get(name)]


def shown(intake: Intake, translate: Translate, twin: Intake | None = None) -> Shown:
    """Return a delivery as it is shown in a language."""
    return Shown(
        intake=intake,
        badge=_BADGES[intake.state],
        state=translate(delivered.STATES[intake.state]),
        kind=translate(delivered.KINDS[intake.kind]),
        size=size(intake.size),
        why=delivered.why(intake, translate),
        verdict=delivered.verdict(intake, translate),
        warnings=tuple(delivered.warnings(intake, twin, translate)),
    )
