"""The table of the sets that staff define by a query; members are rows of ``item_set``."""

from __future__ import annotations

from sqlalchemy import Boolean, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, Key


class QuerySetRow(Base):
    """A set of OAI-PMH that holds what a query finds; one that was removed is empty for ever."""

    __tablename__ = "query_set"
    set_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    language: Mapped[str] = mapped_column(Text, comment="words, cql, pqf")
    query: Mapped[str] = mapped_column(Text, comment="as staff wrote it")
    description: Mapped[str] = mapped_column(Text)
    removed: Mapped[bool] = mapped_column(Boolean, comment="its members left it")
    reached: Mapped[int | None] = mapped_column(
        Key, comment="clusters up to this one are in it or out of it as the query says; NULL: all"
    )
