"""The tables of matching policies and their alarms; see ``catalogue.tables`` for all others."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, Key, key


class PolicyVersionRow(Base):
    """A version of the matching policy; its text is never changed.

    Which one is in use says the row of ``policy``.
    """

    __tablename__ = "policy_version"
    id: Mapped[int] = key()
    version: Mapped[str] = mapped_column(Text, unique=True, comment="as its own text says")
    text: Mapped[str] = mapped_column(Text, comment="TOML")
    shipped: Mapped[bool] = mapped_column(Boolean, comment="it came with the program")
    author: Mapped[str] = mapped_column(Text)
    made: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    note: Mapped[str] = mapped_column(Text)
    used: Mapped[int | None] = mapped_column(
        BigInteger, comment="epoch seconds: since when it is, or last was, in use"
    )
    used_by: Mapped[str] = mapped_column(Text, comment="who switched it on")
    effect: Mapped[str | None] = mapped_column(Text, comment="JSON: what switching it on would do")
    effect_of: Mapped[str | None] = mapped_column(
        Text, comment="which policy, by which rules, was in use when that was worked out"
    )


class LargeComponentRow(Base):
    """Records that hang together, directly or not, in numbers above the policy's component cap."""

    __tablename__ = "large_component"
    policy_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    record_id: Mapped[int] = mapped_column(
        Key, primary_key=True, autoincrement=False, comment="the least of the component"
    )
    size: Mapped[int] = mapped_column(BigInteger)
