"""Crosswalks that staff write: drafts, published versions, saved tests, and the shelf in use.

What comes with the program is version 0 of its name. Published versions are never changed: taking
one back is publishing an older text anew.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from catalogue import clock, forms, queue
from catalogue.crosswalk_tables import (
    CrosswalkDraftRow,
    CrosswalkEditionRow,
    CrosswalkRevisionRow,
    CrosswalkTestRow,
    CrosswalkVersionRow,
)
from catalogue.database import Database
from catalogue.errors import (
    CrosswalksChanged,
    LeadsElsewhere,
    NoSuchCrosswalkVersion,
    NothingDrafted,
    SavedTestsFailed,
    WrongUse,
)
from catalogue.sql import Prepared, table, upsert
from crosswalks import trials
from crosswalks.errors import UnknownCrosswalk
from crosswalks.shelf import SHIPPED, SHIPPED_ONLY, Shelf, Written
from crosswalks.trials import Trial

REMAP = "remap"
"""Kind and key of the job that maps records again after something was published."""
REWRITE = "rewrite"
"""Kind and key of the job that makes stored forms anew after something was published."""
_TRIES = 5
_LONGEST_NAME = 64
_MARKS = "-_."

_versions, _drafts = table(CrosswalkVersionRow), table(CrosswalkDraftRow)
_tests, _edition = table(CrosswalkTestRow), table(CrosswalkEditionRow)
_revisions = table(CrosswalkRevisionRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of a crosswalk, or its draft, and who wrote it."""

    name: str
    version: int | None
    """None is a draft; 0 what is shipped."""
    author: str = ""
    made: str = ""
    """ISO time, or empty."""
    note: str = ""
    written: Written
    number: int = 0
    """Of a draft, as it is counted (``catalogue.crosswalk_drafts``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A saved test that failed, and by which lines what came of it differs."""

    crosswalk: str
    title: str
    difference: tuple[str, ...]


def shelf(database: Database) -> Shelf:
    """Return the crosswalks in use."""
    with database.reading_primary() as connection:
        return shelf_within(connection)


def shelf_within(connection: Connection) -> Shelf:
    """Return the crosswalks in use, inside a transaction."""
    latest = select(func.max(_versions.c.id)).group_by(_versions.c.name)
    rows = connection.execute(select(_versions).where(_versions.c.id.in_(latest)))
    texts = [(row.name, _written(row)) for row in rows if row.text is not None]
    return _shelf(tuple(sorted(texts)), edition(connection))


@lru_cache(maxsize=4)
def _shelf(texts: tuple[tuple[str, Written], ...], edition: int) -> Shelf:
    """Return the same shelf for the same texts: to make functions of them takes a while."""
    return Shelf(dict(texts), edition)


def edition(connection: Connection) -> int:
    """Return how often anything was published."""
    [(found,)] = _EDITION.rows(connection)
    return int(found)


def check_edition(connection: Connection, wanted: int) -> None:
    """Prove, inside a writer's own transaction, that nothing was published since ``wanted``.

    Nothing can be before the transaction ends. Raises CrosswalksChanged.
    """
    [(found,)] = _EDITION_KEPT.rows(connection)
    if found != wanted:
        raise CrosswalksChanged


# Made once: every page of every harvest asks for both.
_EDITION = Prepared(select(_edition.c.edition))
_EDITION_KEPT = Prepared(select(_edition.c.edition).with_for_update(read=True))


def jobs_of(shelf: Shelf, name: str) -> tuple[str, ...]:
    """Return the kinds of jobs that publishing a crosswalk, or rules, makes necessary."""
    users = shelf.users(name)
    kinds = {REMAP: shelf.into_pivot(), REWRITE: [kind.crosswalk for kind in forms.KINDS]}
    return tuple(kind for kind, those in kinds.items() if not set(users).isdisjoint(those))


def names(database: Database) -> tuple[str, ...]:
    """Return the names of all crosswalks and rules that are shipped, stored or drafted."""
    with database.reading() as connection:
        stored = connection.execute(
            select(_versions.c.name).union(select(_drafts.c.name))
        ).scalars()
        return tuple(sorted({*shelf_within(connection).names(), *stored}))


def versions(database: Database, name: str) -> list[Version]:
    """Return the versions of a crosswalk, newest first, with what is shipped last."""
    with database.reading() as connection:
        query = select(_versions).where(_versions.c.name == name).order_by(_versions.c.id.desc())
        found = [_version(row) for row in connection.execute(query)]
    return [*found, *_shipped(name)]


