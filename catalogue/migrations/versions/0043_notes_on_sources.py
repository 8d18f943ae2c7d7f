"""What staff note of a source: who looks after it, and what is worth knowing.

Going down, the notes are forgotten.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the table."""
    texts = {
        "manager": "who of the staff looks after it, in words",
        "note": "what is worth knowing of it, in words",
        "author": "who wrote it last",
    }
    op.create_table(
        "source_note",
        sa.Column(
            "source_id",
            KEY,
            sa.ForeignKey("source.id", name="fk_source_note_source_id_source"),
            primary_key=True,
            autoincrement=False,
        ),
        *(
            sa.Column(name, sa.Text(), nullable=False, comment=comment)
            for name, comment in texts.items()
        ),
        sa.Column("changed", sa.BigInteger(), nullable=False, comment="when, epoch seconds"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("source_note")
