"""The pages of a source in a real browser, in both languages, on a desk and on a telephone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from catalogue import runs, source_notes, sources, users
from catalogue.users import Role
from hub.sourcecheck import check
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest, settle
from support.browser import Browser, chromium, sign_in
from support.lines import Hub, beside, wait_until
from support.oai_source import Item, Repository, items
from support.staff import PASSWORD, room
from support.waitress_server import waitress_serving
from web.app import create_app

DESK, PHONE = 1280, 390
BROKEN = Item(identifier=f"oai:thuvien.example.vn:{'x' * 60}", payload="<q xmlns='urn:q'/>")


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def served(members: Hub) -> Iterator[str]:
    """Give the address of a hub with one operator and a source of three records, one broken."""
    users.add(members.database, "lan", PASSWORD, Role.OPERATOR)
    members.add("s1", Repository(items=[*items(2), BROKEN], deleted_record="no"))
    harvest(members.line, "s1", HarvestOptions())
    settle(members.line)
    app = create_app(
        members.database,
        members.line.identity,
        b"k" * 32,
        room=room(members.database, line=members.line, check=check),
    )
    with waitress_serving(app) as url:
        yield url


@pytest.mark.parametrize(("language", "width"), [("vi", PHONE), ("en", DESK)])
def test_the_tabs_of_a_source_lead_to_its_records_and_wishes(
    browser: Browser, served: str, members: Hub, language: str, width: int
):
    browser.width(width)
    sign_in(browser, served, PASSWORD, language)
    wide = {}
    tabs = ["", *(f"/{tab}" for tab in ("records", "problems", "mapping", "notes", "harvest"))]
    for tab in tabs:
        browser.open(f"{served}/staff/sources/s1{tab}")
        wide[tab] = browser.run("document.documentElement.scrollWidth")
    browser.click("section:nth-of-type(3) button")
    browser.until("location.pathname === '/staff/sources/s1'")
    with beside(members.work):
        wait_until(lambda: runs.all(members.database, "s1")[0].options == {"full": True})
    browser.open(f"{served}/staff/sources/s1/notes")
    browser.fill("#note", "Koha 23.05")
    browser.click("main form button")
    browser.until("document.querySelector('dd + dd, dl') !== null")

    assert wide == dict.fromkeys(tabs, width)
    assert source_notes.get(members.database, "s1").note == "Koha 23.05"
    assert sources.get(members.database, "s1").schedule == ""
    assert browser.complaints == []
