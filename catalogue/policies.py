"""The matching policies there are: what each would do is seen first, then one is switched on.

One is in use, by its name in the row of ``policy``. Their texts are never changed. A hub begins
with the policy that comes with the program, and keeps the one in use when the program is another.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, exists, select, update

from catalogue import match, queue
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.errors import (
    EffectOutdated,
    EffectUnknown,
    NoSuchPolicy,
    PolicyInUse,
    PolicyTaken,
)
from catalogue.match import Policy
from catalogue.model import Lease
from catalogue.sql import dialect_insert, insert_missing, table
from catalogue.tables import DeadKeyRow, PolicyRow, PolicyVersionRow, RecordRow
from catalogue.waking import wake_everything

RULES = f"{match.FEATURES_VERSION}.{match.RULES}"
"""How this program judges by a policy: all is placed again under others."""

REBUILD = "rebuild"
"""Kind and key of the job that works the partition out anew after a switch."""
_versions = table(PolicyVersionRow)


class Live(NamedTuple):
    """The policy by which clusters are made."""

    id: int
    policy: Policy


class Effect(NamedTuple):
    """What switching a policy on would do, and by which name it is known that it was seen."""

    token: str
    outdated: bool
    """Whether another policy or program was in use when it was worked out."""
    told: dict[str, Any]
    """As ``keep_effect`` was given it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A policy, who wrote it, and where it stands."""

    version: str
    text: str
    shipped: bool
    """It came with the program."""
    author: str
    made: int
    """Epoch seconds, as ``used``."""
    note: str
    live: bool
    used: int | None
    """Since when it is, or last was, in use."""
    used_by: str
    effect: Effect | None


def live(connection: Connection) -> Live:
    """Return the policy in use."""
    row = _in_use(connection)
    # Before the first placement by this version of the program its text may not be there yet.
    return Live(row.id, match.policy() if row.text is None else _read(row.text))


def live_text(connection: Connection) -> tuple[str, str]:
    """Return the name and the text of the policy in use."""
    row = _in_use(connection)
    if row.text is None:
        return match.policy().version, match.shipped_text()
    return row.version, row.text


@lru_cache(maxsize=8)
def _read(text: str) -> Policy:
    return match.kept_policy(text)


def begin(connection: Connection) -> None:
    """Keep the policy that comes with the program; it is in use where there is no record yet."""
    _keep_shipped(connection)
    connection.execute(
        update(PolicyRow)
        .where(PolicyRow.live, ~exists(select(RecordRow.id)))
        .values(version=match.policy().version, rules=RULES)
    )


def is_current(connection: Connection) -> bool:
    """Tell whether all records are placed, or wait to be, as this version of the program does."""
    row = _in_use(connection)
    return row.text is not None and row.rules == RULES


def adopt(connection: Connection) -> str:
    """Have all records placed again as this version of the program does; return by which policy.

    That is the one in use, unless nobody knows its text: before policies were kept.
    """
    _hold(connection)
    _keep_shipped(connection)
    row = _in_use(connection)
    wanted = match.policy().version if row.text is None else str(row.version)
    _use(connection, wanted)
    return wanted


def all(database: Database) -> list[Version]:  # noqa: A001 - read as policies.all
    """Return all policies, the newest first."""
    with database.reading_primary() as connection:
        return _found(connection)


def get(database: Database, version: str = "") -> Version:
    """Return one policy, by default the one in use. Raises NoSuchPolicy."""
    found = all(database)
    for each in found:
        if each.version == version or (each.live and not version):
            return each
    raise NoSuchPolicy(version=version, known=", ".join(each.version for each in found))


def add(database: Database, text: str, author: str, note: str = "") -> Version:
    """Keep a policy to be tried. Raises PolicyError where it is none, or PolicyTaken."""
    made = match.read_policy(text)
    row = _row(made.version, text) | {"author": author, "note": note}

    def work(connection: Connection) -> None:
        kept = dialect_insert(connection, PolicyVersionRow).values(row).on_conflict_do_nothing()
        if connection.execute(kept.returning(_versions.c.id)).first() is None:
            raise PolicyTaken(version=made.version)

    database.writing(work)
    return get(database, made.version)


def discard(database: Database, version: str) -> None:
    """Forget a policy that was never in use. Raises NoSuchPolicy or PolicyInUse."""

    def work(connection: Connection) -> None:
        found = _one(connection, version)
        if found.live or found.used or found.shipped:
            raise PolicyInUse(version=version)
        connection.execute(delete(_versions).where(_versions.c.version == version))

    database.writing(work)


def in_use(connection: Connection) -> str:
    """Return by which policy and rules records are placed now: what an effect is compared with."""
    row = _in_use(connection)
    return f"{row.version}\n{row.rules}"


def keep_effect(
    database: Database, version: str, of: str, told: dict[str, Any], lease: Lease | None = None
) -> Effect:
    """Keep what a policy would do, worked out while ``of`` was in use. Raises NoSuchPolicy.

    With that the job ends: whoever sees the effect must not see that somebody is still at it.
    """
    values = {"effect": json.dumps(told, ensure_ascii=False), "effect_of": of}

    def work(connection: Connection) -> Effect | None:
        if lease is not None:
            queue.finish(connection, lease)
        which = _versions.c.version == version
        connection.execute(update(_versions).where(which).values(values))
        return _one(connection, version).effect

    kept = database.writing(work)
    assert kept is not None
    return kept


def switch(database: Database, version: str, seen: str, author: str) -> bool:
    """Put a policy to use: all records are placed again by it. Tell whether it was another.

    ``seen`` is the token of its effect, which whoever decides has looked at. Raises NoSuchPolicy,
    EffectUnknown, or EffectOutdated; then nothing is changed.
    """

    def work(connection: Connection) -> bool:
        _hold(connection)
        found = _one(connection, version)
        if found.live:
            return False
        if found.effect is None:
            raise EffectUnknown(version=version)
        if found.effect.outdated or found.effect.token != seen:
            raise EffectOutdated(version=version)
        _use(connection, version, author)
        # Most of what waits now turns out to need no placing.
        queue.enqueue_within(connection, REBUILD, REBUILD, wall_clock())
        return True

    return database.writing(work)


def _hold(connection: Connection) -> None:
    """Let nobody else put a policy to use before this transaction ends."""
    connection.execute(select(PolicyRow.id).where(PolicyRow.live).with_for_update())


def _use(connection: Connection, version: str, author: str = "") -> None:
    """Have all records placed by a policy; without an author, by another program too."""
    cap = live(connection).policy.block_cap
    wake_everything(connection, only_judged=bool(author))
    connection.execute(update(PolicyRow).where(PolicyRow.live).values(version=version, rules=RULES))
    if not author or live(connection).policy.block_cap != cap:
        # Held by too many under the other cap: a key that stays so is found again.
        connection.execute(delete(DeadKeyRow))
    which = _versions.c.version == version
    if author:
        now = {"used": wall_clock(), "used_by": author}
        connection.execute(update(_versions).where(which).values(now))


def _keep_shipped(connection: Connection) -> None:
    row = _row(match.policy().version, match.shipped_text()) | {"shipped": True}
    insert_missing(connection, PolicyVersionRow, [row])


def _row(version: str, text: str) -> dict[str, Any]:
    return {
        "version": version,
        "text": text,
        "shipped": False,
        "author": "",
        "made": wall_clock(),
        "note": "",
        "used": None,
        "used_by": "",
    }


def _in_use(connection: Connection) -> Any:
    query = (
        select(PolicyRow.id, PolicyRow.version, PolicyRow.rules, _versions.c.text)
        .outerjoin(_versions, _versions.c.version == PolicyRow.version)
        .where(PolicyRow.live)
    )
    return connection.execute(query).one()


def _one(connection: Connection, version: str) -> Version:
    found = _found(connection)
    for each in found:
        if each.version == version:
            return each
    raise NoSuchPolicy(version=version, known=", ".join(each.version for each in found))


def _found(connection: Connection) -> list[Version]:
    now = _in_use(connection)
    of = f"{now.version}\n{now.rules}"
    rows = connection.execute(select(_versions).order_by(_versions.c.id.desc()))
    return [_version(row, now.version, of) for row in rows]


def _version(row: Any, now: str, of: str) -> Version:
    return Version(
        version=row.version,
        text=row.text,
        shipped=row.shipped,
        author=row.author,
        made=row.made,
        note=row.note,
        live=row.version == now,
        used=row.used,
        used_by=row.used_by,
        effect=None if row.effect is None else _effect(row, of),
    )


def _effect(row: Any, of: str) -> Effect:
    whole = f"{row.effect_of}\n{row.effect}".encode()
    token = hashlib.sha256(whole).hexdigest()[:16]
    return Effect(token, row.effect_of != of, json.loads(row.effect))
