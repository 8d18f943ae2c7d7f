"""The tables of the crosswalks that staff write; see ``catalogue.tables`` for all others."""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.tables import Base, Key, key

__all__ = [
    "Base",
    "CrosswalkDraftRow",
    "CrosswalkEditionRow",
    "CrosswalkEffectRow",
    "CrosswalkRevisionRow",
    "CrosswalkTestRow",
    "CrosswalkVersionRow",
]


class CrosswalkVersionRow(Base):
    """A published version of a crosswalk; rows are never changed. The latest is the one in use."""

    __tablename__ = "crosswalk_version"
    id: Mapped[int] = key()
    name: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer, comment="from 1; 0 is what is shipped")
    author: Mapped[str] = mapped_column(Text)
    made: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    note: Mapped[str] = mapped_column(Text)
    text: Mapped[str | None] = mapped_column(Text, comment="none: what is shipped holds again")
    tables: Mapped[str] = mapped_column(Text, default="{}", comment="JSON: name to TSV")
    __table_args__ = (UniqueConstraint("name", "version"),)


class CrosswalkDraftRow(Base):
    """A crosswalk that is being changed and not yet in use; one for each name."""

    __tablename__ = "crosswalk_draft"
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    author: Mapped[str] = mapped_column(Text)
    made: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    note: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    tables: Mapped[str] = mapped_column(Text, default="{}", comment="JSON: name to TSV")
    number: Mapped[int] = mapped_column(
        Integer, default=0, server_default="0", comment="of its revision"
    )


class CrosswalkRevisionRow(Base):
    """A draft as it was once kept; rows are never changed. One of a name may be the draft."""

    __tablename__ = "crosswalk_revision"
    id: Mapped[int] = key()
    name: Mapped[str] = mapped_column(Text)
    number: Mapped[int] = mapped_column(Integer, comment="from 1, of the name")
    author: Mapped[str] = mapped_column(Text)
    made: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    note: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    tables: Mapped[str] = mapped_column(Text, default="{}", comment="JSON: name to TSV")
    __table_args__ = (UniqueConstraint("name", "number"),)


class CrosswalkEffectRow(Base):
    """What a draft or a version would do, as it was last worked out for people; one for a name."""

    __tablename__ = "crosswalk_effect"
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    asked: Mapped[str] = mapped_column(Text, comment="draft, or the number of a version")
    key: Mapped[str] = mapped_column(Text, comment="by which crosswalks it was worked out")
    made: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    told: Mapped[str] = mapped_column(Text, comment="JSON: see scheduler.tally.Effect")


class CrosswalkTestRow(Base):
    """A saved test: a record as delivered, and what has to come of it."""

    __tablename__ = "crosswalk_test"
    id: Mapped[int] = key()
    name: Mapped[str] = mapped_column(Text, comment="of the crosswalk")
    title: Mapped[str] = mapped_column(Text)
    given: Mapped[bytes] = mapped_column(LargeBinary)
    format: Mapped[str] = mapped_column(Text, default="", comment="empty: told by the bytes")
    expected: Mapped[str] = mapped_column(Text, comment="lines of MARC, or XML")
    author: Mapped[str] = mapped_column(Text)
    made: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    __table_args__ = (UniqueConstraint("name", "title"),)


class CrosswalkEditionRow(Base):
    """One row: how often anything was published. Who stores mapped records shares its lock."""

    __tablename__ = "crosswalk_edition"
    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    edition: Mapped[int] = mapped_column(BigInteger)
