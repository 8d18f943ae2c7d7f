"""Crosswalks that staff write: versions, drafts, saved tests, how often any was published."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
FIRST_ROW = "INSERT INTO crosswalk_edition (id, edition) VALUES (1, 0)"


def upgrade() -> None:
    """Make the tables; nothing is stored yet, so what is shipped holds."""
    op.create_table(
        "crosswalk_version",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, comment="from 1; 0 is what is shipped"),
        *_written(),
        sa.Column("text", sa.Text, nullable=True, comment="none: what is shipped holds again"),
        _tables(),
        sa.PrimaryKeyConstraint("id", name="pk_crosswalk_version"),
        sa.UniqueConstraint("name", "version", name="uq_crosswalk_version_name_version"),
    )
    op.create_table(
        "crosswalk_draft",
        sa.Column("name", sa.Text, nullable=False),
        *_written(),
        sa.Column("text", sa.Text, nullable=False),
        _tables(),
        sa.PrimaryKeyConstraint("name", name="pk_crosswalk_draft"),
    )
    op.create_table(
        "crosswalk_test",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text, nullable=False, comment="of the crosswalk"),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("given", sa.LargeBinary, nullable=False),
        sa.Column("format", sa.Text, nullable=False, comment="empty: told by the bytes"),
        sa.Column("expected", sa.Text, nullable=False, comment="lines of MARC, or XML"),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("made", sa.BigInteger, nullable=False, comment="epoch seconds"),
        sa.PrimaryKeyConstraint("id", name="pk_crosswalk_test"),
        sa.UniqueConstraint("name", "title", name="uq_crosswalk_test_name_title"),
    )
    op.create_table(
        "crosswalk_edition",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("edition", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_crosswalk_edition"),
    )
    op.execute(FIRST_ROW)


def downgrade() -> None:
    """Remove them, and with them all that staff wrote; records stay as they were mapped."""
    for name in ("edition", "test", "draft", "version"):
        op.drop_table(f"crosswalk_{name}")


def _written() -> list[sa.Column[object]]:
    return [
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("made", sa.BigInteger, nullable=False, comment="epoch seconds"),
        sa.Column("note", sa.Text, nullable=False),
    ]


def _tables() -> sa.Column[object]:
    return sa.Column("tables", sa.Text, nullable=False, comment="JSON: name to TSV")
