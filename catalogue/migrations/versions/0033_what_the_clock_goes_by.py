"""One row that the clock goes by, and the harvests under way found without their history.

Going down, a maintenance window that was planned or under way is forgotten: harvests go on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

RUNNING = sa.text("status = 'running'")


def upgrade() -> None:
    """Add the row, and the index."""
    op.create_table(
        "clockwork",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "sources",
            sa.BigInteger(),
            nullable=False,
            comment="grows with each change of a source's settings",
        ),
        sa.Column(
            "seen",
            sa.BigInteger(),
            nullable=False,
            comment="epoch seconds: when a clock last saw to what is due; 0 = never",
        ),
        sa.Column(
            "paused_from",
            sa.BigInteger(),
            nullable=True,
            comment="epoch seconds: no harvests from then on; null = as usual",
        ),
        sa.Column(
            "paused_until",
            sa.BigInteger(),
            nullable=True,
            comment="epoch seconds; null = until somebody ends it",
        ),
        sa.Column("paused_why", sa.Text(), nullable=False, comment="in the words of who paused"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clockwork")),
    )
    op.execute("INSERT INTO clockwork (id, sources, seen, paused_why) VALUES (1, 0, 0, '')")
    op.create_index(
        "ix_run_running",
        "run",
        ["source_id", "id"],
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )


def downgrade() -> None:
    """Drop both."""
    op.drop_index("ix_run_running", "run")
    op.drop_table("clockwork")
