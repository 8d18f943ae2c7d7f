"""Let records be suppressed: kept, since their source has them, and in no cluster."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_BEFORE = "active, deleted, quarantined"
_NOW = f"{_BEFORE}, suppressed"


def upgrade() -> None:
    """Say so beside the column; a record becomes suppressed when it is next delivered."""
    _comment(_NOW, instead_of=_BEFORE)


def downgrade() -> None:
    """Take suppressed records for deleted ones, which are given out as little.

    What marked them is lost: the next harvest that delivers them brings them back to life.
    """
    op.execute("UPDATE record SET state = 'deleted' WHERE state = 'suppressed'")
    _comment(_BEFORE, instead_of=_NOW)


def _comment(comment: str, *, instead_of: str) -> None:
    # SQLite keeps no comments, and would copy the whole table for this one.
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(
            "record",
            "state",
            existing_type=sa.Text(),
            existing_nullable=False,
            comment=comment,
            existing_comment=instead_of,
        )