def version(database: Database, name: str, number: int | None = None) -> Version:
    """Return one version of a crosswalk, by default the one in use.

    Raises NoSuchCrosswalkVersion, or UnknownCrosswalk where there is none of this name.
    """
    found = versions(database, name)
    if not found:
        raise UnknownCrosswalk(name=name, known=", ".join(names(database)))
    for each in found:
        if number in (None, each.version):
            return each
    raise NoSuchCrosswalkVersion(name=name, version=number)


def draft(database: Database, name: str) -> Version | None:
    """Return the draft of a crosswalk, or None."""
    with database.reading_primary() as connection:
        row = connection.execute(select(_drafts).where(_drafts.c.name == name)).one_or_none()
    return _version(row) if row else None


def put_draft(database: Database, wanted: Version) -> None:
    """Keep a draft in place of the one before; that one stays among the earlier drafts.

    Raises what ``check_draft`` does.
    """
    check_draft(database, wanted)

    def work(connection: Connection) -> None:
        make_draft(connection, wanted.name, note_revision(connection, wanted))

    database.writing(work)


def check_draft(database: Database, wanted: Version) -> None:
    """Prove that a draft can be used.

    Raises CrosswalkSyntax where it cannot run, LeadsElsewhere, or WrongUse for a name that cannot
    be one.
    """
    check_name(wanted.name)
    _tried(shelf(database), wanted)


def note_revision(connection: Connection, wanted: Version) -> int:
    """Write a draft down among all that were kept of its name, and return its number."""
    # One at a time: who counts at once with another would count the same.
    connection.execute(select(_edition.c.edition).with_for_update())
    last = select(func.max(_revisions.c.number)).where(_revisions.c.name == wanted.name)
    number = (connection.execute(last).scalar() or 0) + 1
    row = {"name": wanted.name, "number": number, **_columns(wanted)}
    connection.execute(insert(_revisions).values(row))
    return number


def make_draft(connection: Connection, name: str, number: int) -> None:
    """Make one of the drafts that were kept the one that would be published."""
    columns = [column for column in _revisions.c if column.name != "id"]
    query = select(*columns).where(_revisions.c.name == name, _revisions.c.number == number)
    row = dict(connection.execute(query).one()._mapping)
    upsert(connection, CrosswalkDraftRow, [row])


def saved_tests(database: Database, name: str) -> tuple[Trial, ...]:
    """Return the saved tests of a crosswalk, by title."""
    query = select(_tests).where(_tests.c.name == name).order_by(_tests.c.title)
    with database.reading() as connection:
        return tuple(
            Trial(title=row.title, given=row.given, format=row.format, expected=row.expected)
            for row in connection.execute(query)
        )


def save_test(database: Database, name: str, trial: Trial, author: str) -> None:
    """Keep a saved test, in place of one with its title."""
    values = {
        "given": trial.given,
        "format": trial.format,
        "expected": trial.expected,
        "author": author,
        "made": int(time.time()),
    }

    def work(connection: Connection) -> None:
        same = (_tests.c.name == name) & (_tests.c.title == trial.title)
        if not connection.execute(update(_tests).where(same).values(values)).rowcount:
            connection.execute(insert(_tests).values(name=name, title=trial.title, **values))

    database.writing(work)


def remove_test(database: Database, name: str, title: str) -> bool:
    """Forget a saved test; tell whether there was one."""
    same = (_tests.c.name == name) & (_tests.c.title == title)
    return bool(
        database.writing(lambda connection: connection.execute(delete(_tests).where(same)).rowcount)
    )


def try_all(database: Database, tried: Shelf, name: str) -> list[Failed]:
    """Return which saved tests of a crosswalk, and of all made of it, fail by a shelf."""
    return [
        Failed(crosswalk=user, title=trial.title, difference=difference)
        for user in tried.users(name)
        for trial in saved_tests(database, user)
        if (difference := trials.run(tried, user, trial))
    ]


def publish(database: Database, name: str, author: str, note: str = "") -> Version:
    """Publish a crosswalk's draft, and queue the work that has to be done for it.

    Raises NothingDrafted, CrosswalkSyntax, or SavedTestsFailed; then nothing is changed.
    """
    found = draft(database, name)
    if found is None:
        raise NothingDrafted(name=name)
    return _publish(database, replace(found, author=author, note=note or found.note))


