"""A member changes its system: which source takes over from which, and record by record.

Clues are scratch: they are written to find pairs, and removed again. Pairs that were carried out
stay for good, since they tell what became of an old identifier.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, Key, key, to


class SuccessionRow(Base):
    """One source taking over from another; there is one row for each that takes over."""

    __tablename__ = "succession"
    id: Mapped[int] = key()
    old_id: Mapped[int] = to("source.id", index=True)
    new_id: Mapped[int] = to("source.id", unique=True)
    state: Mapped[str] = mapped_column(
        Text, comment="waiting, applying, applied, cancelling, cancelled"
    )
    paired: Mapped[int] = mapped_column(
        BigInteger,
        default=0,
        comment="epoch seconds: pairs were found last; 0 = not yet, or no more",
    )
    ended: Mapped[int] = mapped_column(BigInteger, default=0, comment="epoch seconds; 0 = not yet")
    rules: Mapped[str] = mapped_column(
        Text, default="[]", comment="JSON: what each rule found, when pairs were found last"
    )


class SuccessionClueRow(Base):
    """Something that may identify a record in both systems."""

    __tablename__ = "succession_clue"
    succession_id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    side: Mapped[int] = mapped_column(Integer, primary_key=True, comment="0 = old, 1 = new")
    value: Mapped[str] = mapped_column(Text, primary_key=True)
    record_id: Mapped[int] = mapped_column(Key, primary_key=True)
    __table_args__ = ({"sqlite_with_rowid": False},)


class SuccessionPairRow(Base):
    """An old and a new record that are one, or why these two were not paired."""

    __tablename__ = "succession_pair"
    succession_id: Mapped[int] = mapped_column(Key, primary_key=True)
    old_id: Mapped[int] = mapped_column(Key, primary_key=True, comment="record that stays")
    new_id: Mapped[int] = mapped_column(Key, primary_key=True, comment="record that gives way")
    rule: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(
        Text,
        comment="found, agrees, paired, applied; ambiguous, contradicts, distrusted, outdated",
    )
    __table_args__ = (
        Index("ix_succession_pair_new_id", "new_id"),
        Index("ix_succession_pair_rule", "succession_id", "rule", "state", "old_id", "new_id"),
        Index("ix_succession_pair_state", "succession_id", "state", "old_id", "new_id"),
        {"sqlite_with_rowid": False},
    )
