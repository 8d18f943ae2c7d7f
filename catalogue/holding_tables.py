"""The tables of holdings without records: a library's lists, their rows, and what finds them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Index, Integer, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, Key, key, only, to


class HoldingListRow(Base):
    """A list of what a library holds, as it was given last."""

    __tablename__ = "holding_list"
    id: Mapped[int] = key()
    library_id: Mapped[int] = to("library.id")
    name: Mapped[str] = mapped_column(Text, comment="of the list, within its library")
    columns: Mapped[str] = mapped_column(Text, comment="the column map it was read by, or empty")
    author: Mapped[str] = mapped_column(Text, comment="who gave it last")
    put: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds: when it was given last")
    turn: Mapped[int] = mapped_column(BigInteger, comment="grows with each time it is given")
    whole: Mapped[bool] = mapped_column(Boolean, comment="that delivery was stored to its end")
    __table_args__ = (UniqueConstraint("library_id", "name"),)


class HoldingRow(Base):
    """A row of such a list, and the record of the union by whose cluster the library holds it."""

    __tablename__ = "holding"
    id: Mapped[int] = key()
    list_id: Mapped[int] = to("holding_list.id")
    identity: Mapped[str] = mapped_column(Text, comment="of the row within its list")
    line: Mapped[int] = mapped_column(Integer, comment="where it stood in the file, from 1")
    hash: Mapped[bytes] = mapped_column(LargeBinary, comment="of its content")
    content: Mapped[str] = mapped_column(Text, comment="JSON of what it says")
    rev: Mapped[int] = mapped_column(BigInteger, comment="grows with each change of content")
    waits: Mapped[bool] = mapped_column(Boolean, comment="to be matched, or matched again")
    found: Mapped[str] = mapped_column(
        Text, comment="matched, none, several, doubtful, contradicted; empty = not matched yet"
    )
    record_id: Mapped[int | None] = mapped_column(Key, comment="its anchor in the union")
    candidates: Mapped[str] = mapped_column(Text, comment="JSON: clusters, scores and reasons")
    __table_args__ = (
        UniqueConstraint("list_id", "identity"),
        Index("ix_holding_list_id_found_line", "list_id", "found", "line", "id"),
        Index("ix_holding_record_id", "record_id", **only("record_id IS NOT NULL")),
        Index("ix_holding_waits", "id", **only("waits")),
    )


class HoldingKeyRow(Base):
    """A key under which a row is looked for again when the union changes."""

    __tablename__ = "holding_key"
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    holding_id: Mapped[int] = mapped_column(Key, primary_key=True, index=True)
    __table_args__ = ({"sqlite_with_rowid": False},)


class HoldingDeliveryRow(Base):
    """A file that was given for a list: checked and waiting for a word, or taken in."""

    __tablename__ = "holding_delivery"
    id: Mapped[int] = key()
    library_id: Mapped[int] = to("library.id")
    list: Mapped[str] = mapped_column(Text, comment="name of the list it is for")
    file: Mapped[str] = mapped_column(Text, comment="name of the file")
    sha256: Mapped[str] = mapped_column(Text, comment="of the file, hexadecimal; empty = not kept")
    author: Mapped[str] = mapped_column(Text, comment="who gave it")
    at: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds: checked or taken")
    taken: Mapped[bool] = mapped_column(Boolean, comment="taken in; otherwise checked and waiting")
    columns: Mapped[str] = mapped_column(Text, comment="the column map it is read by, or empty")
    encoding: Mapped[str] = mapped_column(Text, comment="the old one its text is in, or empty")
    turn: Mapped[int] = mapped_column(BigInteger, comment="of its list when checked; 0 = none")
    report: Mapped[str] = mapped_column(
        Text, comment="JSON: what it changes, what would be found, what is wrong with rows"
    )
    body: Mapped[bytes | None] = mapped_column(LargeBinary, comment="the file while it waits")
    __table_args__ = (
        Index("ix_holding_delivery_library_id_id", "library_id", "id"),
        # Pages name them by number: none is given again once one was thrown away.
        {"sqlite_autoincrement": True},
    )
