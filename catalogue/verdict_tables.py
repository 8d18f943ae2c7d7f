"""The tables of what people decided about pairs of records; see ``catalogue.tables``."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, Key, key, to


class VerdictRow(Base):
    """What a person decided about two records; a < b."""

    __tablename__ = "verdict"
    a: Mapped[int] = to("record.id", primary_key=True)
    b: Mapped[int] = to("record.id", primary_key=True, index=True)
    decision: Mapped[str] = mapped_column(Text, comment="same or different")
    author: Mapped[str] = mapped_column(Text)
    made: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    reason: Mapped[str] = mapped_column(Text, default="")


class VerdictEventRow(Base):
    """A step in the history of what people decided about a pair; rows are never changed."""

    __tablename__ = "verdict_event"
    id: Mapped[int] = key()
    a: Mapped[int] = to("record.id")
    b: Mapped[int] = to("record.id", index=True)
    before: Mapped[str] = mapped_column(Text, comment="same, different, or empty")
    after: Mapped[str] = mapped_column(Text, comment="same, different, or empty")
    author: Mapped[str] = mapped_column(Text)
    made: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    reason: Mapped[str] = mapped_column(Text)
    undoes: Mapped[int | None] = mapped_column(Key, comment="the event that this one takes back")
    __table_args__ = (Index("ix_verdict_event_a_b", "a", "b"),)
