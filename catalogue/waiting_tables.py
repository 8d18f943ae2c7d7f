"""What waits: deletions for the end of their run or for a person, and records for a better reading.

Derived from records, so without foreign keys; each row goes when what it waits for has come.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Index, Integer, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, Key


class HeldRow(Base):
    """The deletion of a record that is not carried out yet."""

    __tablename__ = "held"
    record_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    source_id: Mapped[int] = mapped_column(BigInteger)
    run_id: Mapped[int] = mapped_column(BigInteger, comment="that learned of the deletion")
    seq: Mapped[int] = mapped_column(BigInteger, comment="of its delivery")
    absent: Mapped[bool] = mapped_column(Boolean, comment="not declared: missing from the list")
    datestamp: Mapped[str] = mapped_column(Text)
    raw_hash: Mapped[bytes] = mapped_column(LargeBinary)
    __table_args__ = (Index("ix_held_source_id_record_id", "source_id", "record_id"),)


class QuarantineRow(Base):
    """A version of a record that could not be read or mapped, and where it lies.

    Its bytes are in the record where there is no other version, else in the delivery.
    """

    __tablename__ = "quarantine"
    record_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    source_id: Mapped[int] = mapped_column(BigInteger)
    run_id: Mapped[int] = mapped_column(BigInteger)
    seq: Mapped[int] = mapped_column(BigInteger, comment="of its delivery")
    page: Mapped[int] = mapped_column(Integer, comment="of the run; 0 = not known")
    position: Mapped[int] = mapped_column(Integer, comment="in the page, from 1")
    place: Mapped[int | None] = mapped_column(
        BigInteger, comment="byte of the page at which it begins"
    )
    datestamp: Mapped[str] = mapped_column(Text)
    format: Mapped[str] = mapped_column(Text)
    __table_args__ = (Index("ix_quarantine_source_id_record_id", "source_id", "record_id"),)
