"""What runs next on the staff pages, and the pause of all harvests, told on every one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from catalogue import clockwork, queue, sources
from catalogue.clockwork import Maintenance
from catalogue.database import Database
from catalogue.model import Source
from catalogue.options import Connection
from catalogue.store.run import KIND, job_key
from catalogue.users import Role
from scheduler.timetable import Timetable
from support import staff
from support.lines import HANOI
from support.staff import document, inside, post, text

PAGES = (
    "/staff/sources",
    "/staff/runs",
    "/staff/deliveries",
    "/staff/quarantine",
    "/staff/account",
)


def add(database: Database, name: str, **settings: object) -> None:
    usual = {"library": "L1", "protocol": "oai-pmh", "url": "http://x.vn/oai"}
    sources.add(database, Source(name=name, **usual, **settings))


def there(database: Database) -> dict[str, object]:
    """Return what makes a hub be in Viet Nam."""
    line = staff.line(database)
    return {"line": replace(line, timetable=Timetable(zone=HANOI))}


def test_what_comes_next_is_shown_with_what_stands_against_it(database: Database):
    add(database, "dem", schedule="daily 02:30")
    add(database, "nghi", schedule="mondays 02:30", paused=True)
    add(database, "yen", schedule="daily 12:00", connection=Connection(quiet_hours="11:00-13:30"))
    add(database, "cho")
    queue.enqueue(database, KIND, job_key("cho"), 1)
    client = inside(database, Role.VIEWER, **there(database))
    page = document(client.get("/staff/next?lang=vi"))
    rows = {
        row.xpath("string(th)").strip(): " ".join(row.text_content().split())
        for row in page.xpath("//tbody/tr")
    }
    listed = text(client.get("/staff/sources?lang=vi"))

    assert "13:30" in listed
    assert "không có clock nào đang chạy" in page.text_content()
    assert page.xpath("//form[@action='/staff/next/pause']") == []
    assert "02:30" in rows["dem"]
    assert "hằng ngày lúc 02:30" in rows["dem"]
    assert "13:30" in rows["yen"]
    assert "chờ hết giờ không thu thập" in rows["yen"]
    assert "trong hàng đợi" in rows["cho"]
    assert rows["nghi"].startswith("– nghi thứ hai lúc 02:30 tạm dừng")


def test_all_harvests_are_paused_and_let_go_on_and_every_page_says_so(database: Database):
    add(database, "s1")
    client = inside(database, **there(database))
    before = text(client.get("/staff/sources"))
    post(client, "/staff/next/pause", why="sao lưu <b>")
    said = [text(client.get(page)) for page in PAGES]
    post(client, "/staff/sources/s1/run")
    shown = text(client.get("/staff/sources/s1"))
    post(client, "/staff/next/go-on")
    after = text(client.get("/staff/sources"))

    assert "paused until" not in before
    assert all("paused until somebody lets them go on. (sao lưu <b>)" in page for page in said)
    assert "it begins when harvests go on" in shown
    assert "paused until" not in after.replace("Harvests go on.", "")
    assert clockwork.maintenance(database) is None


def test_a_pause_is_planned_in_the_time_of_the_hub(database: Database):
    tomorrow = datetime.now(HANOI) + timedelta(days=1)
    client = inside(database, **there(database))
    begins, ends = (f"{tomorrow:%Y-%m-%d}T{hour}:00" for hour in (22, 23))
    answer = post(client, "/staff/next/pause", **{"from": begins, "until": ends})
    window = clockwork.state(database).maintenance
    page = text(client.get("/staff/next"))

    assert answer.status_code == 302
    assert isinstance(window, Maintenance)
    assert [
        f"{datetime.fromtimestamp(at, UTC).astimezone(HANOI):%Y-%m-%dT%H:%M}"
        for at in (window.begins, window.ends)
    ] == [begins, ends]
    assert "The pause of all harvests is planned." in page


def test_a_pause_that_cannot_be_is_refused_in_words_and_a_viewer_pauses_nothing(
    database: Database,
):
    refused = post(inside(database), "/staff/next/pause", until="2020-01-01T06:00")
    forbidden = post(inside(database, Role.VIEWER), "/staff/next/pause")

    assert refused.status_code == 400
    assert "would be over already" in text(refused)
    assert forbidden.status_code == 403
    assert clockwork.state(database).maintenance is None
