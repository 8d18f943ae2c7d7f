"""The page about the hub itself: what runs, what waits, how much room is left, what holds."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from sqlalchemy import event

from catalogue import clockwork, queue
from catalogue.clockwork import Maintenance
from catalogue.database import Database, newest_schema
from catalogue.users import Role
from hub.installed import installed
from hub.instance import Hub
from scheduler.chores import CHORES
from support.staff import document, inside, text
from web.delivered import size
from web.language import translator
from web.staff.system.words import KINDS

SECRET = "mot bi mat cua dich vu"
FILE = '[public]\nname = "Thư viện Quốc gia"\n[oidc]\nclient_secret = "{}"\n'


def at(folder: Path, **environment: str) -> Hub:
    (folder / "lienthong.toml").write_text(FILE.format(SECRET), "utf-8")
    variables = {"LIENTHONG_INSTANCE": str(folder), **environment}
    return Hub(variables, translator("en"))


def rows(page: object) -> dict[str, tuple[str, str]]:
    """Return value and place of each setting on the page."""
    found = page.xpath("//table[contains(@class, 'words')]/tbody/tr")  # type: ignore[attr-defined]
    cells = ([" ".join(cell.text_content().split()) for cell in row] for row in found)
    return {name: (value, where) for name, value, where in cells}


def test_every_setting_stands_there_with_where_it_comes_from_and_no_secret(
    database: Database, tmp_path: Path
):
    hub = at(
        tmp_path,
        LIENTHONG_SERVE__PORT="8090",
        LIENTHONG_DATABASE_READ_URL="postgresql+psycopg://hub:mat-khau@db/hub",
    )
    client = inside(database, Role.ADMIN, installed=installed(hub))
    page = client.get("/staff/system")
    shown = rows(document(page))
    changed = rows(document(client.get("/staff/system?changed=1")))

    file = str(tmp_path / "lienthong.toml")
    assert shown["[public] name"] == ("Thư viện Quốc gia", file)
    assert shown["[serve] port"] == ("8090", "LIENTHONG_SERVE__PORT")
    assert shown["[serve] threads"] == ("8", "as it comes")
    assert shown["[oidc] client_secret"] == ("***", file)
    assert shown["[database] read_url"] == ("***", "LIENTHONG_DATABASE_READ_URL")
    assert shown["[accounts] second_factor"] == ("empty", "as it comes")
    assert set(changed) == {
        "[public] name",
        "[serve] port",
        "[oidc] client_secret",
        "[database] read_url",
    }
    assert [each for each in (SECRET, "mat-khau") if each in page.get_data(as_text=True)] == []


def test_it_tells_what_runs_on_what_with_how_much_room(database: Database, tmp_path: Path):
    made = installed(at(tmp_path))
    page = inside(database, Role.ADMIN, installed=made, z3950="127.0.0.1:9999").get("/staff/system")
    facts = {
        row.xpath("string(dt)"): " ".join(row.xpath("string(dd)").split())
        for row in document(page).xpath("//dl/div")
    }
    said = text(page)

    assert facts["Version"] == f"Liên Thông {made.version} · Python {made.python}"
    assert facts["These pages"].startswith(f"process {made.process}, since")
    assert facts["Z39.50"] == "127.0.0.1:9999"
    assert facts["Schema"] == f"{newest_schema()} as this version needs it"
    assert facts["Search index"] == "is complete"
    assert f"instance folder {tmp_path}" in said
    assert "GiB of" in said
    assert "no clock runs" in said
    assert "Nobody is at anything just now." in said


def test_work_that_nobody_is_at_is_told_unless_harvests_are_paused(database: Database):
    client = inside(database, Role.ADMIN)
    queue.enqueue(database, "harvest", "harvest:a", int(time.time()) - 1000)
    idle = text(client.get("/staff/system"))
    clockwork.pause(database, Maintenance(begins=0))
    paused = text(client.get("/staff/system"))
    clockwork.go_on(database)
    queue.claim(database, clockwork.CLOCK, clockwork.CLOCK)
    led = text(client.get("/staff/system"))
    queue.claim(database, "prune", "prune")
    busy = text(client.get("/staff/system"))
    late = "nobody is at it. Unless it is left alone on purpose, start a worker"

    assert [late in each for each in (idle, paused, led, busy)] == [True, False, True, False]
    assert ["no clock runs" in each for each in (idle, led)] == [True, False]
    assert "harvest 1" in idle
    assert "removing what need not be kept any longer prune somebody is at it" in busy


def test_it_asks_as_often_for_much_work_as_for_none(database: Database):
    client = inside(database, Role.ADMIN)
    asked: list[str] = []
    event.listen(database.read, "before_cursor_execute", lambda *told: asked.append(told[2]))
    counts = []
    for more in (0, 40):
        for number in range(more):
            queue.enqueue(database, "harvest", f"harvest:{number}", 0)
            queue.claim(database, "check", f"check:{number}")
        asked.clear()
        client.get("/staff/system")
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 22


def test_bytes_are_written_as_the_reader_writes_numbers():
    assert [size(1536), size(1536, "vi"), size(2048, "vi")] == ["1.5 KiB", "1,5 KiB", "2 KiB"]


@pytest.mark.parametrize(
    "kind", [chore.kind for chore in CHORES] + ["validate", "preview", "backup"]
)
def test_work_has_a_name_in_vietnamese(database: Database, kind: str):
    client = inside(database, Role.ADMIN)
    queue.claim(database, kind, "x")
    said = text(client.get("/staff/system?lang=vi"))

    assert translator("vi")(KINDS[kind]) in said
    assert translator("vi")(KINDS[kind]) != KINDS[kind]
