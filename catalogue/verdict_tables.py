"""The tables of what people decided about pairs of records; see ``catalogue.tables``."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, Integer, Text
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
    step: Mapped[int | None] = mapped_column(
        Key, index=True, comment="the first event of those that were decided at once"
    )
    __table_args__ = (Index("ix_verdict_event_a_b", "a", "b"),)


class QuestionRow(Base):
    """Two clusters that matching asks about, and how much an answer settles.

    For every library that holds a record of a pair asked, and once more for all (0).
    """

    __tablename__ = "question"
    library_id: Mapped[int] = mapped_column(Key, primary_key=True, comment="0: of any library")
    one_id: Mapped[int] = mapped_column(Key, primary_key=True, index=True, comment="< other_id")
    other_id: Mapped[int] = mapped_column(Key, primary_key=True, index=True)
    pairs: Mapped[int] = mapped_column(Integer, comment="asked between the two clusters")
    records: Mapped[int] = mapped_column(Integer, comment="of the two clusters")
    score: Mapped[float] = mapped_column(comment="of the likeliest pair asked, a and b")
    a: Mapped[int] = mapped_column(Key)
    b: Mapped[int] = mapped_column(Key)
    __table_args__ = (
        Index("ix_question_order", "library_id", "pairs", "records", "score", "one_id", "other_id"),
    )
