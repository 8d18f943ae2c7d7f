"""Which clusters are manifestations of one work.

Going up, all clusters wait to be given to their works; going down forgets which they were.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
ALL = "INSERT INTO work_dirty (cluster_id) SELECT id FROM cluster WHERE state = 'live'"


def upgrade() -> None:
    """Make the tables, and have all clusters wait."""
    op.create_table(
        "work_key",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("cluster_id", KEY, nullable=False),
        sa.PrimaryKeyConstraint("key", "cluster_id", name="pk_work_key"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_work_key_cluster_id", "work_key", ["cluster_id"])
    op.create_table(
        "work_member",
        sa.Column("cluster_id", KEY, autoincrement=False, nullable=False),
        sa.Column("work_id", KEY, nullable=False, comment="the least of its cluster ids"),
        sa.PrimaryKeyConstraint("cluster_id", name="pk_work_member"),
    )
    op.create_index("ix_work_member_work_id", "work_member", ["work_id"])
    op.create_table(
        "work_dirty",
        sa.Column("cluster_id", KEY, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("cluster_id", name="pk_work_dirty"),
    )
    op.execute(ALL)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("work_dirty")
    op.drop_table("work_member")
    op.drop_table("work_key")
