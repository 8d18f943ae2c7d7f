"""The table of deliveries that were taken in; see ``catalogue.tables`` for all others."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.tables import Base, key, only, to

__all__ = ["WAITING", "Base", "IntakeRow"]

WAITING = "state IN ('received', 'checked', 'refused', 'applying')"
"""The deliveries that something is still to become of; as in the partial index."""


class IntakeRow(Base):
    """A file that was delivered to be checked before it counts."""

    __tablename__ = "intake"
    id: Mapped[int] = key()
    source_id: Mapped[int] = to("source.id")
    name: Mapped[str] = mapped_column(Text, comment="of the file, as it was delivered")
    kind: Mapped[str] = mapped_column(
        Text, comment="whole, changes, deletions; empty = as the source delivers"
    )
    sha256: Mapped[str] = mapped_column(Text, comment="hex; the file lies under this name")
    size: Mapped[int] = mapped_column(BigInteger, comment="bytes")
    origin: Mapped[str] = mapped_column(
        Text, comment="address it was fetched from; empty = uploaded"
    )
    received: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
    author: Mapped[str] = mapped_column(Text, comment="who delivered it; empty = the hub itself")
    state: Mapped[str] = mapped_column(
        Text, comment="received, checked, refused, applying, applied, discarded"
    )
    generation: Mapped[int] = mapped_column(
        Integer, comment="of the source's settings when it was checked"
    )
    checked: Mapped[int | None] = mapped_column(BigInteger, comment="epoch seconds")
    report: Mapped[str] = mapped_column(Text, comment="JSON: what the check found")
    message: Mapped[str] = mapped_column(Text, comment="why it was refused")
    code: Mapped[str] = mapped_column(Text, comment="of the message")
    details: Mapped[str] = mapped_column(Text, comment="JSON: what the message names")
    decided: Mapped[int | None] = mapped_column(
        BigInteger, comment="epoch seconds: applied or discarded"
    )
    decider: Mapped[str] = mapped_column(Text, comment="who applied or discarded it")
    run_id: Mapped[int | None] = to("run.id", index=True, comment="the last run that read of it")
    __table_args__ = (
        Index("ix_intake_source_id_id", "source_id", "id"),
        # To send the same file twice makes one delivery.
        Index("uq_intake_waiting", "source_id", "sha256", unique=True, **only(WAITING)),
    )
