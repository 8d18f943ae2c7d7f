"""``lienthong bench line``: the whole line over made-up members, measured and reported."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from catalogue import database
from hub.bench.stages import NAMES
from support.engines import SQLITE_USUALLY

COMMAND = ("bench", "line", "--members", "3")


def check_figures(size: dict) -> None:
    """What came out is what went in, but for what was wrong with it."""
    line, found, dirt = size["line"], size["found"], size["dirt"]
    again = dirt["twice"] + dirt["changed"] + dirt["deleted"]
    assert line["delivered"] == size["entries"] == size["records"] + again
    assert found["quarantined"] == dirt["unreadable"] + dirt["other"]
    assert found["records"] == size["records"] - found["quarantined"] - dirt["deleted"]
    assert found["given_out"] == found["clusters"] <= found["records"]


def check_stages(size: dict) -> None:
    """All processor time is in some stage, and each of them had some."""
    shares = {one["stage"]: one["cpu_seconds"] for one in size["stages"]}
    assert list(shares) == list(NAMES)
    assert all(shares[stage] > 0 for stage in ("match", "store", "merge", "index", "write"))
    spent = sum(shares.values()) + size["sampling"]["cpu_seconds"]
    assert spent == pytest.approx(size["line"]["cpu_seconds"], rel=0.1)


def check_files(folder: Path) -> None:
    """Nothing is left but the report, in the language of who asked."""
    names = ["cost.svg", "report.json", "report.md", "stages.svg"]
    assert sorted(path.name for path in folder.iterdir()) == names
    assert "## Từng công đoạn" in (folder / "report.md").read_text("utf-8")
    assert "xếp cụm" in (folder / "stages.svg").read_text("utf-8")


@pytest.mark.timeout(300)
@SQLITE_USUALLY
def test_any_number_of_workers_leaves_the_same_and_all_of_it_is_reported(
    engine, lienthong, tmp_path
):
    with engine.fresh(migrated=False) as url:
        (report,) = lienthong(
            *(*COMMAND, "--records", "120", "--records", "20", "--processes", "1", "--no-peers"),
            *("--database", url, "--output", str(tmp_path / "report"), "--json"),
            LIENTHONG_PUBLIC__LANGUAGE="vi",
        ).json
        left, schema = database.tables_of(url), database.schema_of(url)
    told = lienthong(*COMMAND, "--records", "120", "--processes", "2", "--output", str(tmp_path))

    small, large = report["sizes"]
    assert (small["records"], large["records"]) == (20, 120)
    assert (left - {"alembic_version"}, schema) == (set(), "")
    assert url not in json.dumps(report)
    assert report["growth"][0].keys() == {"from", "to", "cpu", "clock"}
    check_figures(large)
    check_stages(large)
    check_files(tmp_path / "report")
    assert told.code == 0
    assert "sickle and pymarc" in told.out
    (other,) = json.loads((tmp_path / "report.json").read_text("utf-8"))["sizes"]
    assert len(other["line"]["workers"]) == 2
    assert other["found"]["digest"] == large["found"]["digest"]
    assert [one["records"] for one in other["peers"]] == [other["entries"]] * 4
    assert set(other["ratios"]) == {"bytes", "lxml", "sickle", "sickle-pymarc"}


def test_a_folder_with_a_report_is_refused(lienthong, tmp_path):
    (tmp_path / "report.json").touch()

    said = lienthong("bench", "line", "--output", str(tmp_path))

    assert said.code == 2
    assert "report.json" in said.err


def test_a_database_that_has_tables_is_refused(lienthong, tmp_path):
    url = f"sqlite:///{tmp_path}/hub.db"
    database.upgrade(url)

    said = lienthong("bench", "line", "--database", url)

    assert said.code == 2
    assert "--database" in said.err


def living(group: int) -> list[str]:
    """Return what Linux tells of the processes of a group that run (proc(5)); the dead may lie."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            line = path.read_text("ascii", "replace")
            state, _, its, *_ = line.rpartition(")")[2].split()
            found += [line] if its == str(group) and state != "Z" else []
    return found


def test_stopping_it_ends_its_processes_and_takes_its_folders_away(tmp_path):
    command = [str(Path(sys.executable).with_name("lienthong")), "--lang", "en", "bench", "line"]
    options = ["--records", "2000", "--members", "40", "--processes", "1", "--no-peers"]
    options += ["--output", str(tmp_path)]
    environment = {**os.environ, "LIENTHONG_INSTANCE": str(tmp_path / "none")}
    # Who runs tests in the background may have them ignore it, and so whatever they begin.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(
        [*command, *options], env=environment, stderr=subprocess.PIPE, text=True, process_group=0
    ) as process:
        signal.signal(signal.SIGINT, before)
        assert process.stderr is not None
        while "harvesting" not in (said := process.stderr.readline()):
            assert said
        os.killpg(process.pid, signal.SIGINT)
        process.wait(30)
        rest = process.stderr.read()

    assert process.returncode == 1
    assert rest.strip().splitlines()[-1] == "Stopped."
    assert "Traceback" not in rest
    assert list(tmp_path.iterdir()) == []
    assert living(process.pid) == []