def roll_back(database: Database, name: str, number: int, author: str, note: str = "") -> Version:
    """Publish the text of an older version anew; 0 is what is shipped, now and in later versions.

    Raises what ``publish`` and ``version`` do.
    """
    old = version(database, name, number)
    return _publish(database, replace(old, author=author, note=note))


def publish_agreed(
    database: Database, wanted: Version, agreed: Callable[[Shelf, Shelf], None]
) -> Version:
    """Publish a draft, or an older version anew, as somebody looked at it.

    ``agreed`` is given the shelf in use and the one that would be, and raises what speaks against
    it. Raises what ``publish`` does.
    """
    return _publish(database, wanted, agreed)


def _publish(
    database: Database, wanted: Version, agreed: Callable[[Shelf, Shelf], None] | None = None
) -> Version:
    for _ in range(_TRIES):
        before = shelf(database)
        tried = _tried(before, wanted)
        if agreed is not None:
            agreed(before, tried)
        if failed := try_all(database, tried, wanted.name):
            raise SavedTestsFailed(name=wanted.name, failed=failed)
        try:
            work = partial(_written_down, tried=tried, wanted=wanted)
            return database.writing(work)
        except CrosswalksChanged:
            continue
    raise CrosswalksChanged


def _tried(before: Shelf, wanted: Version) -> Shelf:
    """Return the shelf with what is wanted on it, if it can be used."""
    tried = before.with_draft(wanted.name, wanted.written)
    tried.check(wanted.name)
    if wanted.name in SHIPPED_ONLY.names():
        source, target = SHIPPED_ONLY.ends(wanted.name)
        if tried.ends(wanted.name) != (source, target):
            raise LeadsElsewhere(name=wanted.name, source=source, target=target)
    return tried


def _written_down(connection: Connection, tried: Shelf, wanted: Version) -> Version:
    """Write a version into the history if nothing was published since it was tried."""
    jobs = jobs_of(tried, wanted.name)
    if REWRITE in jobs:
        # What is planned has forms by the version before.
        clock.invalidate(connection)
    done = connection.execute(
        update(_edition)
        .where(_edition.c.edition == tried.edition)
        .values(edition=tried.edition + 1)
    )
    if done.rowcount != 1:
        raise CrosswalksChanged
    last = select(func.max(_versions.c.version)).where(_versions.c.name == wanted.name)
    number = (connection.execute(last).scalar() or 0) + 1
    columns = _columns(wanted)
    if not wanted.written.stored:
        columns["text"] = None
    connection.execute(insert(_versions).values(name=wanted.name, version=number, **columns))
    if wanted.version is None:
        ours = (_drafts.c.name == wanted.name) & (_drafts.c.text == wanted.written.text)
        connection.execute(delete(_drafts).where(ours))
    for job in jobs:
        queue.enqueue_within(connection, job, job, int(time.time()))
    return replace(wanted, version=number, number=0, made=clock.told(columns["made"]))


def _columns(wanted: Version) -> dict[str, Any]:
    return {
        "author": wanted.author,
        "made": int(time.time()),
        "note": wanted.note,
        "text": wanted.written.text,
        "tables": json.dumps(dict(wanted.written.tables), ensure_ascii=False),
    }


def _version(row: Any) -> Version:
    return Version(
        name=row.name,
        version=getattr(row, "version", None),
        author=row.author,
        made=clock.told(row.made),
        note=row.note,
        number=getattr(row, "number", 0),
        written=_written(row) if row.text is not None else _shipped(row.name)[0].written,
    )


def drafted(row: Any) -> Version:
    """Return a row of a draft, of now or earlier, as a value."""
    return replace(_version(row), version=None)


def _written(row: Any) -> Written:
    return Written(text=row.text, tables=tuple(sorted(json.loads(row.tables).items())))


def _shipped(name: str) -> list[Version]:
    try:
        return [Version(name=name, version=0, written=Shelf({}).written(SHIPPED + name))]
    except UnknownCrosswalk:
        return []


def check_name(name: str) -> None:
    """Raise WrongUse for what cannot be the name of a crosswalk."""
    plain = "".join(char for char in name if char not in _MARKS)
    if not (plain.isascii() and plain.isalnum() and len(name) <= _LONGEST_NAME):
        raise WrongUse(
            reason="a crosswalk's name is 1 to 64 letters a-z, digits, hyphens, dots or underscores"
        )
