"""Checks of members' servers that are kept, and previews of what a source would bring.

Going down, both are forgotten: the checks can be made again, what was agreed to cannot.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "validation",
        sa.Column("id", KEY, nullable=False),
        _source("validation"),
        sa.Column("asked", sa.BigInteger(), nullable=False, comment="epoch seconds"),
        sa.Column("author", sa.Text(), nullable=False, comment="who asked for it"),
        sa.Column(
            "finished", sa.BigInteger(), nullable=False, comment="epoch seconds; 0 = not yet"
        ),
        sa.Column(
            "verdict", sa.Text(), nullable=False, comment="pass, mend, broken or empty: not yet"
        ),
        sa.Column("report", sa.Text(), nullable=False, comment="JSON: what was found, by code"),
        sa.PrimaryKeyConstraint("id", name="pk_validation"),
    )
    op.create_index("ix_validation_source_id_id", "validation", ["source_id", "id"])
    op.create_table(
        "preview",
        _source("preview"),
        *_state(),
        sa.Column("made", sa.BigInteger(), nullable=False, comment="epoch seconds"),
        sa.Column("told", sa.Text(), nullable=False, comment="JSON: the figures"),
        sa.PrimaryKeyConstraint("source_id", name="pk_preview"),
    )
    op.create_table(
        "preview_sign",
        sa.Column("id", KEY, nullable=False),
        _source("preview_sign"),
        sa.Column("verdict", sa.Text(), nullable=False, comment="agreed, mend"),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False, comment="what is to be mended, or remarks"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="epoch seconds"),
        *_state(),
        sa.PrimaryKeyConstraint("id", name="pk_preview_sign"),
    )
    op.create_index("ix_preview_sign_source_id_id", "preview_sign", ["source_id", "id"])


def downgrade() -> None:
    """Forget them."""
    for name in ("preview_sign", "preview", "validation"):
        op.drop_table(name)


def _source(name: str) -> sa.Column[int]:
    key = sa.ForeignKey("source.id", name=f"fk_{name}_source_id")
    return sa.Column("source_id", KEY, key, nullable=False)


def _state() -> tuple[sa.Column[int], sa.Column[str]]:
    return (
        sa.Column(
            "run", sa.BigInteger(), nullable=False, comment="newest run of the source; 0 = none"
        ),
        sa.Column(
            "mapping",
            sa.Text(),
            nullable=False,
            comment="how records were mapped then; a digest",
        ),
    )
