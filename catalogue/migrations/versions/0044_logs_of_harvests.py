"""What happened in a harvest, line by line: pages, waits and faults with their times.

Going down, the logs are forgotten.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the table."""
    texts = {
        "kind": "page, wait, fault",
        "message": "the English sentence of an error",
        "code": "of the error; empty = none",
        "details": "JSON: what the error names",
        "facts": "JSON: figures, and the address asked for",
    }
    op.create_table(
        "run_log",
        sa.Column("run_id", KEY, primary_key=True, autoincrement=False),
        sa.Column(
            "number",
            sa.Integer(),
            primary_key=True,
            autoincrement=False,
            comment="place in the run, from 1",
        ),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="epoch milliseconds"),
        *(
            sa.Column(name, sa.Text(), nullable=False, comment=comment)
            for name, comment in texts.items()
        ),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("run_log")
