"""The pages of a source in a real browser, in both languages, on a desk and on a telephone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from catalogue import runs, source_notes, sources, users
from catalogue.database import Database
from catalogue.model import Run
from catalogue.users import Role
from hub.sourcecheck import check
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest, settle
from support.browser import PHONE_USUALLY, Browser, chromium, sign_in
from support.engines import Engine
from support.lines import Hub, beside, wait_until
from support.loopback import replying
from support.oai_source import Item, Repository, items
from support.staff import PASSWORD, room
from support.waitress_server import waitress_serving
from web.app import create_app

BROKEN = Item(identifier=f"oai:thuvien.example.vn:{'x' * 60}", payload="<q xmlns='urn:q'/>")


@pytest.fixture(scope="module")
def members(sqlite_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """Give a hub with one operator and a source of three records, one broken; one for all tests."""
    with sqlite_engine.fresh() as url, ExitStack() as ending:
        database = Database.open(url)
        hub = Hub(database, tmp_path_factory.mktemp("hub"), ending)
        users.add(database, "lan", PASSWORD, Role.OPERATOR)
        hub.add("s1", Repository(items=[*items(2), BROKEN], deleted_record="no"))
        harvest(hub.line, "s1", HarvestOptions())
        settle(hub.line)
        yield hub
        database.close()


@pytest.fixture(scope="module")
def served(members: Hub) -> Iterator[str]:
    """Give the address of that hub."""
    app = create_app(
        members.database,
        members.line.identity,
        b"k" * 32,
        room=room(members.database, line=members.line, check=check),
    )
    with waitress_serving(app) as url:
        yield url


@pytest.fixture(scope="module")
def browser(served: str) -> Iterator[Browser]:
    """Give a browser in which the operator has signed in."""
    with chromium() as opened:
        sign_in(opened, served, PASSWORD, "vi")
        yield opened


def newest(members: Hub) -> Run:
    """Return the newest harvest."""
    return runs.all(members.database, "s1")[0]


@PHONE_USUALLY
def test_the_tabs_of_a_source_lead_to_its_records_and_wishes(
    browser: Browser, served: str, members: Hub, language: str, width: int
):
    browser.width(width)
    before = newest(members).id
    wide = {}
    tabs = ["", *(f"/{tab}" for tab in ("records", "problems", "mapping", "notes", "harvest"))]
    for tab in tabs:
        browser.open(f"{served}/staff/sources/s1{tab}?lang={language}")
        wide[tab] = browser.run("document.documentElement.scrollWidth")
    browser.click("section:nth-of-type(3) button")
    browser.until("location.pathname === '/staff/sources/s1'")
    with beside(members.work):
        wait_until(lambda: newest(members).id > before and newest(members).finished)
    options = dict(newest(members).options)
    browser.open(f"{served}/staff/sources/s1/notes")
    browser.fill("#note", f"Koha 23.05 {language}")
    browser.click("main form button")
    browser.until(f"document.querySelector('dl')?.innerText.includes('23.05 {language}') ?? false")

    assert options == {"full": True}
    assert wide == dict.fromkeys(tabs, width)
    assert source_notes.get(members.database, "s1").note == f"Koha 23.05 {language}"
    assert browser.complaints == []


WORDS = {"vi": "Bước {number} trong 5", "en": "Step {number} of 5"}


def at_step(language: str, number: int) -> str:
    """Return what is true once a step of the wizard has come whole."""
    words = WORDS[language].format(number=number)
    return f"document.querySelector('p.path')?.textContent === '{words}'"


def press_next(browser: Browser) -> None:
    """Go to the first button of the page's form, and press it, by keyboard alone."""
    browser.run("document.querySelector('main h1').scrollIntoView()")
    for _ in range(60):
        browser.press("Tab")
        if browser.run("document.activeElement === document.querySelector('main form button')"):
            break
    browser.press("Enter")


@PHONE_USUALLY
def test_a_source_is_added_in_five_steps_by_keyboard_alone(
    browser: Browser, served: str, members: Hub, language: str, width: int
):
    wide = {}
    with replying(Repository(items=[*items(2), BROKEN], sets=("a",))) as address:
        browser.width(width)
        browser.open(f"{served}/staff/add-source?lang={language}")
        browser.fill("#url", address)
        browser.press("Enter")
        for step in (2, 3, 4, 5):
            browser.until(at_step(language, step))
            wide[step] = browser.run("document.documentElement.scrollWidth")
            if step == 3:
                browser.fill("#name", f"moi-{language}")
                browser.fill("#library", "TV-1")
            press_next(browser)
        browser.until(f"location.pathname === '/staff/sources/moi-{language}'")

    assert wide == dict.fromkeys((2, 3, 4, 5), width)
    assert sources.get(members.database, f"moi-{language}").library == "TV-1"
    assert browser.complaints == []


@PHONE_USUALLY
def test_a_harvest_shows_its_log_and_is_read_once_more(
    browser: Browser, served: str, members: Hub, language: str, width: int
):
    browser.width(width)
    number = harvest(members.line, "s1", HarvestOptions(full=True)).run
    browser.open(f"{served}/staff/runs/{number}?lang={language}")
    wide = [browser.run("document.documentElement.scrollWidth")]
    lines = browser.run("document.querySelectorAll('#log tr').length")
    browser.run("document.querySelector('.kinds details').open = true")
    browser.click(".kinds a[href*='/problems/']")
    browser.until("location.pathname.includes('/problems/') && !!document.querySelector('pre')")
    wide.append(browser.run("document.documentElement.scrollWidth"))
    browser.open(f"{served}/staff/runs/{number}")
    browser.click("form[action$='/replay'] button")
    browser.until("location.pathname === '/staff/sources/s1'")
    with beside(members.work):
        wait_until(lambda: newest(members).id > (number or 0) and newest(members).finished)

    assert newest(members).options == {"replay": number}
    assert wide == [width] * 2
    assert lines > 1
    assert browser.complaints == []
