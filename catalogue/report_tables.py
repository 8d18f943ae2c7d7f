"""The table of reports: figures of a period, as they were when somebody had them made."""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, key


class ReportRow(Base):
    """A report. Nothing changes one: another of the same period stands beside it."""

    __tablename__ = "report"
    id: Mapped[int] = key()
    first: Mapped[str] = mapped_column(Text, comment="first day of the period, ISO 8601")
    last: Mapped[str] = mapped_column(Text, comment="its last day, ISO 8601")
    issue: Mapped[int] = mapped_column(Integer, comment="1, 2, ... of the same period")
    made: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    author: Mapped[str] = mapped_column(Text, comment="who had it made; empty = the clock")
    program: Mapped[str] = mapped_column(Text, comment="version of the hub that counted")
    definitions: Mapped[int] = mapped_column(
        Integer, comment="version of what the figures mean, see catalogue.reports.counting"
    )
    zone: Mapped[str] = mapped_column(Text, comment="time zone of the period's days")
    figures: Mapped[str] = mapped_column(Text, comment="JSON, see catalogue.reports.model")
    __table_args__ = (UniqueConstraint("first", "last", "issue"),)
