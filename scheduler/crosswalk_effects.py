"""What a draft or a version of a crosswalk would do, worked out by a worker for people to look at.

Makes way for harvests and placing, and is gone on with where it was left off. Published on a page
is only what was looked at.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from threading import Event
from typing import NamedTuple

from catalogue import crosswalk_effects, crosswalks, queue
from catalogue.clock import wall_clock
from catalogue.crosswalk_effects import Known
from catalogue.crosswalks import Version
from catalogue.database import Database
from catalogue.errors import CrosswalkEffectUnknown, NoSuchCrosswalkVersion, NothingDrafted
from crosswalks.errors import CrosswalkError
from crosswalks.shelf import Shelf
from scheduler.effect import Asked, Wanted, worked_out
from scheduler.heartbeat import failing, heartbeat
from scheduler.model import Line

KIND = "crosswalk-effect"
DRAFT = "draft"
"""What is asked about; else the number of a version."""


class Looked(NamedTuple):
    """What is known of what a text would do."""

    known: Known | None
    """Of this text; None where it was never worked out."""
    holds: bool
    """Whether the crosswalks are still those that it was worked out by."""


def ask_for(database: Database, name: str, asked: str) -> bool:
    """Have a worker work out what a text would do; tell whether it was not asked to before.

    Raises what ``text_of`` does.
    """
    text_of(database, name, asked)
    return queue.ask(database, KIND, _key(name, asked))


def is_asked_for(database: Database, name: str, asked: str) -> bool:
    """Tell whether a worker is at it, or is to be."""
    key = _key(name, asked)
    return key in queue.due(database, KIND) or queue.is_running(database, key)


def looked_at(database: Database, name: str, asked: str) -> int:
    """Return how many records were looked at so far by who is at it."""
    noted = json.loads(queue.noted(database, _key(name, asked)))
    return int(noted.get("found", {}).get("records", 0))


def text_of(database: Database, name: str, asked: str) -> Version:
    """Return the draft, or a version.

    Raises NothingDrafted, NoSuchCrosswalkVersion or UnknownCrosswalk.
    """
    if asked == DRAFT:
        found = crosswalks.draft(database, name)
        if found is None:
            raise NothingDrafted(name=name)
        return found
    if not (asked.isascii() and asked.isdecimal()):
        raise NoSuchCrosswalkVersion(name=name, version=asked)
    return crosswalks.version(database, name, int(asked))


def look(database: Database, name: str, asked: str) -> Looked:
    """Return what is known of what a text would do. Raises what ``text_of`` does."""
    known = crosswalk_effects.get(database, name)
    if known is None or known.asked != asked:
        return Looked(None, holds=False)
    return Looked(known, holds=known.key == _wanted(database, name, asked).key())


def publish(
    database: Database, seen: Known, wanted: Version, author: str, note: str = ""
) -> Version:
    """Publish a draft or an older version, if its effect is still the one that was seen.

    Raises CrosswalkEffectUnknown, and what ``crosswalks.publish`` does.
    """

    def agreed(before: Shelf, tried: Shelf) -> None:
        if Wanted(name=wanted.name, now=before, then=tried).key() != seen.key:
            raise CrosswalkEffectUnknown(name=wanted.name)

    written = replace(wanted, author=author, note=note or wanted.note)
    return crosswalks.publish_agreed(database, written, agreed)


def work_out_next(line: Line, stopping: Event) -> bool:
    """Do what was asked for next, if anything; tell whether there was.

    Once ``stopping`` is set it ends after the page at hand and is queued again.
    """
    database = line.db
    key = queue.next_due(database, KIND)
    lease = queue.claim(database, KIND, key, anew=False) if key is not None else None
    if key is None or lease is None:
        return False
    _, name, asked = key.split(":", 2)
    with failing(database, lease):
        try:
            wanted = _wanted(database, name, asked)
        except (CrosswalkError, NothingDrafted, NoSuchCrosswalkVersion):
            # Thrown away, or made impossible by what was published meanwhile: its page says so.
            database.writing(lambda connection: queue.finish(connection, lease, "failed"))
            return True
        _work_out(Asked(database, wanted, lease), asked, stopping)
    return True


def _work_out(question: Asked, asked: str, stopping: Event) -> None:
    database, wanted, lease = question.database, question.wanted, question.lease
    with heartbeat(database, lease):
        found = worked_out(question, lambda _: None, stopping)
    if not found.complete:
        queue.put_back(database, lease)
        return

    effect = Known(asked, wanted.key(), wall_clock(), asdict(found))
    crosswalk_effects.keep(database, wanted.name, effect, lease)


def _wanted(database: Database, name: str, asked: str) -> Wanted:
    now = crosswalks.shelf(database)
    then = now.with_draft(name, text_of(database, name, asked).written)
    return Wanted(name=name, now=now, then=then)


def _key(name: str, asked: str) -> str:
    return f"{KIND}:{name}:{asked}"
