"""The tables of what goes together: keys, links, clusters and their members."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, Key, only, to


class MatchKeyRow(Base):
    """A blocking key of a record. T1 adds, only T2 removes those of an older rev."""

    __tablename__ = "match_key"
    policy_id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    record_id: Mapped[int] = mapped_column(Key, primary_key=True, index=True)
    rev: Mapped[int] = mapped_column(BigInteger, comment="of the record when it had this key")
    __table_args__ = ({"sqlite_with_rowid": False},)


class DeadKeyRow(Base):
    """A key held by more records than the policy's block cap: it finds no candidates."""

    __tablename__ = "dead_key"
    policy_id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger, comment="when it was last looked at")


class EdgeRow(Base):
    """A link between two records that are the same, or may be, and why; a < b."""

    __tablename__ = "edge"
    policy_id: Mapped[int] = mapped_column(Key, primary_key=True)
    a: Mapped[int] = mapped_column(Key, primary_key=True)
    b: Mapped[int] = mapped_column(Key, primary_key=True)
    decision: Mapped[str] = mapped_column(Text, comment="same or ask")
    score: Mapped[float]
    reasons: Mapped[str] = mapped_column(Text, comment="JSON list")
    __table_args__ = (
        Index("ix_edge_policy_id_b", "policy_id", "b"),
        Index("ix_edge_ask_a", "policy_id", "a", **only("decision = 'ask'")),
        Index("ix_edge_ask_b", "policy_id", "b", **only("decision = 'ask'")),
        {"sqlite_with_rowid": False},
    )


class ClusterRow(Base):
    """The records of one manifestation. A merged-away cluster stays and names its successor."""

    __tablename__ = "cluster"
    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    public_id: Mapped[str] = mapped_column(Text, unique=True)
    state: Mapped[str] = mapped_column(Text, comment="live or gone")
    successor_id: Mapped[int | None] = to("cluster.id", index=True)


class MemberRow(Base):
    """Which cluster a record is in."""

    __tablename__ = "member"
    record_id: Mapped[int] = mapped_column(Key, primary_key=True)
    cluster_id: Mapped[int] = mapped_column(Key, index=True)
