"""The public rooms in a real browser: from the search to a live one and back, by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from threading import Event

import pytest
from flask import Flask

from catalogue import public_figures, sources
from catalogue.database import Database
from catalogue.model import HubIdentity, Source
from catalogue.options import Search
from support.browser import DESK, PHONE, Browser
from support.elsewhere import elsewhere, let_go, slowly
from support.engines import Engine
from support.filled import add_library, book, deliver, settle
from support.staff import line
from support.waitress_server import waitress_serving
from web.app import create_app
from web.counting import Doors
from web.hall import Hall
from web.liverules import LiveRules

WIDE = "document.documentElement.scrollWidth"
FOCUS = "document.activeElement"


@pytest.fixture
def held() -> Iterator[Event]:
    """Give what the slow server waits for."""
    with let_go() as event:
        yield event


@pytest.fixture(scope="module")
def other(sqlite_engine: Engine) -> Iterator[Flask]:
    """Give the catalogue of a library, which has two books."""
    with elsewhere(sqlite_engine) as app:
        yield app


@pytest.fixture
def served(database: Database, other: Flask, held: Event) -> Iterator[str]:
    """Serve a hub whose one member may be asked live, and answers once it is let."""

    add_library(database, "A", "Thư viện A")
    deliver(database, "A", {"1": book("Truyện Kiều", author="Nguyễn Du", year="1985")})
    settle(database)
    public_figures.count_if_due(database)
    with waitress_serving(slowly(other, held)) as target:
        there = Source(name="kho", library="A", protocol="sru", url=f"{target}/sru")
        sources.add(database, replace(there, search=Search(public_live=True)))
        hall = Hall(line=line(database), live=LiveRules(seconds=20), z3950="127.0.0.1:9999")
        app = create_app(database, HubIdentity(), b"k" * 32, doors=Doors(hall=hall))
        with waitress_serving(app) as url:
            yield url
            # Whatever waits is let go, so that the server can end.
            held.set()


def to(browser: Browser, script: str) -> None:
    """Press Tab until what has the focus is what is wanted."""
    for _ in range(40):
        if browser.run(f"(e => {script})({FOCUS})"):
            return
        browser.press("Tab")
    pytest.fail(f"not reached by keyboard: {script}")


def test_a_reader_goes_from_search_to_live_search_by_keyboard_without_a_script(
    browser: Browser, served: str, held: Event
) -> None:
    browser.scripts(allowed=False)
    browser.width(PHONE)
    browser.open(f"{served}/?lang=vi")
    to(browser, "e.textContent === 'Tra cứu liên thư viện'")
    browser.press("Enter")
    browser.until("location.pathname === '/live'")
    to(browser, "e.id === 'q'")
    browser.type("truyện")
    browser.press("Enter")
    # The union's own is there while the library's server is still asked.
    seen = "!!document.querySelector('.coming .came') && !document.querySelector('.whole')"
    browser.until(seen, coming=True)
    held.set()
    browser.until("!!document.querySelector('.whole')")
    assert browser.run("document.querySelector('.coming').checkVisibility()") is False
    assert "Ấn phẩm nêu ở đây: 2" in browser.text
    assert browser.run(WIDE) == PHONE
    browser.width(DESK)
    assert browser.run(WIDE) == DESK
    to(browser, "e.getAttribute('href') === '/record/000000001'")
    browser.press("Enter")
    browser.until("location.pathname === '/record/000000001'")
    to(browser, "e.getAttribute('href') === '/about'")
    browser.press("Enter")
    browser.until_text("Các thư viện tham gia")
    browser.open(f"{served}/endpoints?lang=en")
    assert "yaz-client 127.0.0.1:9999/union" in browser.text
    assert browser.complaints == []
