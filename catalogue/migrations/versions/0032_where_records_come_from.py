"""When each version of a record came, for the provenance that OAI-PMH gives out with it.

Going up, of what is stored the last run that brought it is known; a record of each cluster waits,
so that its cluster is made anew in the background. Going down, the provenance is taken away.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0029"
branch_labels = None
depends_on = None

CAME = """
    UPDATE record SET arrived = COALESCE(
        (SELECT run.started / 1000 FROM run WHERE run.id = record.seen_run), 0
    )
"""
# A rev below 0: its content is what it was, its cluster is made again (holdings.touched).
ALL = """
    INSERT INTO dirty (policy_id, record_id, rev)
    SELECT p.id, r.id, -1 - r.rev
    FROM (SELECT MIN(record_id) AS id FROM member GROUP BY cluster_id) one
    JOIN record r ON r.id = one.id
    JOIN policy p ON p.live
    WHERE NOT EXISTS (SELECT 1 FROM dirty d WHERE d.policy_id = p.id AND d.record_id = r.id)
"""


def upgrade() -> None:
    """Add the column, and have clusters made anew."""
    op.add_column(
        "record",
        sa.Column(
            "arrived",
            sa.BigInteger(),
            nullable=False,
            server_default="0",
            comment="this version; epoch s",
        ),
    )
    op.execute(CAME)
    op.execute(ALL)


def downgrade() -> None:
    """Drop the column, and what was made of it."""
    op.execute("DELETE FROM form WHERE prefix = 'about'")
    # Not as a batch: SQLite can copy no table that others point at.
    op.drop_column("record", "arrived")
