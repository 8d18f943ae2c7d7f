"""Those who take the catalogue with a key of their own, and what was taken.

Going down, keys are void and the figures forgotten; views made for consumers stay.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _column(name: str, kind: Any, comment: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, comment=comment)


def _keyed(name: str, kind: Any, comment: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, autoincrement=False, comment=comment)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "consumer",
        sa.Column("id", KEY, primary_key=True, autoincrement=True),
        _column("name", sa.Text),
        _column("title", sa.Text),
        _column("view", sa.Text, "name of the view it sees"),
        _column("digest", sa.Text, "SHA-256 of the key, hexadecimal"),
        _column("sets", sa.Text, "setSpecs it may harvest; empty: all"),
        _column("prefixes", sa.Text, "formats it may harvest; empty: all"),
        _column("per_minute", sa.Integer, "requests; 0: as the hub allows all"),
        _column("created", sa.BigInteger, "epoch seconds"),
        _column("removed", sa.Boolean),
        sa.UniqueConstraint("name", name="uq_consumer_name"),
        sa.UniqueConstraint("digest", name="uq_consumer_digest"),
    )
    op.create_table(
        "usage",
        _keyed("consumer_id", KEY),
        _keyed("day", sa.Text, "ISO 8601, UTC"),
        _keyed("door", sa.Text, "oai, sru"),
        _column("requests", sa.BigInteger),
        _column("records", sa.BigInteger),
        _column("octets", sa.BigInteger, "sent, as compressed"),
    )
    op.create_table(
        "taken_list",
        _keyed("consumer_id", KEY),
        _keyed("verb", sa.Text),
        _keyed("prefix", sa.Text),
        _keyed("set_spec", sa.Text),
        _keyed("start", sa.BigInteger, "from, epoch seconds; 0: none"),
        _keyed("horizon", sa.BigInteger, "responseDate of its pages"),
        _column("latest", sa.BigInteger, "when its last page was asked for"),
        _column("reached", sa.BigInteger, "records up to the furthest page"),
        _column("size", sa.BigInteger, "records of the whole list"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("taken_list", "usage", "consumer"):
        op.drop_table(table)
