"""What the public is told in figures, day by day, and how large the sets of libraries are.

Going down, what was counted is forgotten.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

FIGURES = {
    "at": "when it was counted, epoch seconds",
    "took": "to count it, milliseconds",
    "turn": "of the hub clock, when counted",
    "libraries": "members that share with the public",
    "records": "of these, behind the publications",
    "publications": "live items of the public view",
    "works": "that these are of",
    "holdings": "publications of each library, added",
    "shared": "publications of several libraries",
}


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "public_figure",
        sa.Column("day", sa.Text(), nullable=False, comment="ISO 8601, UTC"),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False, comment=comment)
            for name, comment in FIGURES.items()
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_public_figure")),
    )
    op.create_table(
        "public_size",
        sa.Column("spec", sa.Text(), nullable=False, comment="library:, region:, type:"),
        sa.Column("publications", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("spec", name=op.f("pk_public_size")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("public_size")
    op.drop_table("public_figure")
