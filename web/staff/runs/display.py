"""A run as staff see it: what was counted, how fast it goes, and why it ended, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from catalogue.model import Run, RunStatus
from web.language import Translate, mark
from web.told import run_message

_OPTIONS = {
    "from": mark("from {value}"),
    "until": mark("until {value}"),
    "sets": mark("only sets {value}"),
    "full": mark("everything anew"),
    "limit": mark("at most {value} records"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A run with what can be worked out from it."""

    run: Run
    seconds: float
    """So far, or in all."""
    said: str
    """Why it ended as it did, and the next step; empty where there is nothing to say."""
    asked: tuple[str, ...]
    """What it was asked for besides the usual."""

    @property
    def is_running(self) -> bool:
        """Tell whether it is under way."""
        return self.run.status is RunStatus.RUNNING

    @property
    def rate(self) -> float:
        """Records a second."""
        return self.run.counts.delivered / self.seconds if self.seconds > 0 else 0.0

    @property
    def held_delivered(self) -> int:
        """Deletions that were delivered and are held: they make up the sum."""
        counts = self.run.counts
        done = counts.added + counts.changed + counts.unchanged
        return counts.delivered - done - counts.deleted - counts.quarantined


def shown(run: Run, translate: Translate) -> Shown:
    """Return a run as it is shown at this moment."""
    begun = datetime.fromisoformat(run.started)
    so_far = (datetime.now(UTC) - begun).total_seconds()
    return Shown(
        run=run,
        seconds=so_far if run.status is RunStatus.RUNNING else run.seconds,
        said=run_message(run, translate),
        asked=tuple(
            translate(_OPTIONS[name]).format(value=_plain(value))
            for name, value in run.options.items()
            if name in _OPTIONS
        ),
    )


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
