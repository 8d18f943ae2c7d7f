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
    for name, comment in (("decided", DECIDED), ("shown", SHOWN)):
        op.add_column(
            "source", sa.Column(name, sa.Text, nullable=False, server_default="", comment=comment)
        )


def downgrade() -> None:
    """Take the columns away: runs decide by their own pages again."""
    # Not by a batch: on SQLite that makes the table anew, and its rows are referred to.
    for name in ("shown", "decided"):
        op.drop_column("source", name)
