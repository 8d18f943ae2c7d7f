"""The tables of alerts; see ``catalogue.tables`` for all others."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Key, key, only, to

# Alerts point at people, who are kept beside all other tables.
from catalogue.people_tables import Base

__all__ = [
    "AlertRow",
    "Base",
    "ChannelRow",
    "KnownProblemRow",
    "MessageRow",
    "ScopeRow",
    "SeenRow",
    "WatchRow",
]


class WatchRow(Base):
    """How a source stood when it was last looked at: only what differs from it is told."""

    __tablename__ = "alert_watch"
    source_id: Mapped[int] = to("source.id", primary_key=True, autoincrement=False)
    since: Mapped[int] = mapped_column(BigInteger, comment="first looked at; epoch seconds")
    seen_run: Mapped[int] = mapped_column(BigInteger, comment="the newest run judged; 0 = none")
    failing: Mapped[bool] = mapped_column(Boolean)
    silent: Mapped[bool] = mapped_column(Boolean)
    waiting: Mapped[bool] = mapped_column(Boolean, comment="a run waits for a person")
    listed: Mapped[int | None] = mapped_column(
        BigInteger, comment="records of a complete list that later ones are measured by"
    )
    expires: Mapped[int] = mapped_column(
        BigInteger, comment="end of the certificate that was told of, epoch seconds; 0 = none was"
    )
    probed: Mapped[int] = mapped_column(
        BigInteger, comment="when its certificate was last looked at, epoch seconds"
    )


class KnownProblemRow(Base):
    """A kind of problem that a source's records are known to have."""

    __tablename__ = "alert_known"
    source_id: Mapped[int] = to("source.id", primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(Text, primary_key=True)


class AlertRow(Base):
    """Something that became otherwise, as the staff pages list it."""

    __tablename__ = "alert"
    id: Mapped[int] = key()
    at: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    kind: Mapped[str] = mapped_column(Text, comment="see catalogue.alerts.model")
    severity: Mapped[str] = mapped_column(Text, comment="info, warning or error")
    source_id: Mapped[int | None] = to("source.id")
    run_id: Mapped[int | None] = mapped_column(Key, comment="the run that showed it")
    details: Mapped[str] = mapped_column(Text, comment="JSON: what its sentence names")
    __table_args__ = (
        Index("ix_alert_source_id_id", "source_id", "id"),
        Index("ix_alert_at", "at"),
        # A number that was read up to must not come again.
        {"sqlite_autoincrement": True},
    )


class ChannelRow(Base):
    """A way to somebody who is told: a mail address or a webhook."""

    __tablename__ = "alert_channel"
    id: Mapped[int] = key()
    name: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[str] = mapped_column(Text, comment="mail or webhook")
    target: Mapped[str] = mapped_column(Text, comment="mail address or URL")
    language: Mapped[str] = mapped_column(Text, comment="vi or en")
    severity: Mapped[str] = mapped_column(
        Text, comment="told from here on: info, warning, error; empty = no alerts"
    )
    kinds: Mapped[str] = mapped_column(
        Text, comment="of alerts, told of these alone; with spaces between, empty = all"
    )
    library_id: Mapped[int | None] = to("library.id", index=True)
    digest: Mapped[str] = mapped_column(Text, comment="daily, weekly or empty")
    salt: Mapped[str] = mapped_column(Text, comment="what the key of its signatures is made of")
    created: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")


class ScopeRow(Base):
    """A source that a channel is told of; one without any is told of all."""

    __tablename__ = "alert_scope"
    channel_id: Mapped[int] = to("alert_channel.id", primary_key=True, autoincrement=False)
    source_id: Mapped[int] = to("source.id", primary_key=True, autoincrement=False)


class MessageRow(Base):
    """The outbox: a message, written together with what it tells, and what became of it."""

    __tablename__ = "alert_message"
    id: Mapped[int] = key()
    channel_id: Mapped[int] = to("alert_channel.id")
    kind: Mapped[str] = mapped_column(Text, comment="alerts or digest")
    period: Mapped[str | None] = mapped_column(Text, comment="of a digest: its day or week")
    token: Mapped[str] = mapped_column(
        Text, unique=True, comment="names it to the receiver, the same at each try"
    )
    payload: Mapped[str] = mapped_column(Text, comment="JSON: what it tells")
    state: Mapped[str] = mapped_column(Text, comment="queued, sent or failed")
    created: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    attempts: Mapped[int] = mapped_column(Integer)
    tried: Mapped[int] = mapped_column(BigInteger, comment="last, epoch seconds; 0 = never")
    message: Mapped[str] = mapped_column(Text, comment="why the last try failed, in English")
    code: Mapped[str] = mapped_column(Text, comment="of the message")
    details: Mapped[str] = mapped_column(Text, comment="JSON: what the message names")
    __table_args__ = (
        UniqueConstraint("channel_id", "period"),
        Index("ix_alert_message_channel_id_id", "channel_id", "id"),
        Index("ix_alert_message_queued", "channel_id", **only("state = 'queued'")),
        # Jobs name messages by their number: none is given again when a channel was removed.
        {"sqlite_autoincrement": True},
    )


class SeenRow(Base):
    """Up to which alert somebody has read the list."""

    __tablename__ = "alert_seen"
    user_id: Mapped[int] = to("user_account.id", primary_key=True, autoincrement=False)
    alert_id: Mapped[int] = mapped_column(Key)
