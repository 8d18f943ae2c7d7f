"""Crosswalks in a real browser: written by keyboard, tried, looked at and published."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from catalogue import crosswalks, users
from catalogue.users import Role
from hub.sourcecheck import check
from scheduler.crosswalk_effects import DRAFT, is_asked_for
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from support.browser import DESK, PHONE, Browser, sign_in
from support.lines import Hub, beside, wait_until
from support.oai_source import Repository, items
from support.pages import place_all
from support.staff import PASSWORD, room
from support.waitress_server import waitress_serving
from web.app import create_app

NAME = "oai_dc-marc21"
PAGE = f"/staff/crosswalks/of/{NAME}"
HEADING = f"crosswalk {NAME} version 1\nfrom oai_dc to marc21\n"
TEXT = f'{HEADING}655 _7 $a $2=local <- "Luận án"\ninclude shipped/{NAME}\n'


@pytest.fixture
def served(members: Hub) -> Iterator[str]:
    """Give the address of a hub with three records in Dublin Core, a worker beside it."""
    database = members.database
    members.add("s1", Repository(items=items(3)))
    harvest(members.line, "s1", HarvestOptions())
    place_all(database)
    users.add(database, "lan", PASSWORD, Role.ADMIN)
    app = create_app(
        database,
        members.line.identity,
        b"k" * 32,
        room=room(database, line=members.line, check=check),
    )
    with waitress_serving(app) as url, beside(members.work):
        yield url


def fits(browser: Browser, pixels: int) -> bool:
    browser.width(pixels)
    return bool(browser.run("document.documentElement.scrollWidth") == pixels)


def to_button(browser: Browser, name: str) -> None:
    """Go on by the tabulator to a button, and press it."""
    for _ in range(12):
        browser.press("Tab")
        if browser.run("document.activeElement.name") == name:
            browser.press("Enter")
            return
    pytest.fail(f"no way by keyboard to {name}")


def test_a_crosswalk_is_written_by_keyboard_tried_and_published(
    browser: Browser, served: str, members: Hub
):
    sign_in(browser, served, PASSWORD)
    browser.open(f"{served}{PAGE}/edit")
    browser.fill("#text", f"{HEADING}655 $a Luận án\n")
    to_button(browser, "check")
    browser.until_text("thiếu mũi tên")
    assert browser.run("document.querySelector('.gutter .wrong').innerText") == "✗ 3"
    lines = browser.run(
        "['#line-3', '#text'].map(e => document.querySelector(e).getBoundingClientRect().top)"
    )
    height = browser.run("parseFloat(getComputedStyle(document.querySelector('#text')).lineHeight)")
    # The number stands where its line does: two lines below the first, inside the padding.
    assert 2 * height <= lines[0] - lines[1] <= 3 * height
    assert fits(browser, PHONE)
    assert fits(browser, DESK)

    browser.fill("#text", TEXT)
    to_button(browser, "try")
    browser.until_text("Chuyển đổi hiện nay và sẽ chuyển đổi")
    assert (
        browser.run("document.querySelector('tr.differs mark').innerText")
        == "#7 $a Luận án $2 local"
    )
    assert fits(browser, PHONE)
    assert fits(browser, DESK)
    browser.open(f"{served}{PAGE}/compare?lang=en")
    browser.until_text("Draft 1")
    assert browser.run("document.querySelector('tr.added .sign').innerText").startswith("+")
    assert fits(browser, PHONE)

    browser.open(f"{served}{PAGE}/effect")
    browser.click("form[action$='/effect'] button")
    browser.until("!!document.querySelector('#wait') || !!document.querySelector('#effect')")
    wait_until(lambda: not is_asked_for(members.database, NAME, DRAFT))
    browser.open(f"{served}{PAGE}/effect")
    assert fits(browser, PHONE)
    browser.until_text("3 of 3 records change")
    browser.click("input[name=sure]")
    browser.click("form[action$='/publish'] button")
    browser.until_text("Version 1 of oai_dc-marc21 is in use.")
    assert fits(browser, PHONE)

    assert crosswalks.version(members.database, NAME).written.text == TEXT
    # That a form was sent back with its mistakes is told by the browser as a failure.
    assert [each for each in browser.complaints if "status of 400" not in each] == []
