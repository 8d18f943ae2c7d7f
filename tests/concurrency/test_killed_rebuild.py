"""A rebuild that changes very many clusters: seen before, killed at any step, gone on with.

Whoever reads meanwhile sees each cluster old or new, never half.
"""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bench.seed import seed
from catalogue import browse, policies
from catalogue.cluster.place import waiting
from catalogue.cluster.rebuild import rebuild
from catalogue.database import Database
from catalogue.raw import FolderRawStore
from catalogue.tables import ClusterRow
from hub.bench.generate import Recipe
from scheduler.model import Line
from scheduler.placing import Placer
from scheduler.policies import work_out
from scheduler.rebuilding import rebuild_due
from support.harvesting import LOOPBACK
from support.pages import HUB
from support.policies import changed
from support.processes import function, running

_SOURCE = re.compile(r"^\(TV\d+\)")


def rebuild_and_place(url: str, folder: str, limit: int) -> int:
    """Do as a worker does, telling each step; return how many records were placed."""
    database = Database.open(url)
    line = Line(db=database, raw_store=FolderRawStore(Path(folder)), identity=HUB, http=LOOPBACK)
    done, step = 0, 0
    print("begun", flush=True)
    rebuild_due(line)
    print("rebuilt", flush=True)
    with Placer(database, HUB) as placer:
        while waiting(database, 1):
            done += placer.step(limit)
            step += 1
            print(f"step {step};", flush=True)
    database.close()
    return done


def read_some(database: Database, chance: random.Random, count: int = 40) -> set[str]:
    """Look at clusters as readers do; return their states."""
    with database.reading() as connection:
        highest = connection.execute(select(func.max(ClusterRow.id))).scalar_one()
        wanted = ClusterRow.id.in_([chance.randint(1, highest) for _ in range(count)])
        ids = connection.execute(select(ClusterRow.public_id).where(wanted)).scalars().all()
    found = [browse.cluster(database, public_id) for public_id in ids]
    for each in found:
        fields = each.master.values("035", "a") if each.master else []
        told = sum(bool(_SOURCE.match(value)) for value in fields)
        assert told == len(each.members)
    return {each.state for each in found}


@pytest.mark.parametrize(
    "engine", ["postgresql", pytest.param("sqlite", marks=pytest.mark.soak)], indirect=True
)
@pytest.mark.parametrize(
    ("records", "limit", "kills"),
    [
        (1_000, 20, ("begun", "rebuilt", "step 3;")),
        pytest.param(
            700_000,
            2_000,
            ("begun", "rebuilt", "step 3;", "step 20;", "step 20;"),
            marks=pytest.mark.soak,
        ),
    ],
)
def test_a_rebuild_is_seen_before_and_survives_being_killed(
    database_url: str, tmp_path: Path, records: int, limit: int, kills: tuple[str, ...]
) -> None:
    seed(database_url, Recipe(), records, processes=2)
    hub, chance = Database.open(database_url), random.Random(7)
    policies.add(hub, changed("strict", sure=1.0, same=1.0, theta=1.0), "an")
    seen = work_out(hub, "strict")
    foreseen = seen.told
    policies.switch(hub, "strict", seen.token, "an")

    states: set[str] = set()
    for moment in kills:
        with running(function(rebuild_and_place, database_url, str(tmp_path), limit)) as (one,):
            while moment not in one.out:
                assert one.running, one.err
                states |= read_some(hub, chance)
                time.sleep(0.01)
            one.kill()
        assert waiting(hub, 1)
        states |= read_some(hub, chance)
    with running(function(rebuild_and_place, database_url, str(tmp_path), limit)) as (one,):
        last = one.finish(seconds=7200)
    left = rebuild(hub, dry_run=True)

    assert foreseen["changed"] > records // 8
    assert last.value > 0
    assert (left.again, left.links, left.effect.changed) == (0, 0, 0)
    assert left.effect.clusters == foreseen["clusters_then"]
    assert "live" in states
    hub.close()
