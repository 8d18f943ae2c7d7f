"""The rows every hub starts with, and the full-text index of each engine."""

from __future__ import annotations

import time

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE = """
CREATE VIRTUAL TABLE search_words USING fts5(
    words, content='search_row', content_rowid='id', tokenize='unicode61 remove_diacritics 0'
);;
CREATE TRIGGER search_row_added AFTER INSERT ON search_row BEGIN
    INSERT INTO search_words(rowid, words) VALUES (new.id, new.words);
END;;
CREATE TRIGGER search_row_removed AFTER DELETE ON search_row BEGIN
    INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', old.id, old.words);
END;;
CREATE TRIGGER search_row_changed AFTER UPDATE OF words ON search_row BEGIN
    INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', old.id, old.words);
    INSERT INTO search_words(rowid, words) VALUES (new.id, new.words);
END;;
INSERT INTO search_words(search_words) VALUES ('rebuild')
"""
POSTGRESQL = """
CREATE INDEX ix_search_row_words ON search_row USING gin (string_to_array(words, ' '))
"""
FIRST_ROWS = """
INSERT INTO policy (version, live)
SELECT '1', true WHERE NOT EXISTS (SELECT 1 FROM policy);;
INSERT INTO view (name, policy_id, audience)
SELECT 'public', id, 'public' FROM policy WHERE NOT EXISTS (SELECT 1 FROM view)
"""
CLOCK = """
INSERT INTO hub_clock (id, created, closed, stamped, turn, last_cluster, ticked)
SELECT 1, :now, :now, 0, 0, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM hub_clock)
"""


def upgrade() -> None:
    """Make the index, the first policy, the public view and the clock."""
    connection = op.get_bind()
    index = SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL
    for statement in (*index.split(";;"), *FIRST_ROWS.split(";;")):
        connection.exec_driver_sql(statement)
    # Never stamp before the hub was made: earliestDatestamp must bound all stamps.
    connection.execute(
        sa.text(CLOCK).bindparams(sa.bindparam("now", type_=sa.BigInteger)),
        {"now": int(time.time())},
    )


def downgrade() -> None:
    """Remove the index; the first rows are data and stay as long as their tables."""
    if op.get_bind().dialect.name == "sqlite":
        for name in ("search_row_added", "search_row_removed", "search_row_changed"):
            op.execute(f"DROP TRIGGER {name}")
        op.execute("DROP TABLE search_words")
    else:
        op.execute("DROP INDEX ix_search_row_words")
