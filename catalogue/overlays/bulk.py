"""Corrections of all records that a search finds: asked for, looked at, carried out, taken off.

What a bulk correction would do is worked out first, for each record found, and nothing is kept of
it but that. Carried out, each of these gets its corrections once, whoever asks however often; they
are corrections as any others, but know what they are part of. ``bulksteps`` does the work.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, update

from catalogue import queue
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.errors import WrongUse
from catalogue.overlays import rules
from catalogue.overlays.errors import NoSuchBulk, NotCarriedOut, NotLookedAt
from catalogue.overlays.tables import BulkClusterRow, BulkRow
from catalogue.querysets.model import Language
from catalogue.querysets.model import read as read_query
from catalogue.search import planned
from catalogue.search.expression import Expression
from catalogue.sql import table
from catalogue.tables import ClusterRow
from crosswalks.errors import Said
from crosswalks.text import nfc

KIND = "bulk"
"""The job that all its work is done under."""
MOST = 200_000
"""Records that one may find."""
_bulk, _about, _clusters = table(BulkRow).c, table(BulkClusterRow).c, table(ClusterRow).c


class Phase(StrEnum):
    """How far a bulk correction is."""

    LOOKING = "looking"
    """What it would do is being worked out."""
    LOOKED = "looked"
    """That is known; nothing is corrected."""
    FAILED = "failed"
    """That could not be worked out."""
    APPLYING = "applying"
    APPLIED = "applied"
    UNDOING = "undoing"
    UNDONE = "undone"

    @property
    def is_busy(self) -> bool:
        """Whether a worker is at it, or is to be."""
        return self in (Phase.LOOKING, Phase.APPLYING, Phase.UNDOING)


class Fate(StrEnum):
    """What would become of a record, or what became of it."""

    FOUND = "found"
    """Not looked at yet."""
    SAME = "same"
    """It is as it should be."""
    REFUSED = "refused"
    """It would be changed in a way that corrections cannot; it stays as it is."""
    WOULD = "would"
    """It would be changed."""
    DONE = "done"
    """It is corrected."""
    FAILED = "failed"
    """It should have been corrected, and has become another that cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a bulk correction is asked to do."""

    language: Language
    query: str
    rules: str
    reason: str


@dataclass(slots=True, kw_only=True)
class Figures:
    """What a bulk correction came to so far."""

    found: int = 0
    same: int = 0
    refused: int = 0
    would: int = 0
    """Records that would be changed; of one that is being carried out those that still wait."""
    done: int = 0
    failed: int = 0
    overlays: int = 0
    """Corrections that were made."""
    undone: int = 0
    """Those taken off."""
    gathered: bool = False
    """Whether all that the search finds is known."""
    fields: dict[str, int] = field(default_factory=dict)
    """In how many records a field would be another, by its tag."""
    samples: list[Sample] = field(default_factory=list)
    message: str = ""
    """Why it could not be worked out, with ``code`` and ``details``."""
    code: str = ""
    details: str = "{}"

    @classmethod
    def read(cls, text: str) -> Figures:
        """Return what ``written`` wrote."""
        told = json.loads(text)
        samples = [
            Sample(each[0], tuple(Line(*one) for one in each[1])) for each in told["samples"]
        ]
        return cls(**(told | {"samples": samples}))

    def written(self) -> str:
        """Return them as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @property
    def why(self) -> Why:
        """Why it could not be worked out; without a code where it could."""
        return Why(self.message, self.code, json.loads(self.details))

    @property
    def looked(self) -> int:
        """How many records were looked at."""
        return self.same + self.refused + self.would + self.done + self.failed


class Why(NamedTuple):
    """An error that was kept, as ``web.told`` reads it."""

    message: str
    code: str
    details: dict[str, Any]


class Line(NamedTuple):
    """One correction as people read it: what kind, and the fields as lines, empty for none."""

    kind: str
    beneath: str
    over: str


class Sample(NamedTuple):
    """One record that would be changed, and how."""

    cluster: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """A bulk correction with who asked for it and how far it is."""

    id: int
    wanted: Wanted
    person: str
    at: int
    """When it was asked for, epoch seconds, as below."""
    phase: Phase
    figures: Figures
    agreed_by: str
    agreed_at: int | None
    undone_by: str
    undone_at: int | None


class Trouble(NamedTuple):
    """A record that a bulk correction cannot change, and why; as ``web.told`` reads it."""

    key: int
    """The place to go on behind."""
    cluster: str
    fate: Fate
    message: str
    code: str
    details: dict[str, Any]


def ask(database: Database, wanted: Wanted, person: str) -> int:
    """Have a worker work out what a bulk correction would do; return its number.

    Asked for again while that is being worked out it is the same one. Raises QueryError, BadRules,
    NoRules or WrongUse.
    """
    wanted = _checked(wanted)

    def work(connection: Connection) -> int:
        same = select(_bulk.id).where(
            _bulk.person == person,
            _bulk.state == Phase.LOOKING.value,
            *(_bulk[name] == value for name, value in _columns(wanted).items()),
        )
        known = connection.execute(same.order_by(_bulk.id.desc()).limit(1)).scalar_one_or_none()
        if known is not None:
            return int(known)
        number: int = connection.execute(
            insert(BulkRow)
            .values(
                **_columns(wanted),
                person=person,
                at=wall_clock(),
                state=Phase.LOOKING.value,
                told=Figures().written(),
                agreed_by="",
                undone_by="",
            )
            .returning(BulkRow.id)
        ).scalar_one()
        queue.ask_within(connection, KIND, job_key(number))
        return number

    return database.writing(work)


