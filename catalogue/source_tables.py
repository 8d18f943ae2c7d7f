"""The table of what staff note of a source; see ``catalogue.tables`` for all others."""

from __future__ import annotations

from sqlalchemy import BigInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, to

__all__ = ["Base", "SourceNoteRow"]


class SourceNoteRow(Base):
    """What staff note of a source for each other; no harvest depends on it."""

    __tablename__ = "source_note"
    source_id: Mapped[int] = to("source.id", primary_key=True, autoincrement=False)
    manager: Mapped[str] = mapped_column(Text, comment="who of the staff looks after it, in words")
    note: Mapped[str] = mapped_column(Text, comment="what is worth knowing of it, in words")
    author: Mapped[str] = mapped_column(Text, comment="who wrote it last")
    changed: Mapped[int] = mapped_column(BigInteger, comment="when, epoch seconds")
