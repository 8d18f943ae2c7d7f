"""Make room for the lists of libraries that have no records: what they hold of the union."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
FOUND = "matched, none, several, doubtful, contradicted; empty = not matched yet"


def upgrade() -> None:
    """Make the tables, empty."""
    op.create_table(
        "holding_list",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("library_id", KEY, nullable=False),
        sa.Column("name", sa.Text, nullable=False, comment="of the list, within its library"),
        sa.Column(
            "columns", sa.Text, nullable=False, comment="the column map it was read by, or empty"
        ),
        sa.Column("author", sa.Text, nullable=False, comment="who gave it last"),
        sa.Column(
            "put", sa.BigInteger, nullable=False, comment="epoch seconds: when it was given last"
        ),
        sa.Column(
            "turn", sa.BigInteger, nullable=False, comment="grows with each time it is given"
        ),
        sa.Column(
            "whole", sa.Boolean, nullable=False, comment="that delivery was stored to its end"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_holding_list"),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"], name="fk_holding_list_library_id"),
        sa.UniqueConstraint("library_id", "name", name="uq_holding_list_library_id_name"),
    )
    op.create_table(
        "holding",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("list_id", KEY, nullable=False),
        sa.Column("identity", sa.Text, nullable=False, comment="of the row within its list"),
        sa.Column("line", sa.Integer, nullable=False, comment="where it stood in the file, from 1"),
        sa.Column("hash", sa.LargeBinary, nullable=False, comment="of its content"),
        sa.Column("content", sa.Text, nullable=False, comment="JSON of what it says"),
        sa.Column(
            "rev", sa.BigInteger, nullable=False, comment="grows with each change of content"
        ),
        sa.Column("waits", sa.Boolean, nullable=False, comment="to be matched, or matched again"),
        sa.Column("found", sa.Text, nullable=False, comment=FOUND),
        sa.Column("record_id", KEY, nullable=True, comment="its anchor in the union"),
        sa.Column(
            "candidates", sa.Text, nullable=False, comment="JSON: clusters, scores and reasons"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_holding"),
        sa.ForeignKeyConstraint(["list_id"], ["holding_list.id"], name="fk_holding_list_id"),
        sa.UniqueConstraint("list_id", "identity", name="uq_holding_list_id_identity"),
    )
    op.create_index("ix_holding_list_id_found_line", "holding", ["list_id", "found", "line", "id"])
    _only("ix_holding_record_id", "record_id", "record_id IS NOT NULL")
    _only("ix_holding_waits", "id", "waits")
    op.create_table(
        "holding_key",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("holding_id", KEY, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("key", "holding_id", name="pk_holding_key"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_holding_key_holding_id", "holding_key", ["holding_id"])


def _only(name: str, column: str, condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "holding", [column], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Drop them: libraries have to give their lists again; masters are made without them."""
    op.execute(
        "INSERT INTO dirty (policy_id, record_id, rev) "
        "SELECT DISTINCT policy.id, record.id, record.rev FROM holding "
        "JOIN record ON record.id = holding.record_id JOIN policy ON true "
        "WHERE true ON CONFLICT DO NOTHING"
    )
    for name in ("holding_key", "holding", "holding_list"):
        op.drop_table(name)
