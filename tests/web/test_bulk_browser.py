"""Many records corrected in a real browser: in Vietnamese, by keyboard alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest

from catalogue import users
from catalogue.overlays import bulk, making
from catalogue.overlays.bulk import Phase
from catalogue.users import Role
from support.browser import PHONE, Browser, sign_in
from support.lines import Hub, beside, wait_until
from support.pages import Book, add_source, books, deliver, place_all
from support.staff import PASSWORD, room
from support.waitress_server import waitress_serving
from web.app import create_app

RULE = '264 .. <- 264 $* | replace "^Văn học$" "Nhà xuất bản Văn học"'
SIGN_OUT = """fetch('/staff/logout', {method: 'POST', body: new URLSearchParams({
  csrf_token: document.querySelector('[name=csrf_token]').value})}).then(() => window.out = true)"""


@pytest.fixture
def served(members: Hub) -> Iterator[str]:
    database = members.database
    add_source(database)
    deliver(database, "s1", *books([("a", Book()), ("b", Book(title="Giông tố"))]))
    place_all(database)
    users.add(database, "lan", PASSWORD, Role.CATALOGUER)
    app = create_app(
        database, members.line.identity, b"k" * 32, room=room(database, line=members.line)
    )
    with waitress_serving(app) as url, beside(members.work):
        yield url


def tab_to(browser: Browser, selector: str) -> None:
    """Go on by keyboard until something has the focus."""
    for _ in range(80):
        if browser.run(f"document.activeElement.matches({selector!r})"):
            return
        browser.press("Tab")
    pytest.fail(f"never reached: {selector}")


def go(browser: Browser, url: str) -> None:
    """Open a page, and skip to what is on it."""
    browser.open(url)
    browser.press("Tab")
    browser.press("Enter")


def press(browser: Browser, selector: str) -> None:
    tab_to(browser, selector)
    browser.press("Enter")


def agree(browser: Browser, action: str) -> None:
    """Tick the box of a form and press its button, by keyboard."""
    tab_to(browser, f"form[action$='/{action}'] input[type=checkbox]")
    browser.press("Space")
    press(browser, f"form[action$='/{action}'] button")
    browser.until("!!document.querySelector('.said')")


def test_many_records_are_corrected_by_keyboard_alone(
    browser: Browser, served: str, members: Hub
) -> None:
    database = members.database
    browser.width(PHONE)
    sign_in(browser, served, PASSWORD)
    go(browser, f"{served}/staff/corrections/bulk")
    press(browser, "a[href$='/bulk/new']")
    browser.until("!!document.querySelector('#rules')")
    go(browser, f"{served}/staff/corrections/bulk/new")
    tab_to(browser, "#query")
    browser.type("van hoc")
    tab_to(browser, "#rules")
    browser.type("264 <-")
    browser.until("!!document.querySelector('#wrong .refused')")
    told = browser.run("document.querySelector('#wrong').innerText")
    browser.press("Control+a")
    # As some ways of typing Vietnamese send it: letters and marks apart.
    browser.type(unicodedata.normalize("NFD", RULE))
    browser.until("!!document.querySelector('#wrong .hint')")
    tab_to(browser, "#reason")
    browser.type("viết đầy đủ")
    browser.run(SIGN_OUT)
    browser.until("window.out === true")
    press(browser, "form.narrow button:not([name])")
    # The session had ended: what was typed is there again.
    browser.until("!document.querySelector('#rules')")
    sign_in(browser, served, PASSWORD)
    go(browser, f"{served}/staff/corrections/bulk/new")
    browser.until("document.querySelector('#rules').value !== ''")
    press(browser, "form.narrow button:not([name])")
    browser.until("!!document.querySelector('.samples ins')")
    looked = browser.text

    agree(browser, "apply")
    wait_until(lambda: bulk.get(database, 1).phase is Phase.APPLIED)
    browser.until("!!document.querySelector(\"form[action$='/undo']\")")
    made = making.all(database)
    browser.open(f"{served}/staff/corrections/bulk/new")
    emptied = browser.run("document.querySelector('#rules').value")
    go(browser, f"{served}/staff/corrections/bulk/1")
    agree(browser, "undo")
    wait_until(lambda: bulk.get(database, 1).phase is Phase.UNDONE)

    assert "Quy tắc, dòng 1" in told
    assert "Nhà xuất bản Văn học" in looked
    assert [each.change.over.all("b") for each in made] == [["Nhà xuất bản Văn học"]] * 2
    assert (making.all(database), emptied) == ([], "")
    assert browser.run("document.documentElement.scrollWidth") <= PHONE
    assert browser.barriers == []
    # A form of a session that ended is refused.
    assert [each for each in browser.complaints if "400" not in each] == []
