"""Which records hang together in numbers larger than the policy allows for: an alarm, kept.

Going down forgets them; each is found again when one of its records is placed.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "large_component",
        sa.Column("policy_id", KEY, autoincrement=False, nullable=False),
        sa.Column(
            "record_id",
            KEY,
            autoincrement=False,
            nullable=False,
            comment="the least of the component",
        ),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("policy_id", "record_id", name="pk_large_component"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("large_component")
