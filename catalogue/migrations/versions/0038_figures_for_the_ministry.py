"""Reports that are counted once and kept, and which library a consumer's key belongs to.

Going down, reports are lost: export them before. The figures of what was taken stay.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0036"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
OF_LIBRARY = "fk_consumer_library_id_library"


def _column(name: str, kind: Any, comment: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, comment=comment)


def upgrade() -> None:
    """Make the table, and the column of consumers."""
    op.create_table(
        "report",
        sa.Column("id", KEY, primary_key=True, autoincrement=True),
        _column("first", sa.Text(), "first day of the period, ISO 8601"),
        _column("last", sa.Text(), "its last day, ISO 8601"),
        _column("issue", sa.Integer(), "1, 2, ... of the same period"),
        _column("made", sa.BigInteger(), "epoch seconds"),
        _column("author", sa.Text(), "who had it made; empty = the clock"),
        _column("program", sa.Text(), "version of the hub that counted"),
        _column(
            "definitions",
            sa.Integer(),
            "version of what the figures mean, see catalogue.reports.counting",
        ),
        _column("zone", sa.Text(), "time zone of the period's days"),
        _column("figures", sa.Text(), "JSON, see catalogue.reports.model"),
        sa.UniqueConstraint("first", "last", "issue", name="uq_report_first_last_issue"),
    )
    with op.batch_alter_table("consumer") as consumers:
        consumers.add_column(
            sa.Column("library_id", KEY, nullable=True, comment="member that it works for")
        )
        consumers.create_foreign_key(OF_LIBRARY, "library", ["library_id"], ["id"])


def downgrade() -> None:
    """Drop them, and what the queue holds for them."""
    with op.batch_alter_table("consumer") as consumers:
        consumers.drop_constraint(OF_LIBRARY, type_="foreignkey")
        consumers.drop_column("library_id")
    op.drop_table("report")
    op.execute("UPDATE job SET state = 'failed' WHERE kind = 'report' AND state = 'queued'")
