"""A member's librarian in a real browser, by keyboard alone: from what to do next to the bytes."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest

from catalogue import users
from catalogue.database import Database
from catalogue.model import HubIdentity
from catalogue.quality.counting import count_next
from catalogue.users import Role
from crosswalks.model import Problem, Severity
from support.browser import DESK, PHONE, Browser
from support.pages import Book, Delivery, add_source, deliver, place_all
from support.staff import PASSWORD, room, with_known_templates
from support.waitress_server import waitress_serving
from web.app import create_app

BAD = Problem(code="bad-isbn", severity=Severity.WARNING, field="020", sample="123")


@pytest.fixture
def served(database: Database) -> Iterator[str]:
    """Give the address of a hub with one library, whose only record has a bad number."""
    add_source(database, "s1", "L1")
    deliver(database, "s1", Delivery(identifier="oai:1", book=Book(), problems=(BAD,)))
    place_all(database)
    assert [*count_next(database, Event())] == ["L1"]
    users.add(database, "mai", PASSWORD, Role.MEMBER, library="L1")
    app = create_app(database, HubIdentity(), b"k" * 32, room=room(database))
    with waitress_serving(with_known_templates(app)) as url:
        yield url


def follow(browser: Browser, address: str) -> None:
    """Go by the tabulator to a link that begins so, press Enter, and wait for its page."""
    found = f"(document.activeElement.getAttribute('href') || '').startsWith('{address}')"
    for _ in range(60):
        browser.press("Tab")
        if browser.run(found):
            break
    browser.press("Enter")
    browser.until(f"(location.pathname + location.search).startsWith('{address}')")


def test_a_member_goes_from_what_to_do_next_to_the_record_and_to_quality(
    browser: Browser, served: str
):
    browser.open(f"{served}/member/login?lang=vi")
    browser.fill("#name", "mai")
    browser.fill("#password", PASSWORD)
    browser.press("Enter")
    browser.until_text("Việc cần làm tiếp")
    follow(browser, "/member/problems?code=bad-isbn")
    browser.until_text("Sửa biểu ghi trong mục lục của quý thư viện")
    browser.run("document.querySelector('#system').focus()")
    browser.press("k")
    browser.press("Tab")
    browser.press("Enter")
    browser.until_text("Batch record modification")
    assert fits(browser)
    follow(browser, "/member/records/")
    browser.until_text("Sau khi chuyển sang MARC 21")
    assert "Số đỏ" in browser.text
    assert fits(browser)
    assert browser.barriers == []

    browser.open(f"{served}/member/?lang=en")
    follow(browser, "/member/runs/1")
    browser.until_text("What became of the records")
    assert fits(browser)
    follow(browser, "/member/quality")
    browser.until_text("Average of all members")
    assert browser.run("document.querySelector('svg polyline').getBBox().width") > 0
    assert fits(browser)
    assert browser.complaints == []


def fits(browser: Browser) -> bool:
    """Tell whether nothing of a page is beyond its edge, on a phone and on a desk."""
    found = []
    for pixels in (PHONE, DESK):
        browser.width(pixels)
        found.append(browser.run("document.documentElement.scrollWidth") == pixels)
    return all(found)
