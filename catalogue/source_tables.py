"""The tables of notes on sources and of logs of harvests; see ``catalogue.tables`` for others."""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, Key, to

__all__ = ["Base", "RunLogRow", "SourceNoteRow"]


class SourceNoteRow(Base):
    """What staff note of a source for each other; no harvest depends on it."""

    __tablename__ = "source_note"
    source_id: Mapped[int] = to("source.id", primary_key=True, autoincrement=False)
    manager: Mapped[str] = mapped_column(Text, comment="who of the staff looks after it, in words")
    note: Mapped[str] = mapped_column(Text, comment="what is worth knowing of it, in words")
    author: Mapped[str] = mapped_column(Text, comment="who wrote it last")
    changed: Mapped[int] = mapped_column(BigInteger, comment="when, epoch seconds")


class RunLogRow(Base):
    """One thing that happened in a harvest; of each the last ones are kept, see catalogue.logs."""

    __tablename__ = "run_log"
    run_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(
        Integer, primary_key=True, autoincrement=False, comment="place in the run, from 1"
    )
    at: Mapped[int] = mapped_column(BigInteger, comment="epoch milliseconds")
    kind: Mapped[str] = mapped_column(Text, comment="page, wait, fault")
    message: Mapped[str] = mapped_column(Text, comment="the English sentence of an error")
    code: Mapped[str] = mapped_column(Text, comment="of the error; empty = none")
    details: Mapped[str] = mapped_column(Text, comment="JSON: what the error names")
    facts: Mapped[str] = mapped_column(Text, comment="JSON: figures, and the address asked for")
