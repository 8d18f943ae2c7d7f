"""A hub of a national library's size, made in a moment: a thousand sources and all their runs."""

from __future__ import annotations

import json

from sqlalchemy import text

from catalogue import sources
from catalogue.database import Database
from catalogue.model import Source

SOURCES = 1000
RUNS = 100_000

_SOURCES = """
INSERT INTO source (code, library_id, settings, weight, checkpoint, generation, deletions,
    list_run, list_done, reconciled, decided, shown)
SELECT 's' || i, (SELECT MIN(id) FROM library), :settings, 0, '{}', 0, '', 0, false, 0, '', ''
FROM n
"""
_RUNS = """
INSERT INTO run (job_id, source_id, status, started, finished, delivered, added, changed,
    unchanged, deleted, quarantined, held, absent, pages, message, code, details, options,
    absent_held, generation, decision, accepts)
SELECT (SELECT MIN(id) FROM job), 1 + i % (SELECT MAX(id) FROM source),
    CASE WHEN i % 50 = 7 THEN 'failed' ELSE 'succeeded' END,
    1700000000000 + i * 1000, 1700000000500 + i * 1000, 0, 0, 0, 0, 0, 0, 0, 0, 1, '', '', '{}',
    '{}', 0, 0, '', false
FROM n
"""
_FIRST = "SELECT settings FROM source WHERE code = 's0'"
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :most)"


def fill(database: Database, schedule: str = "daily 02:30") -> None:
    """Give a hub a thousand sources with a schedule, and a hundred past runs for each."""
    first = Source(
        name="s0", library="L1", protocol="oai-pmh", url="http://x.vn/oai", schedule=schedule
    )
    sources.add(database, first)
    with database.write.begin() as connection:
        if database.postgresql:
            # Nobody need look up a hundred thousand times whether source and job are there.
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        settings = connection.execute(text(_FIRST)).scalar_one()
        job = "INSERT INTO job (kind, key, payload, state, priority, due, attempts, lease_token,"
        job += " lease_until, owner, stopping) VALUES ('harvest', 'h', '{}', 'done', 0, 0, 1, 1, 0,"
        connection.execute(text(f"{job} '', false)"))
        told = {"settings": json.dumps(json.loads(settings)), "most": SOURCES - 1}
        connection.execute(text(f"{_NUMBERS} {_SOURCES}"), told)
        connection.execute(text(f"{_NUMBERS} {_RUNS}"), {"most": RUNS})
    with database.write.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
