"""The tables of those who take the catalogue from here: who they are, and what they took."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, Key, key, to


class ConsumerRow(Base):
    """A service that takes the catalogue with a key of its own."""

    __tablename__ = "consumer"
    id: Mapped[int] = key()
    name: Mapped[str] = mapped_column(Text, unique=True)
    title: Mapped[str] = mapped_column(Text)
    view: Mapped[str] = mapped_column(Text, comment="name of the view it sees")
    digest: Mapped[str] = mapped_column(
        Text, unique=True, comment="SHA-256 of the key, hexadecimal"
    )
    sets: Mapped[str] = mapped_column(Text, comment="setSpecs it may harvest; empty: all")
    prefixes: Mapped[str] = mapped_column(Text, comment="formats it may harvest; empty: all")
    per_minute: Mapped[int] = mapped_column(Integer, comment="requests; 0: as the hub allows all")
    created: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    removed: Mapped[bool] = mapped_column(Boolean)
    library_id: Mapped[int | None] = to("library.id", comment="member that it works for")


class UsageRow(Base):
    """What was taken through a door on a day; consumer 0 is all who named no key."""

    __tablename__ = "usage"
    consumer_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    day: Mapped[str] = mapped_column(Text, primary_key=True, comment="ISO 8601, UTC")
    door: Mapped[str] = mapped_column(Text, primary_key=True, comment="oai, sru")
    requests: Mapped[int] = mapped_column(BigInteger)
    records: Mapped[int] = mapped_column(BigInteger)
    octets: Mapped[int] = mapped_column(BigInteger, comment="sent, as compressed")


class TakenListRow(Base):
    """A list of OAI-PMH that a consumer began to harvest, and how far it came."""

    __tablename__ = "taken_list"
    consumer_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    verb: Mapped[str] = mapped_column(Text, primary_key=True)
    prefix: Mapped[str] = mapped_column(Text, primary_key=True)
    set_spec: Mapped[str] = mapped_column(Text, primary_key=True)
    start: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, comment="from, epoch seconds; 0: none", autoincrement=False
    )
    horizon: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, comment="responseDate of its pages", autoincrement=False
    )
    latest: Mapped[int] = mapped_column(BigInteger, comment="when its last page was asked for")
    reached: Mapped[int] = mapped_column(BigInteger, comment="records up to the furthest page")
    size: Mapped[int] = mapped_column(BigInteger, comment="records of the whole list")
