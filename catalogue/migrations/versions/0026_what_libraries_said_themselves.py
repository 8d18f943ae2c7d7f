"""What a library had said of a record itself, before it took over the hub's.

Going down forgets it: such records are then what came back, and have no vote.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of what came back before, nothing is known."""
    op.add_column(
        "record",
        sa.Column(
            "own",
            sa.Text(),
            nullable=True,
            comment="as parsed: the library's own last version, where the hub's came back",
        ),
    )


def downgrade() -> None:
    """Drop the column, and have the records matched by what they are then."""
    op.execute(
        "INSERT INTO dirty (policy_id, record_id, rev) SELECT p.id, r.id, r.rev FROM record r"
        " JOIN policy p ON p.live WHERE r.own IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM dirty d WHERE d.policy_id = p.id AND d.record_id = r.id)"
    )
    op.execute("UPDATE record SET features_version = 0 WHERE own IS NOT NULL")
    # Not as a batch: SQLite can copy no table that others point at.
    op.drop_column("record", "own")
