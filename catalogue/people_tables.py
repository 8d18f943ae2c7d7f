"""The tables of the people who sign in, and of what people change; see ``catalogue.tables``."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.tables import Base, key, to

__all__ = [
    "AuditRow",
    "Base",
    "IdentityRow",
    "PersonKeyRow",
    "SignInRow",
    "TicketRow",
    "UserRow",
]


class UserRow(Base):
    """Somebody who may sign in. Rows stay when they may no longer: their name stands elsewhere."""

    __tablename__ = "user_account"
    id: Mapped[int] = key()
    name: Mapped[str] = mapped_column(Text, comment="as it was written when the user was added")
    folded: Mapped[str] = mapped_column(Text, unique=True, comment="the name, case folded")
    password: Mapped[str] = mapped_column(
        Text, comment="Argon2 hash; empty until an invitation is taken up"
    )
    role: Mapped[str] = mapped_column(Text, comment="viewer, cataloguer, operator, admin, member")
    active: Mapped[bool] = mapped_column(Boolean, comment="may sign in")
    created: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    last_login: Mapped[int | None] = mapped_column(BigInteger, comment="epoch seconds")
    epoch: Mapped[int] = mapped_column(Integer, comment="grows to end all sessions")
    library_id: Mapped[int | None] = mapped_column(
        # No foreign key: SQLite could not take the column away again from a table that others name.
        BigInteger().with_variant(Integer, "sqlite"),
        comment="whose a member is",
    )
    mail: Mapped[str] = mapped_column(Text, comment="address for a forgotten password; or empty")
    factor: Mapped[str] = mapped_column(
        Text, comment="sealed secret of the second factor; empty = none"
    )
    factor_step: Mapped[int] = mapped_column(
        BigInteger, comment="RFC 6238 time step of the last code that was taken"
    )
    recovery: Mapped[str] = mapped_column(Text, comment="JSON: hashes of codes not used up")


class TicketRow(Base):
    """A token that lets somebody in once: an invitation, a forgotten password, the first start."""

    __tablename__ = "account_ticket"
    id: Mapped[int] = key()
    kind: Mapped[str] = mapped_column(Text, comment="invitation, reset or setup")
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id", name="fk_account_ticket_user_id_user_account"),
        comment="null for setup",
    )
    digest: Mapped[str] = mapped_column(Text, unique=True, comment="SHA-256 of the token")
    made: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    expires: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    __table_args__ = (Index("ix_account_ticket_user_id", "user_id"),)


class IdentityRow(Base):
    """Who an account belongs to, as a sign-in service names people (OpenID Connect Core 1.0 s2).

    By issuer and subject alone: names and addresses there may change hands.
    """

    __tablename__ = "account_identity"
    id: Mapped[int] = key()
    user_id: Mapped[int] = to("user_account.id")
    issuer: Mapped[str] = mapped_column(Text, comment="as the ID token names it: iss")
    subject: Mapped[str] = mapped_column(Text, comment="the person there: sub")
    managed: Mapped[bool] = mapped_column(
        Boolean, comment="the role is what the service says at each sign-in"
    )
    made: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    used: Mapped[int | None] = mapped_column(BigInteger, comment="epoch seconds; null = never")
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        UniqueConstraint("user_id", "issuer"),
    )


class PersonKeyRow(Base):
    """A key by which a program does what one of the staff may."""

    __tablename__ = "person_key"
    id: Mapped[int] = key()
    user_id: Mapped[int] = to("user_account.id", index=True)
    title: Mapped[str] = mapped_column(Text, comment="what it is for")
    digest: Mapped[str] = mapped_column(
        Text, unique=True, comment="SHA-256 of the key, hexadecimal"
    )
    epoch: Mapped[int] = mapped_column(
        Integer, comment="the user's when it was made: once that has grown it is void"
    )
    made: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    expires: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    used: Mapped[int | None] = mapped_column(
        BigInteger, comment="epoch seconds, noted once an hour; null = never"
    )


class AuditRow(Base):
    """Something that a person changed: only added to, and removed by age alone."""

    __tablename__ = "audit"
    id: Mapped[int] = key()
    at: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    who: Mapped[str] = mapped_column(Text, comment="user, or the account of a command line")
    way: Mapped[str] = mapped_column(Text, comment="web or command")
    address: Mapped[str] = mapped_column(Text, comment="where it was asked from")
    act: Mapped[str] = mapped_column(Text, comment="endpoint, or command")
    kind: Mapped[str] = mapped_column(Text, comment="table of what was changed; or empty")
    object: Mapped[str] = mapped_column(Text, comment="what is changed, by its name")
    before: Mapped[str] = mapped_column(Text, comment="JSON: what differs, as it was; or empty")
    after: Mapped[str] = mapped_column(Text, comment="JSON: the same as it is; or empty")
    __table_args__ = (
        Index("ix_audit_at", "at"),
        Index("ix_audit_who_id", "who", "id"),
        Index("ix_audit_kind_object_id", "kind", "object", "id"),
        {"sqlite_autoincrement": True},
    )


class SignInRow(Base):
    """A try to sign in that failed or is under way: what slows down those who guess."""

    __tablename__ = "sign_in"
    id: Mapped[int] = key()
    who: Mapped[str] = mapped_column(Text, comment="hash of the name: people type passwords there")
    address: Mapped[str] = mapped_column(Text)
    at: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    __table_args__ = (Index("ix_sign_in_at", "at"),)
