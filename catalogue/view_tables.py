"""The tables of what each audience is given; see ``catalogue.tables`` for all others."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Index,
    Integer,
    LargeBinary,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, Key, key, to


class ViewRow(Base):
    """A way of giving the catalogue out: a policy's clusters as one audience may see them."""

    __tablename__ = "view"
    id: Mapped[int] = key()
    name: Mapped[str] = mapped_column(Text, unique=True)
    policy_id: Mapped[int] = to("policy.id")
    audience: Mapped[str] = mapped_column(Text, comment="a sharing level")


class ItemRow(Base):
    """A cluster in a view: the item of OAI-PMH. A deleted one stays for ever."""

    __tablename__ = "item"
    view_id: Mapped[int] = mapped_column(Key, primary_key=True)
    cluster_id: Mapped[int] = mapped_column(Key, primary_key=True)
    stamp: Mapped[int] = mapped_column(BigInteger, comment="hub clock, epoch seconds")
    deleted: Mapped[bool] = mapped_column(Boolean)
    hash: Mapped[str] = mapped_column(Text, comment="names the master and its forms")
    __table_args__ = (Index("ix_item_view_id_stamp", "view_id", "stamp", "cluster_id"),)


class MasterRow(Base):
    """A cluster's merged record; views that see the same content share it."""

    __tablename__ = "master"
    cluster_id: Mapped[int] = mapped_column(Key, primary_key=True)
    hash: Mapped[str] = mapped_column(Text, primary_key=True)
    stamp: Mapped[int] = mapped_column(BigInteger, comment="005: last change of content")
    record: Mapped[str] = mapped_column(Text, comment="JSON of the record")
    provenance: Mapped[str] = mapped_column(Text, comment="JSON: per field, its origins")
    holdings: Mapped[str] = mapped_column(Text, comment="JSON")


class FormRow(Base):
    """Served bytes: a master in one metadata format."""

    __tablename__ = "form"
    cluster_id: Mapped[int] = mapped_column(Key, primary_key=True)
    hash: Mapped[str] = mapped_column(Text, primary_key=True)
    prefix: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[str] = mapped_column(Text, comment="of the crosswalk that wrote it")
    body: Mapped[bytes] = mapped_column(LargeBinary)


class SetRow(Base):
    """A set of OAI-PMH; ancestors are sets of their own."""

    __tablename__ = "oai_set"
    id: Mapped[int] = key()
    spec: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)


class ItemSetRow(Base):
    """That an item is in a set, or was (present = false: deleted there, live elsewhere)."""

    __tablename__ = "item_set"
    view_id: Mapped[int] = mapped_column(Key, primary_key=True)
    set_id: Mapped[int] = mapped_column(Key, primary_key=True)
    cluster_id: Mapped[int] = mapped_column(Key, primary_key=True)
    present: Mapped[bool] = mapped_column(Boolean)
    stamp: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (
        Index("ix_item_set_view_id_set_id_stamp", "view_id", "set_id", "stamp", "cluster_id"),
        Index("ix_item_set_cluster_id", "cluster_id"),
    )


class EventRow(Base):
    """History of clusters: made, joined, merged, split, moved, gone; see ``catalogue.moves``."""

    __tablename__ = "event"
    seq: Mapped[int] = key()
    stamp: Mapped[int] = mapped_column(BigInteger)
    cluster_id: Mapped[int] = to("cluster.id")
    kind: Mapped[str] = mapped_column(Text)
    other_id: Mapped[int | None] = mapped_column(
        Key, comment="the cluster that its records went to"
    )
    decision_id: Mapped[int | None] = mapped_column(
        Key, comment="what people had said of them: an event of verdicts"
    )
    # By seq too: PostgreSQL would look for the newest among those of all clusters.
    __table_args__ = (
        Index("ix_event_cluster_id_seq", "cluster_id", "seq"),
        Index("ix_event_other_id_seq", "other_id", "seq"),
    )


class EventRecordRow(Base):
    """A record that went into a cluster, or from one to another, with an event."""

    __tablename__ = "event_record"
    event_seq: Mapped[int] = mapped_column(Key, primary_key=True)
    record_id: Mapped[int] = mapped_column(Key, primary_key=True)
    __table_args__ = ({"sqlite_with_rowid": False},)


class ClockRow(Base):
    """The hub's own clock, one row: no change is ever stamped before ``closed``."""

    __tablename__ = "hub_clock"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    created: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    closed: Mapped[int] = mapped_column(BigInteger, comment="all before it is final")
    stamped: Mapped[int] = mapped_column(BigInteger, comment="stamp of the last change")
    turn: Mapped[int] = mapped_column(BigInteger, comment="grows with all that makes plans stale")
    last_cluster: Mapped[int] = mapped_column(BigInteger, comment="highest cluster id given")
    ticked: Mapped[int] = mapped_column(BigInteger, comment="wall clock at the last idle tick")
