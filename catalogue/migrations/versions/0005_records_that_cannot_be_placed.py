"""Remember which version of a waiting record could not be placed, so that it stops nothing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nothing has failed yet."""
    with op.batch_alter_table("dirty") as table:
        table.add_column(
            sa.Column(
                "failed_rev",
                sa.BigInteger,
                nullable=True,
                comment="the rev that could not be placed; another rev is tried again",
            )
        )


def downgrade() -> None:
    """Forget what failed: it is tried again."""
    with op.batch_alter_table("dirty") as table:
        table.drop_column("failed_rev")
