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
from support.loopback import replying
from support.oai_source import Item, Repository, items
from support.staff import PASSWORD, room
from support.waitress_server import waitress_serving
from web.app import create_app

DESK, PHONE = 1280, 390
TAB, ENTER = 9, 13
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


WORDS = {"vi": "Bước {number} trong 5", "en": "Step {number} of 5"}


def at_step(language: str, number: int) -> str:
    """Return what is true once a step of the wizard has come whole."""
    words = WORDS[language].format(number=number)
    here = f"document.querySelector('p.path')?.textContent === '{words}'"
    return f"document.readyState === 'complete' && {here}"


def press_next(browser: Browser) -> None:
    """Go to the first button of the page's form, and press it, by keyboard alone."""
    browser.run("document.querySelector('main h1').scrollIntoView()")
    for _ in range(60):
        browser.press("Tab", TAB)
        if browser.run("document.activeElement === document.querySelector('main form button')"):
            break
    browser.press("Enter", ENTER, "\r")


@pytest.mark.parametrize(("language", "width"), [("vi", DESK), ("en", PHONE)])
def test_a_source_is_added_in_five_steps_by_keyboard_alone(
    browser: Browser, served: str, members: Hub, language: str, width: int
):
    wide = {}
    with replying(Repository(items=[*items(2), BROKEN], sets=("a",))) as address:
        browser.width(width)
        sign_in(browser, served, PASSWORD, language)
        browser.open(f"{served}/staff/add-source")
        browser.fill("#url", address)
        browser.press("Enter", ENTER, "\r")
        for step in (2, 3, 4, 5):
            browser.until(at_step(language, step))
            wide[step] = browser.run("document.documentElement.scrollWidth")
            if step == 3:
                browser.fill("#name", "moi")
                browser.fill("#library", "TV-1")
            press_next(browser)
        browser.until("location.pathname === '/staff/sources/moi'")

    assert wide == dict.fromkeys((2, 3, 4, 5), width)
    assert sources.get(members.database, "moi").library == "TV-1"
    assert browser.complaints == []


@pytest.mark.parametrize(("language", "width"), [("vi", PHONE), ("en", DESK)])
def test_a_harvest_shows_its_log_and_is_read_once_more(
    browser: Browser, served: str, members: Hub, language: str, width: int
):
    browser.width(width)
    sign_in(browser, served, PASSWORD, language)
    browser.open(f"{served}/staff/runs/1")
    wide = [browser.run("document.documentElement.scrollWidth")]
    lines = browser.run("document.querySelectorAll('#log tr').length")
    browser.run("document.querySelector('.kinds details').open = true")
    browser.click(".kinds a[href*='/problems/']")
    browser.until("location.pathname.includes('/problems/') && !!document.querySelector('pre')")
    wide.append(browser.run("document.documentElement.scrollWidth"))
    browser.open(f"{served}/staff/runs/1")
    browser.click("form[action$='/replay'] button")
    browser.until("location.pathname === '/staff/sources/s1'")
    with beside(members.work):
        wait_until(lambda: runs.all(members.database, "s1")[0].replays == 1)

    assert wide == [width] * 2
    assert lines > 1
    assert browser.complaints == []
