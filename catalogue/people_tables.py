"""The tables of the people who sign in; see ``catalogue.tables`` for all others."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.tables import Base, key

__all__ = ["Base", "SignInRow", "UserRow"]


class UserRow(Base):
    """Somebody who may sign in. Rows stay when they may no longer: their name stands elsewhere."""

    __tablename__ = "user_account"
    id: Mapped[int] = key()
    name: Mapped[str] = mapped_column(Text, comment="as it was written when the user was added")
    folded: Mapped[str] = mapped_column(Text, unique=True, comment="the name, case folded")
    password: Mapped[str] = mapped_column(Text, comment="Argon2 hash")
    role: Mapped[str] = mapped_column(Text, comment="viewer, cataloguer, operator, admin")
    active: Mapped[bool] = mapped_column(Boolean, comment="may sign in")
    created: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    last_login: Mapped[int | None] = mapped_column(BigInteger, comment="epoch seconds")
    epoch: Mapped[int] = mapped_column(Integer, comment="grows to end all sessions")


class SignInRow(Base):
    """A try to sign in that failed or is under way: what slows down those who guess."""

    __tablename__ = "sign_in"
    id: Mapped[int] = key()
    who: Mapped[str] = mapped_column(Text, comment="hash of the name: people type passwords there")
    address: Mapped[str] = mapped_column(Text)
    at: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    __table_args__ = (Index("ix_sign_in_at", "at"),)
