"""Which clusters have only a record made before publication; all masters are made anew.

Going up, a record of each cluster waits, so that its cluster is made anew in the background: then
it is known, and the master is as this version makes it. Going down forgets it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
INDEX = "ix_preliminary_since"
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
    """Make the table, and have clusters made anew."""
    op.create_table(
        "preliminary",
        sa.Column("cluster_id", KEY, autoincrement=False, nullable=False),
        sa.Column(
            "since",
            sa.Integer(),
            nullable=False,
            comment="the month it was to come out, or was entered, as 202611; 0: not told",
        ),
        sa.PrimaryKeyConstraint("cluster_id", name="pk_preliminary"),
    )
    op.create_index(INDEX, "preliminary", ["since", "cluster_id"])
    op.execute(ALL)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat)"
            f" VALUES ('preliminary', '{INDEX}', '100000 500 1')"
        )


def downgrade() -> None:
    """Drop the table."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DELETE FROM sqlite_stat1 WHERE tbl = 'preliminary'")
    op.drop_table("preliminary")
