"""Drafts of crosswalks as versions of their own, and what one would do as it was worked out.

Going down, earlier drafts and that are forgotten; the drafts themselves stay.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0041"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
KIND = "crosswalk-effect"


def upgrade() -> None:
    """Make the tables; each draft is the first of its name."""
    op.create_table(
        "crosswalk_revision",
        sa.Column("id", KEY, primary_key=True, autoincrement=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="from 1, of the name"),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False, comment="epoch seconds"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("tables", sa.Text(), nullable=False, comment="JSON: name to TSV"),
        sa.UniqueConstraint("name", "number", name="uq_crosswalk_revision_name_number"),
    )
    op.create_table(
        "crosswalk_effect",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("asked", sa.Text(), nullable=False, comment="draft, or the number of a version"),
        sa.Column(
            "key", sa.Text(), nullable=False, comment="by which crosswalks it was worked out"
        ),
        sa.Column("made", sa.BigInteger(), nullable=False, comment="epoch seconds"),
        sa.Column("told", sa.Text(), nullable=False, comment="JSON: see scheduler.tally.Effect"),
    )
    with op.batch_alter_table("crosswalk_draft") as table:
        table.add_column(
            sa.Column(
                "number",
                sa.Integer(),
                nullable=False,
                server_default="0",
                comment="of its revision",
            )
        )
    columns = "name, author, made, note, text, tables"
    op.execute(
        f"INSERT INTO crosswalk_revision (number, {columns}) SELECT 1, {columns} FROM crosswalk_draft"  # noqa: E501 - fixed names
    )
    op.execute("UPDATE crosswalk_draft SET number = 1")


def downgrade() -> None:
    """Drop them, and what the queue holds for them."""
    with op.batch_alter_table("crosswalk_draft") as table:
        table.drop_column("number")
    op.drop_table("crosswalk_effect")
    op.drop_table("crosswalk_revision")
    op.execute(f"UPDATE job SET state = 'failed' WHERE kind = '{KIND}' AND state = 'queued'")
