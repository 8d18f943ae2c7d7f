"""Which account belongs to whom, as a sign-in service names people.

Going down, they are forgotten: people sign in with their passwords, and accounts that never had one
get a link from an administrator.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "account_identity",
        sa.Column("id", KEY, primary_key=True, autoincrement=True),
        sa.Column(
            "user_id",
            KEY,
            sa.ForeignKey("user_account.id", name="fk_account_identity_user_id_user_account"),
            nullable=False,
        ),
        sa.Column("issuer", sa.Text(), nullable=False, comment="as the ID token names it: iss"),
        sa.Column("subject", sa.Text(), nullable=False, comment="the person there: sub"),
        sa.Column(
            "managed",
            sa.Boolean(),
            nullable=False,
            comment="the role is what the service says at each sign-in",
        ),
        sa.Column("made", sa.BigInteger(), nullable=False, comment="epoch seconds"),
        sa.Column("used", sa.BigInteger(), nullable=True, comment="epoch seconds; null = never"),
        sa.UniqueConstraint("issuer", "subject", name="uq_account_identity_issuer_subject"),
        sa.UniqueConstraint("user_id", "issuer", name="uq_account_identity_user_id_issuer"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("account_identity")
