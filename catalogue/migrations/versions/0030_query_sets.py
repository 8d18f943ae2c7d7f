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
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("removed", sa.Boolean, nullable=False),
        sa.Column("reached", KEY, nullable=True),
    )


def downgrade() -> None:
    """Forget the sets."""
    for table, key in (("item_set", "set_id"), ("oai_set", "id")):
        op.execute(f"DELETE FROM {table} WHERE {key} IN (SELECT set_id FROM query_set)")
    op.drop_table("query_set")
