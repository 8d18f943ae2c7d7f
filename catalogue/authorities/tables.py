"""The tables of authorities; see ``catalogue.tables`` for all others.

A list is taken in beside what is there: rows tell from which import on they hold (``since``) and
the last that still had them (``seen``), and the list tells which import counts. So an import that
breaks off leaves things as they were.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, Key, key, only, to
from catalogue.search_tables import Sorted

__all__ = [
    "AnswerRow",
    "AuthorityKeyRow",
    "AuthorityNameRow",
    "AuthorityRow",
    "Base",
    "IdentifierRow",
    "ListRow",
    "QuestionRow",
]


class ListRow(Base):
    """A list of authorities, as one agency keeps it."""

    __tablename__ = "authority_list"
    id: Mapped[int] = key()
    code: Mapped[str] = mapped_column(Text, unique=True, comment="as in MARC $2: bkt")
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text, comment="of headings that do not tell theirs")
    widens: Mapped[bool] = mapped_column(Boolean, comment="its see-references widen searches")
    version: Mapped[int] = mapped_column(Integer, comment="the import that counts; 0 = none yet")
    attempt: Mapped[int] = mapped_column(Integer, comment="the import that was begun last")
    headings: Mapped[int] = mapped_column(Integer)
    imported: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds; 0 = never")
    author: Mapped[str] = mapped_column(Text, comment="who took it in last")


class AuthorityRow(Base):
    """An authority as a range of imports has it."""

    __tablename__ = "authority"
    id: Mapped[int] = mapped_column(
        Key, primary_key=True, autoincrement=False, comment="made of list, number and since"
    )
    list_id: Mapped[int] = to("authority_list.id")
    number: Mapped[str] = mapped_column(Sorted, comment="what names it for good in its list")
    kind: Mapped[str] = mapped_column(Text, comment="person, corporate, meeting, ...")
    heading: Mapped[str] = mapped_column(Text)
    order: Mapped[str] = mapped_column(Sorted, comment="by crosswalks.collation")
    identities: Mapped[str] = mapped_column(
        Text, comment="JSON: headings of the same person for other works; empty = none"
    )
    body: Mapped[str] = mapped_column(Text, comment="JSON: all of it")
    hash: Mapped[str] = mapped_column(Text, comment="of the body")
    since: Mapped[int] = mapped_column(Integer, comment="the import that brought it")
    seen: Mapped[int] = mapped_column(Integer, comment="the last import that had it just so")
    __table_args__ = (
        Index("ix_authority_list_id_number", "list_id", "number"),
        Index("ix_authority_list_id_order", "list_id", "order", "id"),
    )


class AuthorityNameRow(Base):
    """A name of an authority as it is written: its heading, or what leads to it."""

    __tablename__ = "authority_name"
    authority_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    at: Mapped[int] = mapped_column(
        Integer, primary_key=True, autoincrement=False, comment="0: the heading"
    )
    kind: Mapped[str] = mapped_column(Text, comment="as the authority's")
    text: Mapped[str] = mapped_column(Text)
    order: Mapped[str] = mapped_column(Sorted, comment="by crosswalks.collation")
    __table_args__ = (
        Index("ix_authority_name_kind_order", "kind", "order", "authority_id", **only("at > 0")),
        {"sqlite_with_rowid": False},
    )


class AuthorityKeyRow(Base):
    """Folded words by which an authority is found: its names, in each order they are written in."""

    __tablename__ = "authority_key"
    key: Mapped[str] = mapped_column(Sorted, primary_key=True, comment="folded words")
    authority_id: Mapped[int] = mapped_column(
        Key, primary_key=True, autoincrement=False, index=True
    )
    exact: Mapped[str] = mapped_column(Text, comment="the same words with their marks")
    established: Mapped[bool] = mapped_column(Boolean, comment="of the heading itself")
    __table_args__ = ({"sqlite_with_rowid": False},)


class IdentifierRow(Base):
    """A number or address of an authority: what $0 and $1 of delivered headings name."""

    __tablename__ = "authority_identifier"
    value: Mapped[str] = mapped_column(Sorted, primary_key=True)
    authority_id: Mapped[int] = mapped_column(
        Key, primary_key=True, autoincrement=False, index=True
    )
    __table_args__ = ({"sqlite_with_rowid": False},)


class QuestionRow(Base):
    """Two persons that one name leads to; worked out anew when a list changes."""

    __tablename__ = "authority_question"
    one: Mapped[str] = mapped_column(
        Sorted, primary_key=True, comment="list and number, a blank between; the lesser"
    )
    other: Mapped[str] = mapped_column(Sorted, primary_key=True, comment="as one")
    key: Mapped[str] = mapped_column(Text, comment="folded words that lead to both")
    __table_args__ = ({"sqlite_with_rowid": False},)


class AnswerRow(Base):
    """What a person says of two authorities; the latest counts, and undone it says so."""

    __tablename__ = "authority_answer"
    id: Mapped[int] = key()
    one: Mapped[str] = mapped_column(Sorted, comment="list and number, a blank between; the lesser")
    other: Mapped[str] = mapped_column(Sorted, comment="as one")
    answer: Mapped[str] = mapped_column(Text, comment="same, different")
    person: Mapped[str] = mapped_column(Text)
    at: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    undone_at: Mapped[int | None] = mapped_column(
        BigInteger, comment="epoch seconds; null = in force"
    )
    undone_by: Mapped[str] = mapped_column(Text)
    __table_args__ = (
        Index("ix_authority_answer_one", "one", "other"),
        Index("ix_authority_answer_other", "other"),
    )
