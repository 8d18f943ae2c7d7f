"""When each version of a record came, and its own stamp in the list of what its library delivered.

Going up, of what is stored the last run that brought it is known, and what the public may see is
stamped with the second that the hub clock has not closed yet; a record of each cluster waits, so
that its cluster is made anew in the background. Going down, provenance and stamps are taken away.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

CAME = """
    UPDATE record SET
        arrived = COALESCE((SELECT run.started / 1000 FROM run WHERE run.id = record.seen_run), 0),
        listed = state = 'active' AND source_id IN (
            SELECT s.id FROM source s JOIN library l ON l.id = s.library_id
            WHERE l.sharing_level IN ('public', 'international')
        )
"""
STAMPED = (
    "UPDATE record SET stamp = CASE WHEN listed THEN (SELECT closed FROM hub_clock) ELSE 0 END"
)
CLOSED = "UPDATE hub_clock SET stamped = closed"
UNSTAMPED = sa.text("stamp IS NULL")
# A rev below 0: its content is what it was, its cluster is made again (holdings.touched).
ALL = """
    INSERT INTO dirty (policy_id, record_id, rev)
    SELECT p.id, r.id, -1 - r.rev
    FROM (SELECT MIN(record_id) AS id FROM member GROUP BY cluster_id) one
    JOIN record r ON r.id = one.id
    JOIN policy p ON p.live
    WHERE NOT EXISTS (SELECT 1 FROM dirty d WHERE d.policy_id = p.id AND d.record_id = r.id)
"""


def upgrade() -> None:
    """Add the columns, and have clusters made anew."""
    op.add_column(
        "record",
        sa.Column(
            "arrived",
            sa.BigInteger(),
            nullable=False,
            server_default="0",
            comment="this version; epoch s",
        ),
    )
    op.add_column(
        "record",
        sa.Column("stamp", sa.BigInteger(), nullable=True, comment="see catalogue.originals"),
    )
    op.add_column(
        "record",
        sa.Column(
            "listed",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="and given out",
        ),
    )
    for statement in (CAME, STAMPED, CLOSED):
        op.execute(statement)
    op.create_index("ix_record_source_id_stamp", "record", ["source_id", "stamp", "id"])
    op.create_index(
        "ix_record_unstamped",
        "record",
        ["id"],
        sqlite_where=UNSTAMPED,
        postgresql_where=UNSTAMPED,
    )
    op.execute(ALL)


def downgrade() -> None:
    """Drop the columns, and what was made of it."""
    op.execute("DELETE FROM form WHERE prefix = 'about'")
    # Not as a batch: SQLite can copy no table that others point at.
    for index in ("ix_record_unstamped", "ix_record_source_id_stamp"):
        op.drop_index(index, "record")
    for column in ("listed", "stamp", "arrived"):
        op.drop_column("record", column)
