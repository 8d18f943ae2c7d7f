"""The tables of works: which clusters are manifestations of one work, and by what that is found."""

from __future__ import annotations

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, Key


class WorkKeyRow(Base):
    """A title with a name of a cluster: clusters that share one are of one work."""

    __tablename__ = "work_key"
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    cluster_id: Mapped[int] = mapped_column(Key, primary_key=True, index=True)
    __table_args__ = ({"sqlite_with_rowid": False},)


class WorkMemberRow(Base):
    """Which work a cluster is of; a work is known by the first of its clusters."""

    __tablename__ = "work_member"
    cluster_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    work_id: Mapped[int] = mapped_column(Key, index=True, comment="the least of its cluster ids")


class WorkDirtyRow(Base):
    """A cluster whose work was never looked for: it was there before works were known."""

    __tablename__ = "work_dirty"
    cluster_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
