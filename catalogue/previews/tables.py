"""The tables of previews and of what was said of them; see ``catalogue.tables`` for all others."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, key, to

__all__ = ["Base", "PreviewRow", "PreviewSignRow"]

_RUN = "newest run of the source; 0 = none"
_MAPPING = "how records were mapped then; a digest"


class PreviewRow(Base):
    """What the union would make of a source: the figures, the latest."""

    __tablename__ = "preview"
    source_id: Mapped[int] = to("source.id", primary_key=True, autoincrement=False)
    run: Mapped[int] = mapped_column(BigInteger, comment=_RUN)
    mapping: Mapped[str] = mapped_column(Text, comment=_MAPPING)
    made: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    told: Mapped[str] = mapped_column(Text, comment="JSON: the figures")


class PreviewSignRow(Base):
    """That a library agreed to what a preview showed, or named what is to be mended."""

    __tablename__ = "preview_sign"
    id: Mapped[int] = key()
    source_id: Mapped[int] = to("source.id")
    verdict: Mapped[str] = mapped_column(Text, comment="agreed, mend")
    author: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, comment="what is to be mended, or remarks")
    at: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    run: Mapped[int] = mapped_column(BigInteger, comment=_RUN)
    mapping: Mapped[str] = mapped_column(Text, comment=_MAPPING)
    __table_args__ = (Index("ix_preview_sign_source_id_id", "source_id", "id"),)
