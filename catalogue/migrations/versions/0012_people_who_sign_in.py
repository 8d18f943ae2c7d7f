"""People who sign in, and the tries that failed lately."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
ROLES = "viewer, cataloguer, operator, admin"
WHO = "hash of the name: people type passwords there"


def upgrade() -> None:
    """Make the tables; the first administrator is made when the hub is first served."""
    op.create_table(
        "user_account",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column(
            "name", sa.Text, nullable=False, comment="as it was written when the user was added"
        ),
        sa.Column("folded", sa.Text, nullable=False, comment="the name, case folded"),
        sa.Column("password", sa.Text, nullable=False, comment="Argon2 hash"),
        sa.Column("role", sa.Text, nullable=False, comment=ROLES),
        sa.Column("active", sa.Boolean, nullable=False, comment="may sign in"),
        sa.Column("created", sa.BigInteger, nullable=False, comment="epoch seconds"),
        sa.Column("last_login", sa.BigInteger, nullable=True, comment="epoch seconds"),
        sa.Column("epoch", sa.Integer, nullable=False, comment="grows to end all sessions"),
        sa.PrimaryKeyConstraint("id", name="pk_user_account"),
        sa.UniqueConstraint("folded", name="uq_user_account_folded"),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("who", sa.Text, nullable=False, comment=WHO),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False, comment="epoch seconds"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in"),
    )
    op.create_index("ix_sign_in_at", "sign_in", ["at"])


def downgrade() -> None:
    """Take the tables away, and with them who may sign in: all users have to be added again."""
    op.drop_table("sign_in")
    op.drop_table("user_account")
