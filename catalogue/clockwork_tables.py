"""The one row that the clock goes by."""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base


class ClockworkRow(Base):
    """What tells the clock at a glance whether anything changed, and whether work is let be."""

    __tablename__ = "clockwork"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    sources: Mapped[int] = mapped_column(
        BigInteger, comment="grows with each change of a source's settings"
    )
    seen: Mapped[int] = mapped_column(
        BigInteger, comment="epoch seconds: when a clock last saw to what is due; 0 = never"
    )
    paused_from: Mapped[int | None] = mapped_column(
        BigInteger, comment="epoch seconds: no harvests from then on; null = as usual"
    )
    paused_until: Mapped[int | None] = mapped_column(
        BigInteger, comment="epoch seconds; null = until somebody ends it"
    )
    paused_why: Mapped[str] = mapped_column(Text, comment="in the words of who paused")
