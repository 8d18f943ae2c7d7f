"""How libraries stand, what their agreements allow, and what is hidden by staff.

All libraries are members and all sources live, as they were until now. Going down, what was hidden
is shown again, and records of libraries that are no members are placed.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
LIBRARY = {
    "standing": ("member", "joining, member, suspended, withdrawn"),
    "fields": ("", "fields it shares beyond the hub's staff, as 1XX 245; empty = all"),
    "licence": ("", "code of the licence of its records; empty = none was stated"),
    "rights": ("", "its rights statement, in its own words"),
}


def upgrade() -> None:
    """Add the columns and tables."""
    for name, (default, comment) in LIBRARY.items():
        op.add_column(
            "library",
            sa.Column(name, sa.Text(), nullable=False, server_default=default, comment=comment),
        )
    op.add_column(
        "source",
        sa.Column("stage", sa.Text(), nullable=False, server_default="live", comment="live, test"),
    )
    op.create_table(
        "standing_event",
        sa.Column("id", KEY, primary_key=True, autoincrement=True),
        _to("standing_event", "library_id", "library"),
        _to("standing_event", "source_id", "source", nullable=True),
        _column("at", sa.BigInteger(), "epoch seconds"),
        _column("person", sa.Text(), "who did it; empty = the hub itself"),
        _column("reason", sa.Text()),
        _column("before", sa.Text(), "standing of the library, or stage of the source"),
        _column("after", sa.Text()),
    )
    op.create_index("ix_standing_event_library_id", "standing_event", ["library_id", "id"])
    op.create_table(
        "left_cluster",
        sa.Column("record_id", KEY, primary_key=True, autoincrement=False),
        _column("cluster_id", KEY, "that it was in last, where it is in none"),
    )
    op.create_table(
        "suppression",
        sa.Column("id", KEY, primary_key=True, autoincrement=True),
        _column("kind", sa.Text(), "record, field, cluster"),
        _column("target", sa.Text(), "as staff named it: source/identifier or a cluster's id"),
        _column("field", sa.Text(), "of kind field: tag, with $ and code for a subfield"),
        _column("value", sa.Text(), "of kind field: only those that hold this text; empty = all"),
        _column("reason", sa.Text()),
        _column("person", sa.Text()),
        _column("at", sa.BigInteger(), "epoch seconds"),
        _column("until", sa.BigInteger(), "epoch seconds; null = until lifted", nullable=True),
        _column("lifted_at", sa.BigInteger(), "epoch seconds; null = in force", nullable=True),
        _column("lifted_by", sa.Text(), "empty = it expired"),
    )
    op.create_table(
        "suppressed_record",
        _to("suppressed_record", "suppression_id", "suppression", primary_key=True),
        sa.Column(
            "record_id",
            KEY,
            sa.ForeignKey("record.id", name="fk_suppressed_record_record_id_record"),
            primary_key=True,
        ),
    )
    op.create_index("ix_suppressed_record_record_id", "suppressed_record", ["record_id"])


def downgrade() -> None:
    """Have all placed that the columns and tables kept from placing, and drop them."""
    waiting = sa.text(
        "INSERT INTO dirty (policy_id, record_id, rev)"
        " SELECT policy.id, record.id, record.rev FROM record"
        " JOIN source ON source.id = record.source_id"
        " JOIN library ON library.id = source.library_id CROSS JOIN policy"
        " WHERE (library.standing <> 'member' OR source.stage <> 'live'"
        " OR library.fields <> '' OR library.licence <> '' OR library.rights <> ''"
        " OR record.id IN (SELECT record_id FROM suppressed_record))"
        " AND NOT EXISTS (SELECT 1 FROM dirty WHERE dirty.policy_id = policy.id"
        " AND dirty.record_id = record.id)"
    )
    op.execute(waiting)
    for table in ("suppressed_record", "suppression", "left_cluster", "standing_event"):
        op.drop_table(table)
    op.drop_column("source", "stage")
    for name in LIBRARY:
        op.drop_column("library", name)


def _column(
    name: str, kind: Any, comment: str | None = None, *, nullable: bool = False
) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=nullable, comment=comment)


def _to(table: str, column: str, target: str, **options: Any) -> sa.Column[Any]:
    name = f"fk_{table}_{column}_{target}"
    foreign = sa.ForeignKey(f"{target}.id", name=name)
    return sa.Column(column, KEY, foreign, **{"nullable": False} | options)
