"""kill -9 of the command line's harvest, at any moment, over real HTTP."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.demo.endpoints import RunningMember, members
from support.processes import lienthong, run, running

RECORDS = 600
"""Of the source: enough that a harvest takes longer than the moments at which it is killed."""


@pytest.fixture(scope="module")
def member() -> Iterator[RunningMember]:
    with members(RECORDS) as all_members:
        yield min(all_members, key=lambda each: each.prefix)


class Hub:
    """A hub on a database of its own, spoken to by its commands only."""

    def __init__(self, folder: Path, url: str) -> None:
        self.env = {
            "LIENTHONG_INSTANCE": str(folder),
            "LIENTHONG_DATABASE_URL": url,
            "LIENTHONG_HARVEST__ALLOW_NETWORKS": "127.0.0.0/8",
        }

    def say(self, *arguments: str) -> str:
        (outcome,) = run(lienthong(*arguments), env=self.env)
        assert outcome.code == 0, outcome.err
        return outcome.out.strip()

    def add(self, member: RunningMember) -> None:
        place = ["--url", member.url, "--library", member.library_code, "--prefix", member.prefix]
        self.say("sources", "add", "s1", "--protocol", "oai-pmh", *place)

    def kill_a_harvest(self, seconds: float) -> bool:
        """Start a harvest and kill it after its first page and some time; tell if it still ran."""
        with running(lienthong("harvest", "s1"), env=self.env) as (process,):
            process.await_text("harvesting")
            time.sleep(seconds)
            still = process.running
            process.kill()
        return still


@pytest.mark.parametrize(
    "engine", ["postgresql", pytest.param("sqlite", marks=pytest.mark.soak)], indirect=True
)
@pytest.mark.parametrize("seed", [1])
def test_a_harvest_killed_at_any_moment_ends_in_the_digest_of_an_uninterrupted_one(
    engine, tmp_path, member, seed
):
    chance = random.Random(seed)
    with engine.fresh() as url, engine.fresh() as other:
        broken, whole = Hub(tmp_path / "broken", url), Hub(tmp_path / "whole", other)
        for hub in (broken, whole):
            hub.add(member)
        killed = [broken.kill_a_harvest(chance.random() * 1.2) for _ in range(3)]
        for hub in (broken, whole):
            hub.say("harvest", "s1")

        assert killed[0]
        assert broken.say("db", "digest") == whole.say("db", "digest")
