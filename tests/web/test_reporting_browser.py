"""In a real browser, by keyboard: a library tells how it lends, a reader asks and reports an error.

The library looks into it and staff close it; in Vietnamese on a telephone, in English on a desk.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from catalogue import users
from catalogue.database import Database
from catalogue.tickets import looking
from catalogue.tickets.model import State
from catalogue.tickets.rules import Rules
from catalogue.users import Role
from support.browser import DESK, PHONE, Browser, sign_in
from support.pages import Book, add_source, books, deliver, place_all
from support.staff import PASSWORD, room
from support.waitress_server import waitress_serving
from web.app import create_app
from web.counting import Doors

RECORD = "/record/000000001"


@pytest.fixture
def served(database: Database) -> Iterator[str]:
    add_source(database, "s1", "NLV")
    add_source(database, "s2", "HUST")
    one = Book(number="b12")
    deliver(database, "s1", *books([("a", one)]))
    deliver(database, "s2", *books([("b", one)]))
    place_all(database)
    users.add(database, "lan", PASSWORD, Role.CATALOGUER)
    users.add(database, "nlv", PASSWORD, Role.MEMBER, library="NLV")
    made = room(database)
    doors = Doors(reports=Rules(mails=True, least_seconds=0))
    app = create_app(database, made.line.identity, b"k" * 32, room=made, doors=doors)
    with waitress_serving(app) as url:
        yield url


def reach(browser: Browser, selector: str) -> None:
    """Go on by keyboard until something has the focus."""
    for _ in range(60):
        if browser.run(f"document.activeElement.matches({selector!r})"):
            return
        browser.press("Tab")
    pytest.fail(f"never reached: {selector}")


def press(browser: Browser, selector: str, seen: str) -> None:
    """Go to a link or button by keyboard, press it, and wait for what it leads to."""
    reach(browser, selector)
    browser.press("Enter")
    browser.until(f"!!document.querySelector({seen!r})")
    assert browser.run("document.documentElement.scrollWidth <= innerWidth")


def write(browser: Browser, **texts: str) -> None:
    """Go from box to box by keyboard and write into each."""
    for name, text in texts.items():
        reach(browser, f"#{name}")
        browser.type(text)


def test_an_error_is_reported_looked_into_and_closed(
    browser: Browser, served: str, database: Database
) -> None:
    browser.width(PHONE)
    browser.open(f"{served}/member/lending?lang=vi")
    write(browser, name="nlv", password=PASSWORD)
    press(browser, "main button", "#policy_vi")
    write(browser, policy_vi="Cho mượn 14 ngày.", mail="muon@nlv.example.vn")
    write(browser, record_address="https://opac.example.vn/bib/{number}")
    press(browser, "form.narrow button", ".said")

    browser.open(served + RECORD)
    press(browser, "a[href*='/request']", "#letter")
    asked = browser.run("document.querySelector('#letter').value")
    browser.open(served + RECORD)
    press(browser, "a[href$='/report']", "#text")
    write(browser, text="Năm in phải là 1938.")
    grave = browser.barriers
    press(browser, "main form button", "main [role=status]")
    browser.open(f"{served}/member/tickets")
    press(browser, "a[href$='/tickets/1']", "#text")
    write(browser, text="đang tìm sách")
    press(browser, "form.narrow button", ".said")

    browser.width(DESK)
    sign_in(browser, served, PASSWORD, "en")
    browser.open(f"{served}/staff/tickets")
    press(browser, "a[href$='/tickets/1']", "#state")
    reach(browser, "#state")
    browser.press("End")
    write(browser, text="The book says 1936.")
    press(browser, "form.narrow button", ".said")

    assert "Nhan đề: Số đỏ" in asked
    assert "not an error" in browser.text
    assert [each.state for each in looking.get(database, 1).events] == [
        *(State.OPEN, State.OPEN, State.NO_ERROR)
    ]
    assert (grave, browser.barriers, browser.complaints) == ([], [], [])
