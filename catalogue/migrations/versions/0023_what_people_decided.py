"""The history of what people decided about pairs of records, so that each step can be undone.

Going up, what was decided before begins it; going down forgets it, and leaves the decisions.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
BEFORE = (
    'INSERT INTO verdict_event (a, b, "before", "after", author, made, reason)'
    " SELECT a, b, '', decision, author, made, reason FROM verdict ORDER BY made, a, b"
)


def upgrade() -> None:
    """Make the table, and fill it with what stands."""
    op.create_table(
        "verdict_event",
        sa.Column("id", KEY, nullable=False),
        sa.Column("a", KEY, nullable=False),
        sa.Column("b", KEY, nullable=False),
        sa.Column("before", sa.Text(), nullable=False, comment="same, different, or empty"),
        sa.Column("after", sa.Text(), nullable=False, comment="same, different, or empty"),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False, comment="epoch seconds"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("undoes", KEY, nullable=True, comment="the event that this one takes back"),
        sa.ForeignKeyConstraint(["a"], ["record.id"], name="fk_verdict_event_a"),
        sa.ForeignKeyConstraint(["b"], ["record.id"], name="fk_verdict_event_b"),
        sa.PrimaryKeyConstraint("id", name="pk_verdict_event"),
    )
    op.create_index("ix_verdict_event_a_b", "verdict_event", ["a", "b"])
    op.create_index("ix_verdict_event_b", "verdict_event", ["b"])
    op.execute(BEFORE)


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("verdict_event")
