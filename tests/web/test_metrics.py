"""What a hub tells Prometheus, who may ask, and which alarms follow from it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import event, insert, update
from sqlalchemy.engine import make_url

from catalogue import clock, daily, queue
from catalogue.alerts.tables import AlertRow, WatchRow
from catalogue.backup.making import Making, make
from catalogue.database import Database
from catalogue.model import HubIdentity
from catalogue.tables import JobRow, RunRow
from support.engines import Engine
from support.filled import add_library, book, deliver
from web import figures
from web.app import create_app
from web.counting import Disks, Doors

RULES = Path(__file__).parents[2] / "deploy/prometheus/lienthong.rules.yml"
HOURS = 3
DAY = 86_400


@pytest.fixture(scope="module")
def made(sqlite_engine: Engine) -> Iterator[Path]:
    """Make a hub with two records, once."""
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        add_library(database, "TVA", "Thư viện A")
        deliver(database, "TVA", {"1": book("Số đỏ"), "2": book("Giông tố")})
        daily.count_if_due(database)
        database.close()
        yield Path(str(make_url(url).database))


@pytest.fixture
def hub(made: Path, tmp_path: Path) -> Iterator[Database]:
    """Give a hub of one's own, of which a clock runs."""
    shutil.copyfile(made, tmp_path / "hub.db")
    database = Database.open(f"sqlite:///{tmp_path}/hub.db")
    queue.claim(database, "clock", "clock")
    clock.tick(database)
    yield database
    database.close()


def told(database: Database, folder: Path, **settings: object) -> str:
    disks = Disks(folders={"instance": folder}, backups=folder / "backups")
    app = create_app(database, HubIdentity(), b"k" * 32, doors=Doors(disks=disks, **settings))
    client = app.test_client()
    client.get("/oai?verb=Identify")
    client.get("/?q=so")
    answer = client.get("/metrics")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_all_that_is_told_is_as_prometheus_wants_it(hub: Database, tmp_path):
    text = told(hub, tmp_path)
    done = subprocess.run(
        [promtool(), "check", "metrics"], input=text, text=True, capture_output=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert 'lienthong_harvest_records_total{outcome="added",source="tva"} 2.0' in text
    assert 'lienthong_catalogue{what="records"} 2.0' in text
    for protocol in ("oai", "search"):
        assert re.search(rf'answer_seconds_count{{protocol="{protocol}"}} [1-9]', text)


def test_the_database_is_asked_once_in_a_while_and_as_often_for_many(hub: Database, tmp_path):
    asked: list[str] = []
    event.listen(hub.primary, "before_cursor_execute", lambda *said: asked.append(said[2]))
    now = [0.0]
    kept = figures.Figures(hub, Disks(), now=lambda: now[0])
    counts = []
    for n in range(3):
        for _ in range(3):
            list(kept.collect())
        counts.append(len(asked))
        asked.clear()
        now[0] += figures.EVERY_SECONDS
        add_library(hub, f"TV{n}", "")
        asked.clear()

    assert len(set(counts)) == 1


@pytest.mark.parametrize(
    ("settings", "headers", "address", "status"),
    [
        ({}, {}, "127.0.0.1", 200),
        ({}, {}, "10.1.2.3", 403),
        ({"metrics": ("10.0.0.0/8",)}, {}, "10.1.2.3", 200),
        ({}, {"X-Forwarded-For": "203.0.113.1"}, "127.0.0.1", 403),
        ({"proxies": 1}, {"X-Forwarded-For": "127.0.0.1"}, "127.0.0.1", 200),
    ],
)
def test_figures_are_for_those_who_run_the_hub(hub, settings, headers, address, status):
    app = create_app(hub, HubIdentity(), b"k" * 32, doors=Doors(**settings))
    answer = app.test_client().get(
        "/metrics", headers=headers, environ_base={"REMOTE_ADDR": address}
    )

    assert answer.status_code == status


def test_a_hub_is_ready_while_its_database_answers_and_is_of_its_version(hub: Database):
    client = create_app(hub, HubIdentity(), b"k" * 32).test_client()
    before = client.get("/readyz")
    with hub.write.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    other = client.get("/readyz")
    with hub.write.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
    without = client.get("/readyz")

    assert [each.status_code for each in (before, other, without)] == [200, 503, 503]
    assert b"schema 0001" in other.get_data()
    assert client.get("/healthz").status_code == 200


def write(database: Database, statement: object) -> None:
    with database.write.begin() as connection:
        connection.execute(statement)


def stand(**values: object) -> Callable[[Database, Path], None]:
    usual = {"source_id": 1, "since": 1, "seen_run": 1, "expires": 0, "probed": 0}
    flags = dict.fromkeys(("failing", "silent", "waiting"), False)
    return lambda database, _: write(
        database, insert(WatchRow).values({**usual, **flags, **values})
    )


def shrunk(database: Database, _: Path) -> None:
    values = {"kind": "shrinking", "severity": "warning", "source_id": 1, "details": "{}"}
    write(database, insert(AlertRow).values(at=int(time.time()) - 60, **values))


def waiting(database: Database, _: Path) -> None:
    write(database, update(RunRow).values(status="waiting"))


def stuck(database: Database, _: Path) -> None:
    queue.enqueue(database, "harvest", "source:1", int(time.time()) - 7200)


def abandoned(database: Database, _: Path) -> None:
    queue.claim(database, "place", "place")
    write(database, update(JobRow).where(JobRow.kind == "place").values(lease_until=0, owner=""))


def full(_: Database, folder: Path) -> None:
    (folder / "full").touch()


def old_backup(database: Database, folder: Path) -> None:
    made = make(Making(database=database, instance=folder, version="1", into=folder / "backups"))
    about = json.loads((made.folder / "backup.json").read_bytes())
    del about["form"], about["sum"]
    old = type(made.about)(**{**about, "made": about["made"] - 3 * DAY})
    (made.folder / "backup.json").write_bytes(old.written())


def no_clock(database: Database, _: Path) -> None:
    write(database, update(JobRow).where(JobRow.kind == "clock").values(state="done"))


class Usage(NamedTuple):
    total: int
    used: int
    free: int


class Alarm(NamedTuple):
    name: str
    put: Callable[[Database, Path], None]


@pytest.mark.parametrize(
    ("name", "put"),
    [
        Alarm("LienThongHarvestFailed", stand(failing=True)),
        Alarm("LienThongSourceSilent", stand(silent=True)),
        Alarm("LienThongSourceShrank", shrunk),
        Alarm("LienThongWaitsForDecision", waiting),
        Alarm("LienThongQueueStuck", stuck),
        Alarm("LienThongWorkAbandoned", abandoned),
        Alarm("LienThongCertificateEnds", stand(expires=int(time.time()) + 3 * DAY)),
        Alarm("LienThongDiskNearlyFull", full),
        Alarm("LienThongNoClock", no_clock),
        Alarm("", lambda *_: None),
    ],
)
def test_what_goes_wrong_raises_its_alarm_and_no_other(
    hub: Database, tmp_path, monkeypatch, name, put
):
    put(hub, tmp_path)
    free = 5 if (tmp_path / "full").exists() else 50
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100, 100 - free, free))

    assert alarms(told(hub, tmp_path), tmp_path) == ({name} if name else set())


