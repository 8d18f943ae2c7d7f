"""Tell runs that their source has changed, and live records that their last version was refused.

Also the index that listing a source's records needs. Dropped is a column never written: each record
tells the version of the crosswalk that mapped it. Plain ADD and DROP COLUMN, not batches: SQLite
must not copy the largest table there is.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TURN = "how many placements were committed"
TURN_NOW = "grows with all that makes plans stale"


def upgrade() -> None:
    """Add the columns and the index."""
    op.drop_column("source", "crosswalk_version")
    op.add_column(
        "source",
        sa.Column(
            "generation",
            sa.Integer,
            nullable=False,
            server_default="0",
            comment="of list and mapping",
        ),
    )
    op.add_column(
        "record",
        sa.Column(
            "refused",
            sa.Boolean,
            nullable=False,
            server_default=sa.false(),
            comment="a newer version was",
        ),
    )
    op.create_index("ix_record_source_id_id", "record", ["source_id", "id"])
    _comment_turn(TURN_NOW)


def downgrade() -> None:
    """Remove them; which versions were refused is forgotten until they are delivered again."""
    _comment_turn(TURN)
    op.drop_index("ix_record_source_id_id", "record")
    op.drop_column("record", "refused")
    op.drop_column("source", "generation")
    op.add_column(
        "source", sa.Column("crosswalk_version", sa.Text, nullable=False, server_default="")
    )


def _comment_turn(comment: str) -> None:
    # SQLite keeps no comments.
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("hub_clock", "turn", comment=comment)
