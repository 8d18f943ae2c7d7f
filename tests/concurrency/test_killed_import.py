"""kill -9 of a check and of an apply, at any moment: saying it once more comes to the same."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path
from typing import Any

from support.deliveries import books
from support.engines import SQLITE_USUALLY
from support.processes import lienthong, run, running

RECORDS = 2500
"""Of the file: enough that it is still read when its reader is killed."""


class Hub:
    """A hub on a database of its own, spoken to by its commands only."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder / "instance"
        self.file = folder / "sach.mrc"
        folder.mkdir()
        self.file.write_bytes(books(range(RECORDS)))
        self.env = {"LIENTHONG_INSTANCE": str(self.folder), "LIENTHONG_DATABASE_URL": url}
        source = ["--protocol", "file", "--url", "file:", "--library", "L1"]
        self.say("sources", "add", "s1", *source)

    def say(self, *arguments: str) -> str:
        (outcome,) = run(lienthong(*arguments), env=self.env)
        assert outcome.code == 0, outcome.err
        return outcome.out.strip()

    def kill(self, *arguments: str, after: str, seconds: float) -> bool:
        """Start a command and kill it some time after its first news; tell if it still ran."""
        with running(lienthong(*arguments), env=self.env) as (process,):
            process.await_text(after)
            time.sleep(seconds)
            still = process.running
            process.kill()
        return still

    def shown(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.say("import", "show", "1", "--json"))
        return told


@SQLITE_USUALLY
def test_a_check_and_an_apply_killed_at_any_moment_are_gone_on_with(engine, tmp_path):
    chance = random.Random(1)
    with engine.fresh() as url, engine.fresh() as other:
        broken, whole = Hub(tmp_path / "broken", url), Hub(tmp_path / "whole", other)
        file = str(broken.file)
        # The first of each at once: then there is something left to do, however fast the machine.
        checks = [
            broken.kill("import", "check", "s1", file, after="checking", seconds=seconds)
            for seconds in (0, chance.random() / 3)
        ]
        broken.say("import", "check", "s1", file)
        applies = [
            broken.kill("import", "apply", "1", after="harvesting", seconds=seconds)
            for seconds in (0, chance.random())
        ]
        broken.say("import", "apply", "1")
        whole.say("import", "now", "s1", str(whole.file))
        for hub in (broken, whole):
            hub.say("harvest", "s1")
        mine, others = broken.shown(), whole.shown()

        assert (checks[0], applies[0]) == (True, True)
        assert (mine["state"], mine["report"]) == ("applied", others["report"])
        assert broken.say("db", "digest") == whole.say("db", "digest")
        assert [path.name for path in broken.folder.glob("incoming/s1/done/*")] == [
            "00000001-auto-sach.mrc"
        ]
