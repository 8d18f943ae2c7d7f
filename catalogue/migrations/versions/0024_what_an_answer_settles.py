"""The questions of matching with how much an answer settles, and where records moved.

Going up, the questions are found among the links there are, and merges keep their successor; which
records moved before is not known. Going down forgets both, and which decisions were made at once.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
ASKED = sa.text("decision = 'ask'")
SHAPES = {
    ("edge", "ix_edge_ask_a"): "300000 300000 2",
    ("edge", "ix_edge_ask_b"): "300000 300000 2",
    ("question", "sqlite_autoindex_question_1"): "600000 200000 3 1",
    ("question", "ix_question_order"): "600000 200000 50000 5000 2 1 1",
    ("question", "ix_question_one_id"): "600000 3",
    ("question", "ix_question_other_id"): "600000 3",
}
"""How the indexes look when they are large; see 0003."""

# Every pair asked between two clusters of the policy in use, unless a person decided between them.
BETWEEN = """
    WITH between_two AS (
        SELECT e.a, e.b, e.score,
            CASE WHEN x.cluster_id < y.cluster_id THEN x.cluster_id ELSE y.cluster_id END one_id,
            CASE WHEN x.cluster_id < y.cluster_id THEN y.cluster_id ELSE x.cluster_id END other_id
        FROM edge e
        JOIN policy p ON p.id = e.policy_id AND p.live
        JOIN member x ON x.record_id = e.a
        JOIN member y ON y.record_id = e.b
        WHERE e.decision = 'ask' AND x.cluster_id <> y.cluster_id
    ), decided AS (
        SELECT DISTINCT
            CASE WHEN x.cluster_id < y.cluster_id THEN x.cluster_id ELSE y.cluster_id END one_id,
            CASE WHEN x.cluster_id < y.cluster_id THEN y.cluster_id ELSE x.cluster_id END other_id
        FROM verdict v
        JOIN member x ON x.record_id = v.a
        JOIN member y ON y.record_id = v.b
    ), asked AS (
        SELECT t.* FROM between_two t
        LEFT JOIN decided d ON d.one_id = t.one_id AND d.other_id = t.other_id
        WHERE d.one_id IS NULL
    )
"""
OF_ALL = (
    BETWEEN
    + """
    , sizes AS (SELECT cluster_id, COUNT(*) AS size FROM member GROUP BY cluster_id)
    SELECT 0, r.one_id, r.other_id, r.pairs, one.size + other.size, r.score, r.a, r.b
    FROM (
        SELECT asked.*,
            COUNT(*) OVER (PARTITION BY one_id, other_id) AS pairs,
            ROW_NUMBER() OVER (PARTITION BY one_id, other_id ORDER BY score DESC, a, b) AS place
        FROM asked
    ) r
    JOIN sizes one ON one.cluster_id = r.one_id
    JOIN sizes other ON other.cluster_id = r.other_id
    WHERE r.place = 1
"""
)
OF_LIBRARIES = (
    BETWEEN
    + """
    , theirs AS (
        SELECT DISTINCT s.library_id, t.one_id, t.other_id, t.score, t.a, t.b
        FROM asked t
        JOIN record r ON r.id IN (t.a, t.b)
        JOIN source s ON s.id = r.source_id
    )
    SELECT r.library_id, r.one_id, r.other_id, q.pairs, q.records, r.score, r.a, r.b
    FROM (
        SELECT theirs.*, ROW_NUMBER() OVER (
            PARTITION BY library_id, one_id, other_id ORDER BY score DESC, a, b
        ) AS place
        FROM theirs
    ) r
    JOIN question q ON q.library_id = 0 AND q.one_id = r.one_id AND q.other_id = r.other_id
    WHERE r.place = 1
