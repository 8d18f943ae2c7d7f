"""The tables of how complete records are: of each library, and of all, by day."""

from __future__ import annotations

from sqlalchemy import BigInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, Key

__all__ = ["AverageRow", "Base", "QualityRow"]


class QualityRow(Base):
    """How complete the live records of a library were when they were counted on a day."""

    __tablename__ = "quality_figure"
    library_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    day: Mapped[str] = mapped_column(Text, primary_key=True, index=True, comment="ISO 8601, UTC")
    at: Mapped[int] = mapped_column(BigInteger, comment="when it was counted, epoch seconds")
    records: Mapped[int] = mapped_column(BigInteger, comment="live ones that could be read")
    score: Mapped[int] = mapped_column(
        BigInteger, comment="sum of how complete each one is, in percent"
    )
    fields: Mapped[str] = mapped_column(
        Text, comment="JSON: by name of crosswalks.checks.shares, how many records have it"
    )
    fingerprint: Mapped[str] = mapped_column(
        Text, comment="of what was counted: the same again is not counted again"
    )


class AverageRow(Base):
    """The mean of all libraries on a day, each counting once."""

    __tablename__ = "quality_average"
    day: Mapped[str] = mapped_column(Text, primary_key=True, comment="ISO 8601, UTC")
    libraries: Mapped[int] = mapped_column(BigInteger, comment="those that have records")
    figures: Mapped[str] = mapped_column(
        Text, comment="JSON: score and fields, the mean of the libraries' shares in percent"
    )
