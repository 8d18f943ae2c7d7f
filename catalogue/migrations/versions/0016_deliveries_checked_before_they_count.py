"""Files that are delivered to be checked before they count."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
WAITING = "state IN ('received', 'checked', 'refused', 'applying')"
KINDS = "whole, changes, deletions; empty = as the source delivers"
STATES = "received, checked, refused, applying, applied, discarded"


def upgrade() -> None:
    """Make the table; the files themselves lie in the instance folder."""
    op.create_table(
        "intake",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("source_id", KEY, nullable=False),
        _text("name", "of the file, as it was delivered"),
        _text("kind", KINDS),
        _text("sha256", "hex; the file lies under this name"),
        _number("size", "bytes"),
        _text("origin", "address it was fetched from; empty = uploaded"),
        _number("received", "epoch seconds"),
        _text("author", "who delivered it; empty = the hub itself"),
        _text("state", STATES),
        sa.Column(
            "generation",
            sa.Integer,
            nullable=False,
            comment="of the source's settings when it was checked",
        ),
        _number("checked", "epoch seconds", nullable=True),
        _text("report", "JSON: what the check found"),
        _text("message", "why it was refused"),
        _text("code", "of the message"),
        _text("details", "JSON: what the message names"),
        _number("decided", "epoch seconds: applied or discarded", nullable=True),
        _text("decider", "who applied or discarded it"),
        sa.Column("run_id", KEY, nullable=True, comment="the last run that read of it"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_intake_source_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_intake_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_intake"),
    )
    op.create_index("ix_intake_run_id", "intake", ["run_id"])
    op.create_index("ix_intake_source_id_id", "intake", ["source_id", "id"])
    op.create_index(
        "uq_intake_waiting",
        "intake",
        ["source_id", "sha256"],
        unique=True,
        sqlite_where=sa.text(WAITING),
        postgresql_where=sa.text(WAITING),
    )


def downgrade() -> None:
    """Drop it: what waits has to be delivered again, and which files were applied is forgotten."""
    op.drop_table("intake")


def _text(name: str, comment: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, comment=comment)


def _number(name: str, comment: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable, comment=comment)
