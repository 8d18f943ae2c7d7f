"""The table of checks of servers; see ``catalogue.tables`` for all others."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, key, to

__all__ = ["Base", "ValidationRow"]


class ValidationRow(Base):
    """A check of a source's server: asked for, and what came of it."""

    __tablename__ = "validation"
    id: Mapped[int] = key()
    source_id: Mapped[int] = to("source.id")
    asked: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    author: Mapped[str] = mapped_column(Text, comment="who asked for it")
    finished: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds; 0 = not yet")
    verdict: Mapped[str] = mapped_column(Text, comment="pass, mend, broken or empty: not yet")
    report: Mapped[str] = mapped_column(Text, comment="JSON: what was found, by code")
    __table_args__ = (Index("ix_validation_source_id_id", "source_id", "id"),)
