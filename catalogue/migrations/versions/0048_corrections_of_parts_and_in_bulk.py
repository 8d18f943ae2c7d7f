"""Corrections of subfields and positions, and of all records that a search finds.

Going down, corrections of parts of fields and bulk corrections are forgotten; masters lose them
when their clusters are placed again.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
KIND = "bulk"
WITHIN = "JSON: the field that it is a subfield of; empty for a whole field"


def upgrade() -> None:
    """Make the tables, and say of each correction there is that it is of a whole field."""
    op.create_table(
        "bulk",
        sa.Column("id", KEY, primary_key=True, autoincrement=True),
        _column("language", sa.Text(), "words, cql, pqf"),
        _column("query", sa.Text()),
        _column("rules", sa.Text(), "in the language of crosswalks"),
        _column("reason", sa.Text()),
        _column("person", sa.Text()),
        _column("at", sa.BigInteger(), "epoch seconds"),
        _column("state", sa.Text(), "looking, looked, failed, applying, applied, undoing, undone"),
        _column("told", sa.Text(), "JSON: samples, fields, and how far it is"),
        _column("agreed_by", sa.Text(), "who had it carried out"),
        sa.Column("agreed_at", sa.BigInteger(), nullable=True, comment="epoch seconds"),
        _column("undone_by", sa.Text()),
        sa.Column("undone_at", sa.BigInteger(), nullable=True, comment="epoch seconds"),
    )
    op.create_table(
        "bulk_cluster",
        *(_to(name, primary_key=True, autoincrement=False) for name in ("bulk", "cluster")),
        _column("state", sa.Text(), "found, same, refused, would, done, failed"),
        _column("message", sa.Text(), "why it is refused or failed, in English"),
        _column("code", sa.Text(), "the kind of error"),
        _column("details", sa.Text(), "JSON: what the message names"),
    )
    op.create_index("ix_bulk_cluster_state", "bulk_cluster", ["bulk_id", "state", "cluster_id"])
    with op.batch_alter_table("overlay") as table:
        table.add_column(
            sa.Column("within", sa.Text(), nullable=False, server_default="", comment=WITHIN)
        )
        table.add_column(sa.Column("bulk_id", KEY, nullable=True, comment="null = made by itself"))
        table.create_foreign_key("fk_overlay_bulk_id_bulk", "bulk", ["bulk_id"], ["id"])
    op.create_index("ix_overlay_bulk_id", "overlay", ["bulk_id", "id"])


def downgrade() -> None:
    """Have the clusters with such corrections placed again, and drop the tables."""
    op.execute(
        "INSERT INTO dirty (policy_id, record_id, rev) SELECT policy.id, member.record_id, 0"
        " FROM member, policy WHERE policy.live AND member.cluster_id IN"
        " (SELECT cluster_id FROM overlay WHERE undone_at IS NULL AND (within <> ''"
        " OR over LIKE '%/%' OR bulk_id IS NOT NULL)) AND NOT EXISTS"
        " (SELECT 1 FROM dirty WHERE dirty.policy_id = policy.id"
        " AND dirty.record_id = member.record_id)"
    )
    op.execute(
        "DELETE FROM overlay WHERE within <> '' OR over LIKE '%[\"LDR/%'"
        " OR over LIKE '%[\"008/%' OR bulk_id IS NOT NULL"
    )
    op.drop_index("ix_overlay_bulk_id", "overlay")
    with op.batch_alter_table("overlay") as table:
        table.drop_constraint("fk_overlay_bulk_id_bulk", type_="foreignkey")
        table.drop_column("bulk_id")
        table.drop_column("within")
    op.drop_table("bulk_cluster")
    op.drop_table("bulk")
    op.execute(f"UPDATE job SET state = 'failed' WHERE kind = '{KIND}' AND state = 'queued'")


def _column(name: str, kind: Any, comment: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, comment=comment)


def _to(table: str, **options: Any) -> sa.Column[Any]:
    name = f"fk_bulk_cluster_{table}_id_{table}"
    target = sa.ForeignKey(f"{table}.id", name=name)
    return sa.Column(f"{table}_id", KEY, target, nullable=False, **options)
