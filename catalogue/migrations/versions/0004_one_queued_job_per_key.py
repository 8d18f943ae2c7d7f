"""One queued job per key, so that what two clocks find due is queued once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

QUEUED = sa.text("state = 'queued'")


def upgrade() -> None:
    """Add the index; nothing was ever queued before it."""
    op.create_index(
        "uq_job_key_queued",
        "job",
        ["key"],
        unique=True,
        sqlite_where=QUEUED,
        postgresql_where=QUEUED,
    )


def downgrade() -> None:
    """Remove it."""
    op.drop_index("uq_job_key_queued", "job")
