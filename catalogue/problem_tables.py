"""The table of how many problems there are, counted now and then; see ``catalogue.tables``."""

from __future__ import annotations

from sqlalchemy import BigInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.tables import Base, Key

__all__ = ["Base", "ProblemFigureRow"]


class ProblemFigureRow(Base):
    """How often a problem was found in the records of a source; all rows are counted together."""

    __tablename__ = "problem_figure"
    source_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    severity: Mapped[str] = mapped_column(Text, primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[int] = mapped_column(BigInteger, comment="when all were counted, epoch seconds")
