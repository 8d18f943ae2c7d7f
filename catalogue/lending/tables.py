"""The table of how libraries lend; see ``catalogue.tables`` for all others."""

from __future__ import annotations

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, to

__all__ = ["Base", "LendingRow"]


class LendingRow(Base):
    """How a library lends, whom readers ask, and where its own catalogue shows a record."""

    __tablename__ = "lending"
    library_id: Mapped[int] = to("library.id", primary_key=True, autoincrement=False)
    lends: Mapped[str] = mapped_column(
        Text, comment="loans, copies, loans-and-copies, reading-room; empty = not told"
    )
    policy_vi: Mapped[str] = mapped_column(Text, comment="its policy in Vietnamese")
    policy_en: Mapped[str] = mapped_column(Text, comment="its policy in English")
    mail: Mapped[str] = mapped_column(Text, comment="mail address of the desk, or empty")
    phone: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    opening: Mapped[str] = mapped_column(Text, comment="when the desk is open, in words")
    resolver: Mapped[str] = mapped_column(Text, comment="base address of what takes OpenURLs")
    record_address: Mapped[str] = mapped_column(
        Text, comment="address of a record in its own catalogue, with {number} or {isbn}"
    )