def agree(database: Database, number: int, person: str) -> bool:
    """Have a worker carry a bulk correction out; tell whether nobody had before.

    Raises NoSuchBulk or NotLookedAt.
    """

    def begin(found: Bulk) -> dict[str, Any]:
        if found.phase is not Phase.LOOKED or not found.figures.would:
            raise NotLookedAt(number=number)
        return {"agreed_by": person, "agreed_at": wall_clock()}

    return _begun(database, number, (Phase.APPLYING, Phase.APPLIED), begin)


def undo(database: Database, number: int, person: str) -> bool:
    """Have a worker take all corrections of a bulk off, whole or not; tell whether nobody had.

    Raises NoSuchBulk or NotCarriedOut.
    """

    def begin(found: Bulk) -> dict[str, Any]:
        if found.phase not in (Phase.APPLYING, Phase.APPLIED):
            raise NotCarriedOut(number=number)
        return {"undone_by": person, "undone_at": wall_clock()}

    return _begun(database, number, (Phase.UNDOING, Phase.UNDONE), begin)


def _begun(
    database: Database,
    number: int,
    phases: tuple[Phase, Phase],
    begin: Callable[[Bulk], dict[str, Any]],
) -> bool:
    """Have a worker do something; tell whether nobody had before.

    ``phases`` are that of doing it, and that of having done it; ``begin`` returns what is to be
    noted of it, or refuses it.
    """
    doing, _ = phases

    def work(connection: Connection) -> bool:
        found = locked(connection, number)
        is_first = found.phase not in phases
        if is_first:
            told = {"state": doing.value, **begin(found)}
            connection.execute(update(BulkRow).where(_bulk.id == number).values(**told))
        if is_first or found.phase is doing:
            # What is being done may be nobody's, if it broke five workers.
            queue.ask_within(connection, KIND, job_key(number))
        return is_first

    return database.writing(work)


def get(database: Database, number: int) -> Bulk:
    """Return a bulk correction. Raises NoSuchBulk."""
    with database.reading_primary() as connection:
        return _one(connection, number, lock=False)


def all(  # noqa: A001 - read as bulk.all
    database: Database, *, before: int | None = None, limit: int = 50
) -> list[Bulk]:
    """Return bulk corrections, the newest first, those below a number."""
    query = select(table(BulkRow)).order_by(_bulk.id.desc()).limit(limit)
    if before is not None:
        query = query.where(_bulk.id < before)
    with database.reading() as connection:
        return [_read(row) for row in connection.execute(query)]


def troubles(database: Database, number: int, *, after: int = 0, limit: int = 50) -> list[Trouble]:
    """Return records that it cannot, or could not, correct, in the order of their clusters."""
    fates = (Fate.REFUSED.value, Fate.FAILED.value)
    query = (
        select(table(BulkClusterRow), _clusters.public_id)
        .join(table(ClusterRow), _clusters.id == _about.cluster_id)
        .where(_about.bulk_id == number, _about.state.in_(fates), _about.cluster_id > after)
        .order_by(_about.cluster_id)
        .limit(limit)
    )
    with database.reading() as connection:
        return [
            Trouble(
                key=row.cluster_id,
                cluster=row.public_id,
                fate=Fate(row.state),
                message=row.message,
                code=row.code,
                details=json.loads(row.details),
            )
            for row in connection.execute(query)
        ]


def locked(connection: Connection, number: int) -> Bulk:
    """Return a bulk correction that nobody else changes within this transaction.

    Raises NoSuchBulk.
    """
    return _one(connection, number, lock=True)


def expression(wanted: Wanted) -> Expression:
    """Return what a bulk correction looks for. Raises QueryError."""
    return planned(read_query(wanted.language, wanted.query))


def job_key(number: int) -> str:
    """Return the key of the job that a bulk correction is worked on under."""
    return f"{KIND}:{number}"


def _checked(wanted: Wanted) -> Wanted:
    text = nfc(wanted.rules.replace("\r\n", "\n")).strip("\n")
    sound = Wanted(
        language=wanted.language,
        query=nfc(wanted.query).strip(),
        rules=text,
        reason=nfc(wanted.reason).strip(),
    )
    expression(sound)
    rules.read(text)
    if not sound.reason:
        raise WrongUse(reason=Said("say why it is corrected, for those who come later", {}))
    return sound


def _columns(wanted: Wanted) -> dict[str, str]:
    return {name: str(value) for name, value in asdict(wanted).items()}


def _one(connection: Connection, number: int, *, lock: bool) -> Bulk:
    query = select(table(BulkRow)).where(_bulk.id == number)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NoSuchBulk(number=number)
    return _read(row)


def _read(row: Any) -> Bulk:
    wanted = Wanted(
        language=Language(row.language), query=row.query, rules=row.rules, reason=row.reason
    )
    return Bulk(
        id=row.id,
        wanted=wanted,
        person=row.person,
        at=row.at,
        phase=Phase(row.state),
        figures=Figures.read(row.told),
        agreed_by=row.agreed_by,
        agreed_at=row.agreed_at,
        undone_by=row.undone_by,
        undone_at=row.undone_at,
    )