def test_an_old_backup_raises_its_alarm(hub: Database, tmp_path, monkeypatch):
    old_backup(hub, tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100, 50, 50))

    assert alarms(told(hub, tmp_path), tmp_path) == {"LienThongBackupOld"}


def test_a_hub_that_says_nothing_raises_its_alarm(tmp_path):
    assert alarms("", tmp_path) == {"LienThongDown"}


def test_slow_answers_raise_their_alarm(tmp_path):
    name = "lienthong_answer_seconds_bucket"
    slow = "".join(
        f'{name}{{protocol="oai",le="{le}"}} {"0+1x200" if le == "+Inf" else "0x200"}\n'
        for le in ("2.5", "5.0", "+Inf")
    )

    assert alarms(slow + "lienthong_up 1\n", tmp_path) == {"LienThongSlow"}


def promtool() -> str:
    found = shutil.which("promtool")
    if found is None:
        pytest.skip("promtool is not installed: on Debian, apt install prometheus")
    return found


def alarms(text: str, folder: Path) -> set[str]:
    """Return which rules of ours Prometheus fires after some hours of what is told now."""
    now, at = time.time(), HOURS * 3600
    series = []
    for line in text.splitlines():
        found = re.fullmatch(r"([a-z_]+)(\{.*\})? (\S+)", line)
        if not found or not line.startswith("lienthong_"):
            continue
        name, labels, value = found.groups()
        if name.endswith("_timestamp_seconds"):
            # Its clock begins at 0 in a trial.
            value = str(float(value) - now + at)
        series.append(
            {
                "series": f"{name}{labels or ''}",
                "values": value if "x" in value else f"{float(value):f}x{HOURS * 60}",
            }
        )
    names = re.findall(r"alert: (\w+)", RULES.read_text("utf-8"))
    trial = {
        "rule_files": [str(RULES)],
        "tests": [
            {
                "interval": "1m",
                "input_series": series,
                "alert_rule_test": [
                    {"eval_time": f"{HOURS * 60 - 1}m", "alertname": name, "exp_alerts": []}
                    for name in names
                ],
            }
        ],
    }
    path = folder / "trial.yml"
    path.write_text(json.dumps(trial))
    done = subprocess.run(
        [promtool(), "test", "rules", str(path)], text=True, capture_output=True, check=False
    )
    said = done.stdout + done.stderr
    assert "alertname:" in said or "SUCCESS" in said, said
    return set(re.findall(r"alertname: (\w+)", said))
