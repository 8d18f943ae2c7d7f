"""How long the pages of problems take in a hub with a million records, each with a problem.

A thousand sources with all their runs, made by SQL: nothing is harvested. Pages are asked for in
turn with all others, by somebody signed in; counted are the server's own milliseconds.
"""

from __future__ import annotations

import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from statistics import median, quantiles

from flask.testing import FlaskClient
from sqlalchemy import text

from bench.crowd import fill
from bench.harness import save
from bench.signed_in import asked, signed_in
from catalogue import problem_figures
from catalogue.database import Database, upgrade
from web.quality.words import STEPS

_LARGEST = "s0"
"""Has a third of all records, as the first run has."""
_RECORDS = """
INSERT INTO record (source_id, identifier, state, rev, datestamp, format, crosswalk_version,
    seen_run, raw_hash, content_hash, features_version, raw, refused, arrived)
SELECT CASE WHEN i % 3 = 0 THEN (SELECT MIN(id) FROM source) ELSE 1 + i % 1000 END,
    'oai:x.vn:' || i, 'active', 1, '', '', '', 1, :empty, :empty, 1, :empty, false, 0
FROM n
"""
_PROBLEMS = """
INSERT INTO problem (source_id, run_id, record_id, identifier, code, severity, field, sample,
    detail)
SELECT source_id, CASE WHEN id % 3 = 0 THEN 1 ELSE 1 + id % 100000 END, id, identifier,
    CASE id % 60 {codes} END, CASE WHEN id % 60 < 5 THEN 'error' ELSE 'warning' END, '245',
    'Nhan đề ' || id, ''
FROM record
"""
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :most)"
_PAGES = {
    "all kinds": "",
    "one kind": "?code={code}",
    "one source": f"?source={_LARGEST}",
    "one source, one kind": f"?source={_LARGEST}&code={{code}}",
    "one library (all sources)": "?library=L1",
    "one run": "?run=1",
    "a page far down": "?at={code}&after={far}",
}


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--database", help="an empty one, or one filled before; default: SQLite")
    parser.add_argument("--filled", action="store_true", help="it was filled by an earlier run")


def run(options: Namespace) -> None:
    """Fill a hub, ask for each page, and print how long answers took."""
    with tempfile.TemporaryDirectory() as folder:
        url = options.database or f"sqlite:///{Path(folder) / 'hub.db'}"
        upgrade(url)
        database = Database.open(url)
        if not options.filled:
            _fill(database, options.records)
        began = time.perf_counter()
        counted = problem_figures.count_if_due(database)
        spent = time.perf_counter() - began
        results = _measured(signed_in(database, url, folder), options)
        database.close()
    if counted:
        print(f"\ncounted in the background: {spent:.2f} seconds")
    print(f"\npages of problems, {options.records:,} records, milliseconds")
    print(f"  {'':<28} {'p50':>8} {'p95':>8}")
    for name, (middle, high) in results.items():
        print(f"  {name:<28} {middle:>8.1f} {high:>8.1f}")
    save("problems", vars(options), {"milliseconds": results})


def _fill(database: Database, records: int) -> None:
    fill(database)
    codes = [*STEPS][:60]
    cases = " ".join(f"WHEN {at} THEN '{code}'" for at, code in enumerate(codes))
    told = {"most": records, "empty": b""}
    with database.write.begin() as connection:
        if database.postgresql:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(f"{_NUMBERS} {_RECORDS}"), told)
        connection.execute(text(_PROBLEMS.format(codes=cases)))
    with database.write.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if database.postgresql else "ANALYZE"))


def _measured(client: FlaskClient, options: Namespace) -> Mapping[str, tuple[float, float]]:
    code = sorted([*STEPS][:60])[30]
    pages = {
        name: "/staff/problems" + each.format(code=code, far=options.records // 2)
        for name, each in _PAGES.items()
    }
    spent: dict[str, list[float]] = {name: [] for name in pages}
    for at in range(options.rounds + 1):
        for name, address in pages.items():
            taken = asked(client, address)
            if at:
                # The first round warms what a running hub has warm.
                spent[name].append(taken)
    return {name: (median(each), quantiles(each, n=20)[-1]) for name, each in spent.items()}
