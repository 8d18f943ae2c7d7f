"""What libraries get back, where the master is better than what they sent.

Going up, clusters of several records, or with corrections, are made anew in the background. Going
down, the sets of it are forgotten too.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
# A rev below 0: its content is what it was, its cluster is made again (holdings.touched).
MADE_ANEW = """
    INSERT INTO dirty (policy_id, record_id, rev)
    SELECT p.id, r.id, -1 - r.rev
    FROM (SELECT MIN(record_id) AS id, COUNT(*) AS records, cluster_id
          FROM member GROUP BY cluster_id) one
    JOIN record r ON r.id = one.id
    JOIN policy p ON p.live
    WHERE (one.records > 1 OR one.cluster_id IN (SELECT cluster_id FROM overlay))
    AND NOT EXISTS (SELECT 1 FROM dirty d WHERE d.policy_id = p.id AND d.record_id = r.id)
"""
SETS = "SELECT id FROM oai_set WHERE spec = 'improved' OR spec LIKE 'improved:%'"


def upgrade() -> None:
    """Make the table, and have it filled."""
    op.create_table(
        "improved",
        _to("view"),
        _to("record"),
        _to("cluster"),
        _to("library"),
        sa.Column(
            "stamp",
            sa.BigInteger(),
            nullable=False,
            comment="epoch seconds, since when the library gets just this back",
        ),
        sa.Column("hash", sa.Text(), nullable=False, comment="of what it gets, without its date"),
        sa.PrimaryKeyConstraint("view_id", "record_id", name="pk_improved"),
    )
    op.create_index("ix_improved_cluster_id", "improved", ["cluster_id"])
    op.create_index(
        "ix_improved_library_id", "improved", ["view_id", "library_id", "stamp", "record_id"]
    )
    op.execute(MADE_ANEW)


def downgrade() -> None:
    """Forget it."""
    op.drop_table("improved")
    op.execute(f"DELETE FROM item_set WHERE set_id IN ({SETS})".replace(":", r"\:"))
    op.execute(f"DELETE FROM oai_set WHERE id IN ({SETS})".replace(":", r"\:"))


def _to(other: str) -> sa.Column[int]:
    name = f"fk_improved_{other}_id_{other}"
    return sa.Column(f"{other}_id", KEY, sa.ForeignKey(f"{other}.id", name=name), nullable=False)
