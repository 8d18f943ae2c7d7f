"""The pairs that matching asks about, found without looking at all others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ASKED = sa.text("decision = 'ask'")


def upgrade() -> None:
    """Make the index by which they are listed, the likest first."""
    op.create_index(
        "ix_edge_ask",
        "edge",
        ["policy_id", "score", "a", "b"],
        postgresql_where=ASKED,
        sqlite_where=ASKED,
    )


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_edge_ask", table_name="edge")
