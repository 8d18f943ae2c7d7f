"""The table of stored credentials; see ``catalogue.tables`` for all others."""

from __future__ import annotations

from sqlalchemy import BigInteger, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.tables import Base, key

__all__ = ["Base", "CredentialsRow"]


class CredentialsRow(Base):
    """What a source signs in with; sources know it by its name."""

    __tablename__ = "credentials"
    id: Mapped[int] = key()
    name: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[str] = mapped_column(Text, comment="basic, bearer, header or query")
    sealed: Mapped[bytes] = mapped_column(LargeBinary, comment="encrypted by the key of the hub")
    made: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds")
