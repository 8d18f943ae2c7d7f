"""Make room for pages as they came in the database itself, where machines share no folder."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; it stays empty where pages are kept in a folder."""
    op.create_table(
        "raw_blob",
        sa.Column("name", sa.Text, nullable=False, comment="SHA-256 of the page, in hex"),
        sa.Column("body", sa.LargeBinary, nullable=False, comment="zstd"),
        sa.Column("put", sa.BigInteger, nullable=False, comment="epoch seconds, the last time"),
        sa.PrimaryKeyConstraint("name", name="pk_raw_blob"),
    )


def downgrade() -> None:
    """Drop it: pages that were kept there are lost, and their runs cannot be replayed."""
    op.drop_table("raw_blob")
