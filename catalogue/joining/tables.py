"""The tables of applications, what happened to them, their checks and what was agreed to."""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, Key, key, to


class JoiningRow(Base):
    """An application: a library that wants to join, and how far it is."""

    __tablename__ = "joining"
    id: Mapped[int] = key()
    code: Mapped[str] = mapped_column(Text, unique=True, comment="code that the library wants")
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text, comment="type of library")
    region: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(Text, comment="the person who is written to")
    mail: Mapped[str] = mapped_column(Text, comment="mail address of that person; empty: none")
    language: Mapped[str] = mapped_column(Text, comment="vi or en, for letters")
    answers: Mapped[str] = mapped_column(Text, comment="JSON: answers by question")
    state: Mapped[str] = mapped_column(Text, comment="see catalogue.joining.model")
    turn: Mapped[str] = mapped_column(Text, comment="who has to act: staff, applicant or empty")
    since: Mapped[int] = mapped_column(
        BigInteger, comment="since when it is that turn in that state; epoch seconds"
    )
    created: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    rev: Mapped[int] = mapped_column(Integer, comment="counts changes")
    library_id: Mapped[int | None] = to("library.id", index=True)
    source_id: Mapped[int | None] = to("source.id", index=True)
    digest: Mapped[str | None] = mapped_column(
        Text, unique=True, comment="SHA-256 of the token in the applicant's link, hexadecimal"
    )
    invited: Mapped[int] = mapped_column(
        BigInteger, comment="when that link was made, epoch seconds; 0 = there is none"
    )
    reminded: Mapped[str] = mapped_column(
        Text, comment="day of the last reminder, ISO 8601 in the hub's zone; empty = none"
    )


class JoiningEventRow(Base):
    """Something that happened to an application."""

    __tablename__ = "joining_event"
    id: Mapped[int] = key()
    joining_id: Mapped[int] = to("joining.id", index=True)
    at: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    author: Mapped[str] = mapped_column(Text, comment="who did it")
    action: Mapped[str] = mapped_column(Text, comment="see catalogue.joining.model")
    state: Mapped[str] = mapped_column(Text, comment="of the application, from then on")
    note: Mapped[str] = mapped_column(Text)


class JoiningCheckRow(Base):
    """A technical check: asked for, and what came of it."""

    __tablename__ = "joining_check"
    id: Mapped[int] = key()
    joining_id: Mapped[int] = to("joining.id", index=True)
    asked: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    author: Mapped[str] = mapped_column(Text, comment="who asked for it")
    finished: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds; 0 = not yet")
    verdict: Mapped[str] = mapped_column(Text, comment="pass, mend or empty")
    report: Mapped[str] = mapped_column(Text, comment="JSON: steps, facts and findings")


class JoiningSignRow(Base):
    """One side's agreement to what a check and the test stream showed."""

    __tablename__ = "joining_sign"
    joining_id: Mapped[int] = to("joining.id", primary_key=True, autoincrement=False)
    side: Mapped[str] = mapped_column(Text, primary_key=True, comment="member or hub")
    check_id: Mapped[int] = mapped_column(Key, comment="the check that it was given on")
    mapping: Mapped[str] = mapped_column(Text, comment="how records were mapped then; a digest")
    author: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
