"""Tell SQLite's planner how the tables look when they are large.

Nearly all rows share one policy and one view, which lead most keys. Without statistics SQLite takes
any first column to narrow a search to ten rows, and so reads whole tables in the placing
transaction. Fixed figures keep its plans the same on every hub; PostgreSQL counts for itself.
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Rows in all, then rows that share the first column, the first two, ... (sqlite.org/fileformat2).
SHAPES = {
    ("edge", "edge"): "3000000 3000000 4 1",
    ("edge", "ix_edge_policy_id_b"): "3000000 3000000 4 1",
    ("match_key", "match_key"): "5000000 5000000 2 1",
    ("dirty", "sqlite_autoindex_dirty_1"): "1000000 1000000 1",
    ("item", "sqlite_autoindex_item_1"): "500000 500000 1",
    ("item", "ix_item_view_id_stamp"): "500000 500000 100 1",
    ("item_set", "sqlite_autoindex_item_set_1"): "1500000 1500000 20000 1",
    ("item_set", "ix_item_set_view_id_set_id_stamp"): "1500000 1500000 20000 20 1",
    ("item_set", "ix_item_set_cluster_id"): "1500000 3",
    ("search_row", "sqlite_autoindex_search_row_1"): "500000 500000 1",
}


def upgrade() -> None:
    """Write the figures; they are read when a connection opens."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    connection.exec_driver_sql("ANALYZE sqlite_schema")
    connection.exec_driver_sql("DELETE FROM sqlite_stat1")
    for (table, index), shape in SHAPES.items():
        connection.exec_driver_sql(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", (table, index, shape)
        )


def downgrade() -> None:
    """Leave SQLite to its own guesses."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DELETE FROM sqlite_stat1")
