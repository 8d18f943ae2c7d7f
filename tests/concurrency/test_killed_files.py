"""kill -9 of a harvest of files, at any page."""

from __future__ import annotations

import random
import time

import pytest

from support.engines import SQLITE_USUALLY
from support.files import book
from support.processes import lienthong, run, running

RECORDS = 1500


class Hub:
    """A hub on a database of its own, with one source of files."""

    def __init__(self, folder, url: str, path) -> None:
        self.env = {"LIENTHONG_INSTANCE": str(folder), "LIENTHONG_DATABASE_URL": url}
        where = ["--protocol", "file", "--url", f"file:{path}", "--library", "L1"]
        self.say("sources", "add", "s1", *where, "--delivers", "whole")

    def say(self, *arguments: str) -> str:
        (outcome,) = run(lienthong(*arguments), env=self.env)
        assert outcome.code == 0, outcome.err
        return outcome.out.strip()

    def kill_a_harvest(self, seconds: float) -> bool:
        """Start a harvest and kill it after its first page and some time; tell if it still ran."""
        with running(lienthong("harvest", "s1"), env=self.env) as (process,):
            process.await_text("harvesting")
            time.sleep(seconds)
            still = process.running
            process.kill()
        return still


@SQLITE_USUALLY
@pytest.mark.parametrize("seed", [1])
def test_a_harvest_of_files_killed_at_any_page_ends_as_an_uninterrupted_one(engine, tmp_path, seed):
    chance = random.Random(seed)
    folder = tmp_path / "files"
    folder.mkdir()
    # Some identifiers come twice with other content: their numbers must not depend on the kills.
    data = [
        book(number % 1400) if number < 1400 else book(number % 1400, "Khác")
        for number in range(RECORDS)
    ]
    (folder / "1.mrc").write_bytes(b"".join(data[:700]))
    (folder / "2.mrc").write_bytes(b"".join(data[700:]))
    with engine.fresh() as url, engine.fresh() as other:
        broken, whole = (
            Hub(tmp_path / name, at, folder) for name, at in (("b", url), ("w", other))
        )
        killed = [broken.kill_a_harvest(chance.random()) for _ in range(3)]
        for hub in (broken, whole):
            hub.say("harvest", "s1")

        assert killed[0]
        assert broken.say("db", "digest") == whole.say("db", "digest")
        assert '"absent": 0' in broken.say("harvest", "s1", "--full", "--json")
