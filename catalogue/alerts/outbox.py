"""The outbox: messages are written together with what they tell, each with a job that sends it.

A job is held under a lease, so one process at a time sends a message; what a process that died had
in hand another sends again, under the same token, by which the receiver knows it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from catalogue import queue
from catalogue.alerts import channels
from catalogue.alerts.figures import places
from catalogue.alerts.model import (
    MESSAGE,
    Change,
    Channel,
    Draft,
    Kind,
    Message,
    MessageKind,
    Noted,
    Post,
    State,
)
from catalogue.alerts.store import KEPT_SECONDS, forget_older, keep
from catalogue.alerts.tables import ChannelRow, MessageRow
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.messages import packed
from catalogue.model import Lease
from catalogue.sql import dialect_insert, table
from crosswalks.errors import Error
from crosswalks.model import Severity
from crosswalks.text import storable

_messages, _channels = table(MessageRow), table(ChannelRow)
_QUEUED = _messages.c.state == State.QUEUED.value


def put_alerts(connection: Connection, alerts: Iterable[Noted], now: int) -> None:
    """Write a message to each channel that is told of any of these."""
    alerts = list(alerts)
    if not alerts:
        return
    known = {each.id: (each.name, each.library) for each in places(connection)}
    for channel in channels.some(connection):
        numbers = [
            each.alert
            for each in alerts
            if channel.wants(each.kind, each.severity)
            and _concerns(channel, *known.get(each.source or 0, ("", "")))
        ]
        if numbers:
            put(connection, channel, Draft(MessageKind.ALERTS, {"alerts": numbers}), now)


def put(connection: Connection, channel: Channel, draft: Draft, now: int) -> bool:
    """Write a message, and queue the job that sends it; no digest twice for one period."""
    row = dialect_insert(connection, MessageRow).values(
        channel_id=channel.id,
        kind=draft.kind.value,
        period=draft.period,
        token=secrets.token_hex(16),
        payload=storable(json.dumps(dict(draft.payload), ensure_ascii=False)),
        state=State.QUEUED.value,
        created=now,
        attempts=0,
        tried=0,
        **packed(None),
    )
    once = row.on_conflict_do_nothing(index_elements=["channel_id", "period"])
    number = connection.execute(once.returning(_messages.c.id)).scalar()
    if number is None:
        return False
    return queue.enqueue_within(connection, MESSAGE, job_key(number), now)


def job_key(number: int) -> str:
    """Return the key of a message's job in the queue."""
    return f"{MESSAGE}:{number}"


def of_job(database: Database, key: str) -> Message | None:
    """Return the message of a job; None where its channel was removed or it is no longer queued."""
    number = int(key.removeprefix(f"{MESSAGE}:"))
    with database.reading_primary() as connection:
        row = connection.execute(
            select(_messages).where(_messages.c.id == number, _QUEUED)
        ).one_or_none()
        if row is None:
            return None
        [channel] = channels.some(connection, _channels.c.id == row.channel_id)
    return Message(
        id=row.id,
        channel=channel,
        kind=MessageKind(row.kind),
        token=row.token,
        payload=json.loads(row.payload),
        state=State(row.state),
        created=row.created,
        attempts=row.attempts,
    )


def sent(database: Database, lease: Lease, message: Message) -> None:
    """Note that a message was sent, and end its job."""

    def work(connection: Connection) -> None:
        _note(connection, message, State.SENT, None)
        queue.finish(connection, lease)

    database.writing(work)


def put_off(database: Database, lease: Lease, message: Message, error: Error, due: int) -> None:
    """Note why a message could not be sent, and queue its job again for ``due``. LeaseLost."""

    def work(connection: Connection) -> None:
        queue.renew(connection, lease)
        _note(connection, message, State.QUEUED, error)
        queue.again(connection, lease, due)

    database.writing(work)


def give_up(database: Database, lease: Lease, message: Message, error: Error) -> None:
    """Note that a message cannot be delivered. Raises LeaseLost.

    Staff are told in their list, unless the message before was given up as well.
    """

    def work(connection: Connection) -> None:
        queue.renew(connection, lease)
        known = _last_end(connection, message.channel) == State.FAILED.value
        _note(connection, message, State.FAILED, error)
        queue.finish(connection, lease, "failed")
        if known:
            return
        why = packed(error)
        details = {"channel": message.channel.name, **why, "details": json.loads(why["details"])}
        change = Change(kind=Kind.UNDELIVERED, severity=Severity.WARNING, details=details)
        keep(connection, [(None, change)], wall_clock())

    database.writing(work)


def posts(database: Database) -> dict[int, Post]:
    """Return by channel how its messages fare; those who were never written to are left out."""
    count = func.count().label("count_")
    sums = select(
        _messages.c.channel_id, _messages.c.state, count, func.max(_messages.c.tried).label("last")
    ).group_by(_messages.c.channel_id, _messages.c.state)
    newest = (
        select(func.max(_messages.c.id))
        .where(_messages.c.state != State.SENT.value, _messages.c.code != "")
        .group_by(_messages.c.channel_id)
    )
    why = select(
        _messages.c.channel_id, _messages.c.message, _messages.c.code, _messages.c.details
    ).where(_messages.c.id.in_(newest))
    with database.reading() as connection:
        found: dict[int, dict[str, Any]] = {}
        for row in connection.execute(sums):
            found.setdefault(row.channel_id, {})[row.state] = row
        reasons = {row.channel_id: row for row in connection.execute(why)}
    return {key: _post(rows, reasons.get(key)) for key, rows in found.items()}


def last_period_end(connection: Connection, channel: Channel) -> int:
    """Return when the newest digest of a channel was written, epoch seconds; 0 for none."""
    query = select(func.max(_messages.c.created)).where(
        _messages.c.channel_id == channel.id, _messages.c.kind == MessageKind.DIGEST.value
    )
    return connection.execute(query).scalar() or 0


def forget(database: Database) -> None:
    """Remove alerts, and messages that are done with, that are older than anybody asks for."""
    before = wall_clock() - KEPT_SECONDS

    def work(connection: Connection) -> None:
        connection.execute(delete(_messages).where(_messages.c.created < before, ~_QUEUED))
        forget_older(connection, before)

    database.writing(work)


def _last_end(connection: Connection, channel: Channel) -> str:
    """Return what became of the message of a channel that came to its end last."""
    query = select(_messages.c.state).where(_messages.c.channel_id == channel.id, ~_QUEUED)
    last = query.order_by(_messages.c.tried.desc(), _messages.c.id.desc()).limit(1)
    return connection.execute(last).scalar() or ""


def _post(rows: Mapping[str, Any], why: Any) -> Post:
    def count(state: State) -> int:
        return int(rows[state.value].count_) if state.value in rows else 0

    last = rows[State.SENT.value].last if State.SENT.value in rows else 0
    return Post(
        queued=count(State.QUEUED),
        failed=count(State.FAILED),
        last_sent=last,
        message=why.message if why else "",
        code=why.code if why else "",
        details=json.loads(why.details) if why else {},
    )


def _note(connection: Connection, message: Message, state: State, error: Error | None) -> None:
    values = {"state": state.value, "tried": wall_clock(), **packed(error)}
    connection.execute(
        update(_messages)
        .where(_messages.c.id == message.id, _QUEUED)
        .values(attempts=_messages.c.attempts + 1, **values)
    )


def _concerns(channel: Channel, source: str, library: str) -> bool:
    if channel.library:
        return channel.library == library
    return not channel.sources or source in channel.sources
