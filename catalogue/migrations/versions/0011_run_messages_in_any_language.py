"""Keep why a run ended as a code with its details, so that everyone reads it in their language.

With it what a run was asked for, which run it replays, that somebody wants a job to stop, and the
index that tells whether any run still names a page. Plain ADD and DROP COLUMN: neither engine
copies a table for these.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the index; a run that ended before keeps its English sentence."""
    op.add_column("run", _text("code", "", "of the message"))
    op.add_column("run", _text("details", "{}", "JSON: what the message names"))
    op.add_column("run", _text("options", "{}", "JSON: what it was asked for besides the usual"))
    op.add_column(
        "run",
        sa.Column(
            "replays",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            nullable=True,
            comment="the run whose pages it read again",
        ),
    )
    op.add_column(
        "job",
        sa.Column(
            "stopping",
            sa.Boolean,
            nullable=False,
            server_default=sa.false(),
            comment="somebody wants it to end",
        ),
    )
    op.create_index("ix_raw_page_hash", "raw_page", ["hash"])


def downgrade() -> None:
    """Remove them: messages stay as English sentences, and replays look like other runs."""
    op.drop_index("ix_raw_page_hash", "raw_page")
    op.drop_column("job", "stopping")
    for name in ("replays", "options", "details", "code"):
        op.drop_column("run", name)


def _text(name: str, default: str, comment: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default=default, comment=comment)
