"""Hold deletions to the end of their run, note what a person decided, and list what is quarantined.

Plain ADD and DROP COLUMN: SQLite can copy no table that others point at, and must not copy large
ones. The check of a run's sum hangs on a column, and goes with it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_CONSERVED = (
    "delivered + absent_held = added + changed + unchanged + deleted + quarantined + held"
    " AND unchanged >= 0 AND held >= absent_held"
)
_STATE = "applied, held, quarantined"
_ACTION = "added, changed, deleted, quarantined"


def upgrade() -> None:
    """Add columns and tables, and enter what is quarantined already."""
    _source()
    _run()
    _comment("state", f"{_STATE}, dropped", instead_of=_STATE)
    _comment("action", f"{_ACTION}, absent", instead_of=_ACTION)
    _held()
    _quarantine()
    op.execute(
        "INSERT INTO quarantine"
        " (record_id, source_id, run_id, seq, page, position, place, datestamp, format)"
        " SELECT record.id, record.source_id, delivery.run_id, MAX(delivery.seq), 0, 0, NULL,"
        " record.datestamp, record.format"
        " FROM delivery JOIN run ON run.id = delivery.run_id"
        " JOIN record ON record.source_id = run.source_id"
        " AND record.identifier = delivery.identifier AND record.seen_run = delivery.run_id"
        " WHERE delivery.action = 'quarantined'"
        " AND (record.state = 'quarantined' OR record.refused)"
        " GROUP BY record.id, record.source_id, delivery.run_id, record.datestamp, record.format"
    )


def downgrade() -> None:
    """Remove them. Sources with deletions still held are harvested from the beginning next time.

    Thus those that are declared again are not lost; what was found missing is forgotten.
    """
    op.execute(
        "UPDATE source SET checkpoint = '{}' WHERE id IN (SELECT DISTINCT source_id FROM held)"
    )
    op.execute("DELETE FROM delivery WHERE state IN ('held', 'dropped') OR action = 'absent'")
    op.execute(
        "UPDATE run SET unchanged = unchanged + held - absent_held, held = 0, absent_held = 0"
    )
    op.drop_table("quarantine")
    op.drop_table("held")
    _comment("action", _ACTION, instead_of=f"{_ACTION}, absent")
    _comment("state", _STATE, instead_of=f"{_STATE}, dropped")
    op.drop_index("ix_run_waiting", "run")
    for name in ("listed", "accepts", "decided", "decision", "generation", "absent_held"):
        op.drop_column("run", name)
    for name in ("reconciled", "list_done", "list_run", "deletions"):
        op.drop_column("source", name)


def _source() -> None:
    for column in (
        sa.Column(
            "deletions",
            sa.Text,
            nullable=False,
            server_default="",
            comment="no, transient or persistent, as it said last",
        ),
        sa.Column(
            "list_run",
            sa.BigInteger,
            nullable=False,
            server_default="0",
            comment="run that began the complete list under way; 0 = none is",
        ),
        sa.Column(
            "list_done",
            sa.Boolean,
            nullable=False,
            server_default=sa.false(),
            comment="that list came whole, and is not compared yet",
        ),
        sa.Column(
            "reconciled",
            sa.BigInteger,
            nullable=False,
            server_default="0",
            comment="epoch seconds: last compared with its complete list",
        ),
    ):
        op.add_column("source", column)


def _run() -> None:
    op.execute(
        "ALTER TABLE run ADD COLUMN absent_held BIGINT DEFAULT '0' NOT NULL"
        f" CONSTRAINT ck_run_conserved CHECK ({_CONSERVED})"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(
            "run",
            "absent_held",
            existing_type=sa.BigInteger(),
            existing_nullable=False,
            comment="of held: not delivered, but missing from the complete list",
        )
    for column in (
        sa.Column(
            "generation",
            sa.Integer,
            nullable=False,
            server_default="0",
            comment="of the source's settings",
        ),
        sa.Column(
            "decision",
            sa.Text,
            nullable=False,
            server_default="",
            comment="approved or discarded by a person",
        ),
        sa.Column("decided", sa.BigInteger, comment="epoch milliseconds"),
        sa.Column(
            "accepts",
            sa.Boolean,
            nullable=False,
            server_default=sa.false(),
            comment="a person said to go on although many records cannot be mapped",
        ),
        sa.Column("listed", sa.BigInteger, comment="live records of the complete list it ended"),
    ):
        op.add_column("run", column)
    waiting = sa.text("status = 'waiting'")
    op.create_index(
        "ix_run_waiting",
        "run",
        ["source_id", "id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def _held() -> None:
    op.create_table(
        "held",
        sa.Column("record_id", _KEY, primary_key=True, autoincrement=False),
        sa.Column("source_id", sa.BigInteger, nullable=False),
        sa.Column("run_id", sa.BigInteger, nullable=False, comment="that learned of the deletion"),
        sa.Column("seq", sa.BigInteger, nullable=False, comment="of its delivery"),
        sa.Column(
            "absent", sa.Boolean, nullable=False, comment="not declared: missing from the list"
        ),
        sa.Column("datestamp", sa.Text, nullable=False),
        sa.Column("raw_hash", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_held_source_id_record_id", "held", ["source_id", "record_id"])


def _quarantine() -> None:
    op.create_table(
        "quarantine",
        sa.Column("record_id", _KEY, primary_key=True, autoincrement=False),
        sa.Column("source_id", sa.BigInteger, nullable=False),
        sa.Column("run_id", sa.BigInteger, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False, comment="of its delivery"),
        sa.Column("page", sa.Integer, nullable=False, comment="of the run; 0 = not known"),
        sa.Column("position", sa.Integer, nullable=False, comment="in the page, from 1"),
        sa.Column("place", sa.BigInteger, comment="byte of the page at which it begins"),
        sa.Column("datestamp", sa.Text, nullable=False),
        sa.Column("format", sa.Text, nullable=False),
    )
    op.create_index("ix_quarantine_source_id_record_id", "quarantine", ["source_id", "record_id"])


def _comment(column: str, comment: str, *, instead_of: str) -> None:
    # SQLite keeps no comments.
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(
            "delivery",
            column,
            existing_type=sa.Text(),
            existing_nullable=False,
            comment=comment,
            existing_comment=instead_of,
        )
