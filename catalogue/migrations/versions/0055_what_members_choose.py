"""What a library chooses of alerts, and the files it gives for its lists of holdings.

Going down, those who chose some kinds of alerts are told of all from their severity on, and files
that were checked and not taken in are gone.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make room for both."""
    op.add_column(
        "alert_channel",
        sa.Column(
            "kinds",
            sa.Text(),
            nullable=False,
            server_default="",
            comment="of alerts, told of these alone; with spaces between, empty = all",
        ),
    )
    op.create_table(
        "holding_delivery",
        sa.Column("id", KEY, nullable=False, autoincrement=True),
        sa.Column(
            "library_id",
            KEY,
            sa.ForeignKey("library.id", name="fk_holding_delivery_library_id_library"),
            nullable=False,
        ),
        _text("list", "name of the list it is for"),
        _text("file", "name of the file"),
        _text("sha256", "of the file, hexadecimal; empty = not kept"),
        _text("author", "who gave it"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="epoch seconds: checked or taken"),
        sa.Column(
            "taken", sa.Boolean(), nullable=False, comment="taken in; otherwise checked and waiting"
        ),
        _text("columns", "the column map it is read by, or empty"),
        _text("encoding", "the old one its text is in, or empty"),
        sa.Column(
            "turn", sa.BigInteger(), nullable=False, comment="of its list when checked; 0 = none"
        ),
        _text("report", "JSON: what it changes, what would be found, what is wrong with rows"),
        sa.Column("body", sa.LargeBinary(), nullable=True, comment="the file while it waits"),
        sa.PrimaryKeyConstraint("id", name="pk_holding_delivery"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_holding_delivery_library_id_id", "holding_delivery", ["library_id", "id"])


def downgrade() -> None:
    """Forget both."""
    op.drop_table("holding_delivery")
    # Not in a batch: that makes the table anew, which others point at.
    op.drop_column("alert_channel", "kinds")


def _text(name: str, comment: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, comment=comment)
