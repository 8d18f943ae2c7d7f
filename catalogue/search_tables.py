"""The tables of the search index; all of it is made of masters, and can be made again.

Each engine keeps its full-text index beside them: SQLite the virtual table ``search_text``,
PostgreSQL the column ``search_document.tokens`` (migration 0027).
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, Key, only

Sorted = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that sorts by its bytes, as SQLite sorts all text."""


HIDDEN = "hidden != ''"
"""Holds of documents that some view does not see."""


class DocumentRow(Base):
    """What some views see of a cluster: what hits are counted, narrowed and ordered by."""

    __tablename__ = "search_document"
    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=False,
        comment="by rank: the lower, the sooner it is shown (catalogue.search.ranking)",
    )
    work_id: Mapped[int] = mapped_column(
        Key, index=True, comment="0: the cluster is all there is of its work"
    )
    year: Mapped[int] = mapped_column(Integer, index=True, comment="of publication; 0: none")
    changed: Mapped[int] = mapped_column(Integer, index=True, comment="as 20261127")
    material: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    hidden: Mapped[str] = mapped_column(
        Text, comment="ids of the views that do not see it, a space around each"
    )
    __table_args__ = (Index("ix_search_document_hidden", "id", **only(HIDDEN)),)


class ShownRow(Base):
    """What a line of hits shows, and what hits are sorted by when somebody says so."""

    __tablename__ = "search_shown"
    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    cluster_id: Mapped[int] = mapped_column(Key, index=True)
    title: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    libraries: Mapped[str] = mapped_column(Text, comment="codes, space separated")
    title_order: Mapped[str] = mapped_column(Sorted, comment="by crosswalks.collation")
    author_order: Mapped[str] = mapped_column(Sorted)


class HeadingRow(Base):
    """A heading or number of a column: what Scan lists and an exact match is looked for in."""

    __tablename__ = "search_heading"
    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=False,
        comment="made of column and text",
    )
    field: Mapped[str] = mapped_column(Text, comment="a column of the index")
    text: Mapped[str] = mapped_column(Sorted)
    key: Mapped[str] = mapped_column(Sorted, comment="folded words")
    exact: Mapped[str] = mapped_column(Sorted, comment="words with their marks")
    order: Mapped[str] = mapped_column(Sorted, comment="by crosswalks.collation")
    __table_args__ = (
        UniqueConstraint("field", "order", "text"),
        Index("ix_search_heading_field_key", "field", "key"),
    )


class HeadingOfRow(Base):
    """That a document has a heading; one that is short is looked for and not listed."""

    __tablename__ = "search_heading_of"
    heading_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    document_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    field: Mapped[str] = mapped_column(Text, comment="letter of the heading's column")
    short: Mapped[bool] = mapped_column(Boolean)
    __table_args__ = (
        # Whole, so that hits are counted by it without a look at headings of other columns.
        Index("ix_search_heading_of_document_id", "document_id", "field", "short", "heading_id"),
        {"sqlite_with_rowid": False},
    )


class WordRow(Base):
    """A word that was ever indexed, folded: what masks within a word are looked for in."""

    __tablename__ = "search_word"
    word: Mapped[str] = mapped_column(Sorted, primary_key=True)
    __table_args__ = ({"sqlite_with_rowid": False},)


class SearchedViewRow(Base):
    """A view that documents know of; one that not all know of yet cannot be searched."""

    __tablename__ = "search_view"
    view_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    ready: Mapped[bool] = mapped_column(Boolean)


class UnsearchedRow(Base):
    """A cluster that waits to be indexed."""

    __tablename__ = "search_waiting"
    cluster_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
