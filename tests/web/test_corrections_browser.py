"""A record corrected in a real browser, by keyboard, in Vietnamese, over a session that ends."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest

from catalogue import users
from catalogue.database import Database
from catalogue.overlays import making
from catalogue.overlays.notation import write
from catalogue.users import Role
from support.browser import PHONE_USUALLY, Browser, sign_in
from support.pages import Book, add_source, books, deliver, place_all
from support.staff import PASSWORD, room
from support.waitress_server import waitress_serving
from web.app import create_app

PAGE = "/staff/corrections/record/000000001"
TYPED = "500 ## $a In lần thứ nhất, khổ 13 × 19 cm"
SIGN_OUT = """fetch('/staff/logout', {method: 'POST', body: new URLSearchParams({
  csrf_token: document.querySelector('[name=csrf_token]').value})}).then(() => window.out = true)"""


@pytest.fixture
def served(database: Database) -> Iterator[str]:
    add_source(database)
    deliver(database, "s1", *books([("a", Book())]))
    place_all(database)
    users.add(database, "lan", PASSWORD, Role.CATALOGUER)
    made = room(database)
    app = create_app(database, made.line.identity, b"k" * 32, room=made)
    with waitress_serving(app) as url:
        yield url


def tab_to(browser: Browser, selector: str) -> None:
    """Go on by keyboard until something has the focus."""
    for _ in range(80):
        if browser.run(f"document.activeElement.matches({selector!r})"):
            return
        browser.press("Tab")
    pytest.fail(f"never reached: {selector}")


@PHONE_USUALLY
def test_a_record_is_corrected_by_keyboard_alone(
    browser: Browser, served: str, database: Database, language: str, width: int
) -> None:
    browser.width(width)
    sign_in(browser, served, PASSWORD, language)
    browser.open(served + PAGE)
    # As some ways of typing Vietnamese send it: letters and marks apart.
    browser.run("document.querySelector('#over-0').focus()")
    browser.type(TYPED[:7])
    browser.until("!!document.querySelector('#told-0 .refused')")
    helped = browser.run("document.querySelector('#help-0').innerText")
    browser.type(unicodedata.normalize("NFD", TYPED[7:]))
    browser.until("!document.querySelector('#told-0 .refused')")
    tab_to(browser, "#reason-0")
    browser.type("đối chiếu với sách")
    tab_to(browser, "form:last-of-type button[name=look]")
    browser.press("Enter")
    browser.until("!!document.querySelector('#looked ins')")
    tab_to(browser, "#reason-0")
    tab_to(browser, "form.narrow button:not([name])")
    browser.press("Enter")
    browser.until("!!document.querySelector('.said')")
    tab_to(browser, "form[action*='/undo/'] button")

    assert TYPED in [write(each) for each in making.master(database, "000000001").record.fields]
    assert {"vi": "Phụ chú chung", "en": "General note"}[language] in helped
    assert browser.run("document.documentElement.scrollWidth") <= width
    assert browser.run("document.querySelector('#over-0').value") == ""
    assert browser.barriers == []
    assert browser.complaints == []


def test_what_was_typed_outlives_a_session_that_ended(
    browser: Browser, served: str, database: Database
) -> None:
    sign_in(browser, served, PASSWORD)
    browser.open(served + PAGE)
    browser.run("document.querySelector('#over-0').focus()")
    browser.type(TYPED)
    browser.fill("#reason-0", "đối chiếu với sách")
    browser.run(SIGN_OUT)
    browser.until("window.out === true")
    browser.click("form.narrow button:not([name])")
    browser.until("!document.querySelector('#over-0')")
    sign_in(browser, served, PASSWORD)
    browser.open(served + PAGE)
    browser.until("document.querySelector('#over-0').value !== ''")
    shown = browser.run("document.querySelector('#drafts').checkVisibility()")
    browser.click("form.narrow button:not([name])")
    browser.until("!!document.querySelector('.said')")

    assert shown
    assert TYPED in [write(each) for each in making.master(database, "000000001").record.fields]
    assert making.all(database)[0].reason == "đối chiếu với sách"
