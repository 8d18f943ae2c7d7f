"""How much there was on each day.

Going down, what was counted is forgotten.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

COUNTS = {
    "records": "live, of members",
    "clusters": None,
    "folded": "records less clusters",
    "questions": "that people are asked",
    "problems": None,
    "quarantined": None,
}


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "daily_figure",
        sa.Column("day", sa.Text(), nullable=False, comment="ISO 8601, UTC"),
        sa.Column(
            "at", sa.BigInteger(), nullable=False, comment="when it was counted, epoch seconds"
        ),
        sa.Column(
            "turn", sa.BigInteger(), nullable=False, comment="of the hub clock, when counted"
        ),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False, comment=comment)
            for name, comment in COUNTS.items()
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_daily_figure")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("daily_figure")
