"""The table of what libraries get back; see ``catalogue.tables`` for all others."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, to

__all__ = ["Base", "ImprovedRow"]


class ImprovedRow(Base):
    """That a view's master is better than a record that a library sent."""

    __tablename__ = "improved"
    view_id: Mapped[int] = to("view.id", primary_key=True)
    record_id: Mapped[int] = to("record.id", primary_key=True)
    cluster_id: Mapped[int] = to("cluster.id")
    library_id: Mapped[int] = to("library.id")
    stamp: Mapped[int] = mapped_column(
        BigInteger, comment="epoch seconds, since when the library gets just this back"
    )
    hash: Mapped[str] = mapped_column(Text, comment="of what it gets, without its date")
    __table_args__ = (
        Index("ix_improved_cluster_id", "cluster_id"),
        Index("ix_improved_library_id", "view_id", "library_id", "stamp", "record_id"),
    )
