"""Matching policies as rows: tried first, then switched on by a person.

Going up, the rules by which a hub was placed are not known: all its records are placed again. Going
down forgets the policies that staff wrote; a hub that used one goes back to that of the program.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the table, and have all records wait."""
    op.add_column(
        "policy",
        sa.Column(
            "rules",
            sa.Text(),
            nullable=False,
            server_default="",
            comment="of the program, by which all records were placed",
        ),
    )
    op.create_table(
        "policy_version",
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Text(), nullable=False, comment="as its own text says"),
        sa.Column("text", sa.Text(), nullable=False, comment="TOML"),
        sa.Column("shipped", sa.Boolean(), nullable=False, comment="it came with the program"),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False, comment="epoch seconds"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "used",
            sa.BigInteger(),
            nullable=True,
            comment="epoch seconds: since when it is, or last was, in use",
        ),
        sa.Column("used_by", sa.Text(), nullable=False, comment="who switched it on"),
        sa.Column(
            "effect", sa.Text(), nullable=True, comment="JSON: what switching it on would do"
        ),
        sa.Column(
            "effect_of",
            sa.Text(),
            nullable=True,
            comment="which policy, by which rules, was in use when that was worked out",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_policy_version"),
        sa.UniqueConstraint("version", name="uq_policy_version_version"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("policy_version")
    op.drop_column("policy", "rules")
