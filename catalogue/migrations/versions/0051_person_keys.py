"""Keys by which programs do what one of the staff may.

Going down, all of them are void.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0048"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "person_key",
        sa.Column("id", KEY, primary_key=True, autoincrement=True),
        sa.Column(
            "user_id",
            KEY,
            sa.ForeignKey("user_account.id", name="fk_person_key_user_id_user_account"),
            nullable=False,
        ),
        _column("title", sa.Text(), "what it is for"),
        _column("digest", sa.Text(), "SHA-256 of the key, hexadecimal"),
        _column(
            "epoch",
            sa.Integer(),
            "the user's when it was made: once that has grown it is void",
        ),
        _column("made", sa.BigInteger(), "epoch seconds"),
        _column("expires", sa.BigInteger(), "epoch seconds"),
        sa.Column(
            "used",
            sa.BigInteger(),
            nullable=True,
            comment="epoch seconds, noted once an hour; null = never",
        ),
        sa.UniqueConstraint("digest", name="uq_person_key_digest"),
    )
    op.create_index("ix_person_key_user_id", "person_key", ["user_id"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("person_key")


def _column(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, comment=comment)
