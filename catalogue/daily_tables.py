"""The table of how much there was on each day; see ``catalogue.tables`` for all others."""

from __future__ import annotations

from sqlalchemy import BigInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base

__all__ = ["Base", "DayRow"]


class DayRow(Base):
    """What there was when it was last counted on a day."""

    __tablename__ = "daily_figure"
    day: Mapped[str] = mapped_column(Text, primary_key=True, comment="ISO 8601, UTC")
    at: Mapped[int] = mapped_column(BigInteger, comment="when it was counted, epoch seconds")
    turn: Mapped[int] = mapped_column(BigInteger, comment="of the hub clock, when counted")
    records: Mapped[int] = mapped_column(BigInteger, comment="live, of members")
    clusters: Mapped[int] = mapped_column(BigInteger)
    folded: Mapped[int] = mapped_column(BigInteger, comment="records less clusters")
    questions: Mapped[int] = mapped_column(BigInteger, comment="that people are asked")
    problems: Mapped[int] = mapped_column(BigInteger)
    quarantined: Mapped[int] = mapped_column(BigInteger)
