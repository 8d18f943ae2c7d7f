"""What the records of a source show of their encoding, and what was decided of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None

DECIDED = "JSON: what encoding auto was decided to be, and on what; empty = nothing yet"
SHOWN = "JSON: the evidence that the records of all runs gave, pooled"


def upgrade() -> None:
    """Add the columns; sources that leave their encoding to the evidence begin undecided."""
    with op.batch_alter_table("source") as table:
        table.add_column(
            sa.Column("decided", sa.Text, nullable=False, server_default="", comment=DECIDED)
        )
        table.add_column(
            sa.Column("shown", sa.Text, nullable=False, server_default="", comment=SHOWN)
        )


def downgrade() -> None:
    """Take the columns away: runs decide by their own pages again."""
    with op.batch_alter_table("source") as table:
        table.drop_column("shown")
        table.drop_column("decided")
