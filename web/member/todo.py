"""What a library does next, from how its sources and records stand: the most urgent first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from flask import url_for

from catalogue.own import Own
from catalogue.problem_figures import Figures
from crosswalks.model import Severity
from scheduler.health import Health
from web.alerts.members import own_step
from web.language import mark
from web.quality.words import meaning
from web.speech import number, words
from web.staff.sources.display import Row

_SOURCES = 10
_KINDS = 3
"""Kinds of problems that are named; all are on their own page."""
_STATES = {
    Health.WAITING: mark("A harvest of {name} waits until the staff of the hub decide: see why"),
    Health.FAILING: mark("The last harvest of {name} did not get to its end: see why"),
    Health.LATE: mark("{name} was not harvested in time: look whether your server answers"),
}
_UNREAD = mark("Records that could not be read: {count}")
_KIND = mark("{problem}: {count}")
_BETTER = mark("{count} of your records can be taken back better than you sent them")


class Todo(NamedTuple):
    """One thing to do, and where."""

    said: str
    address: str
    row: Row | None = None
    """The source that it is about, for its state."""


def todo(seen: Own, rows: Sequence[Row], figures: Figures, improved: int) -> list[Todo]:
    """Return what there is to do; ``rows`` with the worst first."""
    say = words()
    found = [*islice(_of_sources(rows), _SOURCES)]
    if unread := sum(seen.quarantined.values()):
        found.append(Todo(say(_UNREAD).format(count=number(unread)), url_for("own.problems")))
    grave = [
        each for each in figures.kinds if each.severity != Severity.INFO and own_step(each.code)
    ]
    grave.sort(key=lambda kind: kind.severity != Severity.ERROR)
    for kind in grave[:_KINDS]:
        said = say(_KIND).format(problem=say(meaning(kind.code)), count=number(kind.times))
        found.append(Todo(said, url_for("own.problems", code=kind.code)))
    if improved:
        found.append(Todo(say(_BETTER).format(count=number(improved)), "#better"))
    return found


def _of_sources(rows: Sequence[Row]) -> Iterator[Todo]:
    for row in rows:
        state = _STATES.get(row.health)
        if state is None:
            continue
        last = row.watched.last
        run = row.watched.waiting or (last.id if last else None)
        name = row.source.name
        address = url_for("own.run", number=run) if run else url_for("own.runs", source=name)
        yield Todo(words()(state).format(name=name), address, row)