"""
)


def upgrade() -> None:
    """Make the tables, and fill them with what can be known."""
    _questions()
    _events()
    op.add_column(
        "verdict_event",
        sa.Column(
            "step", KEY, nullable=True, comment="the first event of those that were decided at once"
        ),
    )
    op.create_index("ix_verdict_event_step", "verdict_event", ["step"])
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for (table, index), shape in SHAPES.items():
            connection.exec_driver_sql(
                "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", (table, index, shape)
            )


def _questions() -> None:
    op.drop_index("ix_edge_ask", table_name="edge")
    for end in ("a", "b"):
        op.create_index(
            f"ix_edge_ask_{end}",
            "edge",
            ["policy_id", end],
            postgresql_where=ASKED,
            sqlite_where=ASKED,
        )
    op.create_table(
        "question",
        _number("library_id", KEY, "0: of any library"),
        _number("one_id", KEY, "< other_id"),
        _number("other_id", KEY),
        _number("pairs", sa.Integer(), "asked between the two clusters"),
        _number("records", sa.Integer(), "of the two clusters"),
        _number("score", sa.Double(), "of the likeliest pair asked, a and b"),
        _number("a", KEY),
        _number("b", KEY),
        sa.PrimaryKeyConstraint("library_id", "one_id", "other_id", name="pk_question"),
    )
    columns = "library_id, one_id, other_id, pairs, records, score, a, b"
    for found in (OF_ALL, OF_LIBRARIES):
        op.execute(f"INSERT INTO question ({columns}) {found}")
    op.create_index("ix_question_one_id", "question", ["one_id"])
    op.create_index("ix_question_other_id", "question", ["other_id"])
    op.create_index(
        "ix_question_order",
        "question",
        ["library_id", "pairs", "records", "score", "one_id", "other_id"],
    )


def _number(name: str, kind: sa.types.TypeEngine[Any], comment: str = "") -> sa.Column[Any]:
    return sa.Column(name, kind, autoincrement=False, nullable=False, comment=comment or None)


def _events() -> None:
    op.add_column(
        "event",
        sa.Column("other_id", KEY, nullable=True, comment="the cluster that its records went to"),
    )
    op.add_column(
        "event",
        sa.Column(
            "decision_id",
            KEY,
            nullable=True,
            comment="what people had said of them: an event of verdicts",
        ),
    )
    op.execute(
        "UPDATE event SET other_id = CAST(REPLACE(REPLACE(detail, '{\"successor\": ', ''), '}', '')"
        " AS BIGINT) WHERE kind = 'merged'"
    )
    op.drop_index("ix_event_cluster_id", table_name="event")
    with op.batch_alter_table("event") as batch:
        batch.drop_column("detail")
    for end in ("cluster_id", "other_id"):
        op.create_index(f"ix_event_{end}_seq", "event", [end, "seq"])
    op.create_table(
        "event_record",
        sa.Column("event_seq", KEY, autoincrement=False, nullable=False),
        sa.Column("record_id", KEY, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("event_seq", "record_id", name="pk_event_record"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them; the list of pairs asked goes by likeness again."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for table, index in SHAPES:
            connection.exec_driver_sql(
                "DELETE FROM sqlite_stat1 WHERE tbl = ? AND idx = ?", (table, index)
            )
    op.drop_index("ix_verdict_event_step", table_name="verdict_event")
    with op.batch_alter_table("verdict_event") as batch:
        batch.drop_column("step")
    _events_as_before()
    op.drop_table("question")
    for end in ("a", "b"):
        op.drop_index(f"ix_edge_ask_{end}", table_name="edge")
    op.create_index(
        "ix_edge_ask",
        "edge",
        ["policy_id", "score", "a", "b"],
        postgresql_where=ASKED,
        sqlite_where=ASKED,
    )


def _events_as_before() -> None:
    op.drop_table("event_record")
    op.execute("DELETE FROM event WHERE kind IN ('joined', 'split', 'moved')")
    op.add_column(
        "event",
        sa.Column("detail", sa.Text(), nullable=False, server_default="{}", comment="JSON"),
    )
    op.execute(
        "UPDATE event SET detail = '{\"successor\": ' || other_id || '}' WHERE kind = 'merged'"
    )
    for end in ("cluster_id", "other_id"):
        op.drop_index(f"ix_event_{end}_seq", table_name="event")
    with op.batch_alter_table("event") as batch:
        batch.alter_column("detail", server_default=None)
        batch.drop_column("other_id")
        batch.drop_column("decision_id")
    op.create_index("ix_event_cluster_id", "event", ["cluster_id"])
