"""What all tables share: naming, keys, references and partial indexes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Integer, MetaData, text
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite gives automatic row ids only to a column declared exactly INTEGER.
Key = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """What all tables share: names for constraints, so that migrations can drop them."""

    metadata = MetaData(naming_convention=NAMES)


def key() -> Any:
    """Return a surrogate primary key column."""
    return mapped_column(Key, primary_key=True, autoincrement=True)


def to(target: str, **options: Any) -> Any:
    """Return a column that points at another table's key."""
    return mapped_column(Key, ForeignKey(target), **options)


def only(condition: str) -> dict[str, Any]:
    """Return what keeps an index to the rows that meet a condition."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}
