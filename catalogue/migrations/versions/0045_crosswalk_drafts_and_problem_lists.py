"""Drafts of crosswalks as versions with their effects, and problems in an order to be listed by.

Going down, earlier drafts, effects and counts are forgotten; the drafts themselves stay.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
KIND = "crosswalk-effect"


OLD = {"ix_problem_source_id": ["source_id"], "ix_problem_run_id": ["run_id"]}
NEW = {
    "ix_problem_code_id": ["code", "id"],
    "ix_problem_source_id_code_id": ["source_id", "code", "id"],
    "ix_problem_run_id_code_id": ["run_id", "code", "id"],
}


def upgrade() -> None:
    """Make the tables; each draft is the first of its name. List problems by their code."""
    _crosswalks()
    _problems()


def _problems() -> None:
    op.create_table(
        "problem_figure",
        sa.Column("source_id", KEY, primary_key=True, autoincrement=False),
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("severity", sa.Text(), primary_key=True),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column(
            "at", sa.BigInteger(), nullable=False, comment="when all were counted, epoch seconds"
        ),
    )
    for name, columns in NEW.items():
        op.create_index(name, "problem", columns)
    for name in OLD:
        op.drop_index(name, "problem")


def _crosswalks() -> None:
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
    for name, columns in OLD.items():
        op.create_index(name, "problem", columns)
    for name in NEW:
        op.drop_index(name, "problem")
    op.drop_table("problem_figure")
    with op.batch_alter_table("crosswalk_draft") as table:
        table.drop_column("number")
    op.drop_table("crosswalk_effect")
    op.drop_table("crosswalk_revision")
    op.execute(f"UPDATE job SET state = 'failed' WHERE kind = '{KIND}' AND state = 'queued'")
