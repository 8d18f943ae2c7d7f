"""An index of the documents that some view does not see, mostly an empty one.

While there are none, hits are counted without a look at each.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

HIDDEN = sa.text("hidden != ''")


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_search_document_hidden",
        "search_document",
        ["id"],
        sqlite_where=HIDDEN,
        postgresql_where=HIDDEN,
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_search_document_hidden", "search_document")
