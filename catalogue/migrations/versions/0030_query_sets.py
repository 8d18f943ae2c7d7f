"""Sets that staff define by a query.

Going down, these sets are forgotten with their memberships.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "query_set",
        sa.Column("set_id", KEY, primary_key=True, autoincrement=False),
        sa.Column("language", sa.Text, nullable=False, comment="words, cql, pqf"),
        sa.Column("query", sa.Text, nullable=False, comment="as staff wrote it"),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("removed", sa.Boolean, nullable=False, comment="its members left it"),
        sa.Column(
            "reached",
            KEY,
            nullable=True,
            comment="clusters up to this one are in it or out of it as the query says; NULL: all",
        ),
    )


def downgrade() -> None:
    """Forget the sets."""
    for table, key in (("item_set", "set_id"), ("oai_set", "id")):
        op.execute(f"DELETE FROM {table} WHERE {key} IN (SELECT set_id FROM query_set)")
    op.drop_table("query_set")
