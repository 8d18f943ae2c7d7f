"""The tables of what the public is told in figures; see ``catalogue.tables`` for all others."""

from __future__ import annotations

from sqlalchemy import BigInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base

__all__ = ["Base", "PublicFigureRow", "PublicSizeRow"]


class PublicFigureRow(Base):
    """What the public saw when it was last counted on a day."""

    __tablename__ = "public_figure"
    day: Mapped[str] = mapped_column(Text, primary_key=True, comment="ISO 8601, UTC")
    at: Mapped[int] = mapped_column(BigInteger, comment="when it was counted, epoch seconds")
    took: Mapped[int] = mapped_column(BigInteger, comment="to count it, milliseconds")
    turn: Mapped[int] = mapped_column(BigInteger, comment="of the hub clock, when counted")
    libraries: Mapped[int] = mapped_column(BigInteger, comment="members that share with the public")
    records: Mapped[int] = mapped_column(BigInteger, comment="of these, behind the publications")
    publications: Mapped[int] = mapped_column(BigInteger, comment="live items of the public view")
    works: Mapped[int] = mapped_column(BigInteger, comment="that these are of")
    holdings: Mapped[int] = mapped_column(BigInteger, comment="publications of each library, added")
    shared: Mapped[int] = mapped_column(BigInteger, comment="publications of several libraries")


class PublicSizeRow(Base):
    """How many publications the public saw in a set, when it was last counted."""

    __tablename__ = "public_size"
    spec: Mapped[str] = mapped_column(Text, primary_key=True, comment="library:, region:, type:")
    publications: Mapped[int] = mapped_column(BigInteger)
