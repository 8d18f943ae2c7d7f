"""How complete the records of each library are, and those of all libraries, by day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables; a worker fills them."""
    op.create_table(
        "quality_figure",
        sa.Column("library_id", KEY, nullable=False, autoincrement=False),
        _text("day", "ISO 8601, UTC"),
        _number("at", "when it was counted, epoch seconds"),
        _number("records", "live ones that could be read"),
        _number("score", "sum of how complete each one is, in percent"),
        _text("fields", "JSON: by name of crosswalks.checks.shares, how many records have it"),
        _text("fingerprint", "of what was counted: the same again is not counted again"),
        sa.PrimaryKeyConstraint("library_id", "day", name="pk_quality_figure"),
    )
    op.create_index("ix_quality_figure_day", "quality_figure", ["day"])
    op.create_table(
        "quality_average",
        _text("day", "ISO 8601, UTC"),
        _number("libraries", "those that have records"),
        _text(
            "figures",
            "JSON: score and fields, the mean of the libraries' shares in percent",
        ),
        sa.PrimaryKeyConstraint("day", name="pk_quality_average"),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("quality_average")
    op.drop_table("quality_figure")


def _text(name: str, comment: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, comment=comment)


def _number(name: str, comment: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False, comment=comment)
