"""What cataloguers correct of the masters of clusters.

Going down, the corrections are forgotten; masters lose them when their clusters are placed again.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TEXTS = {
    "kind": "add, replace, suppress",
    "beneath": "JSON: the field that it was made on; empty where one is added",
    "over": "JSON: the field that is to be there; empty where one is left out",
    "records": "JSON: the records that the cluster had when it was made",
    "reason": None,
    "person": None,
}


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "overlay",
        sa.Column("id", KEY, primary_key=True, autoincrement=True),
        sa.Column(
            "cluster_id",
            KEY,
            sa.ForeignKey("cluster.id", name="fk_overlay_cluster_id_cluster"),
            nullable=False,
        ),
        *(_column(name, sa.Text(), comment) for name, comment in TEXTS.items()),
        _column("at", sa.BigInteger(), "epoch seconds"),
        sa.Column(
            "undone_at", sa.BigInteger(), nullable=True, comment="epoch seconds; null = in force"
        ),
        _column("undone_by", sa.Text()),
        _column(
            "state",
            sa.Text(),
            "applied, changed, overruled, waiting: as the last placement left it",
        ),
        _column(
            "parted",
            sa.Boolean(),
            "whether records that the cluster had then are in another now",
        ),
    )
    op.create_index("ix_overlay_cluster_id", "overlay", ["cluster_id"])
    op.create_index("ix_overlay_state", "overlay", ["state", "id"])


def downgrade() -> None:
    """Have the clusters with corrections placed again, and drop the table."""
    op.execute(
        "INSERT INTO dirty (policy_id, record_id, rev) SELECT policy.id, member.record_id, 0"
        " FROM member, policy WHERE policy.live AND member.cluster_id IN"
        " (SELECT cluster_id FROM overlay WHERE undone_at IS NULL) AND NOT EXISTS"
        " (SELECT 1 FROM dirty WHERE dirty.policy_id = policy.id"
        " AND dirty.record_id = member.record_id)"
    )
    op.drop_table("overlay")


def _column(name: str, kind: Any, comment: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, comment=comment)
