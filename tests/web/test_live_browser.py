"""Live search in a real browser: shown as it comes, narrowed, on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from flask import Flask

from catalogue import sources, users
from catalogue.database import Database
from catalogue.model import HubIdentity, Source
from catalogue.users import Role
from support.browser import PHONE, Browser, sign_in
from support.elsewhere import elsewhere, let_go, slowly
from support.engines import Engine
from support.filled import add_library, book, deliver, settle
from support.staff import PASSWORD, room
from support.waitress_server import waitress_serving
from web.app import create_app

SHOWN = (
    "[...document.querySelectorAll('.chosen-from li')]"
    ".map((e, at) => e.checkVisibility() ? at + 1 : 0).filter(at => at)"
)
"""Which lines of the list can be seen, from 1."""


@pytest.fixture
def held() -> Iterator[Event]:
    """Give what the slow server waits for."""
    with let_go() as event:
        yield event


@pytest.fixture(scope="module")
def other(sqlite_engine: Engine) -> Iterator[Flask]:
    """Give another hub, which has two books."""
    with elsewhere(sqlite_engine) as app:
        yield app


@pytest.fixture
def target(held: Event, other: Flask) -> Iterator[str]:
    """Give the address of a server that answers once it is let."""

    with waitress_serving(slowly(other, held)) as url:
        yield f"{url}/sru"
        # Whatever waits is let go, so that the server can end.
        held.set()


@pytest.fixture
def served(database: Database, target: str, tmp_path: Path) -> Iterator[str]:
    add_library(database, "A", "Thư viện A")
    deliver(database, "A", {"1": book("Truyện Kiều", author="Nguyễn Du", year="1985")})
    settle(database)
    source = Source(name="cham", library="A", protocol="sru", url=target)
    sources.add(database, source)
    users.add(database, "lan", PASSWORD, Role.ADMIN)
    app = create_app(database, HubIdentity(), b"k" * 32, room=room(database, baskets=tmp_path))
    with waitress_serving(app) as url:
        yield url


def test_what_comes_is_shown_narrowed_and_chosen_without_a_script(
    browser: Browser, served: str, held: Event
) -> None:
    sign_in(browser, served, PASSWORD)
    browser.scripts(allowed=False)
    browser.width(PHONE)
    browser.open(f"{served}/staff/live")
    browser.fill("#q", "truyện")
    browser.click("form.live button")
    # The union's own is there while the server is still asked.
    seen = "!!document.querySelector('.coming .came') && !document.querySelector('.whole')"
    browser.until(seen, coming=True)
    held.set()
    browser.until("!!document.querySelector('.whole')")
    assert browser.run("document.querySelector('.coming').checkVisibility()") is False
    assert browser.run("document.documentElement.scrollWidth") == PHONE
    browser.click(".facets summary")
    browser.click(".facets fieldset:last-child label:first-of-type input")
    [left] = browser.run(SHOWN)
    browser.click(f".chosen-from li:nth-child({left}) input")
    browser.click(".take button")
    browser.until_text("Giỏ có thêm 1")
    assert browser.run("document.documentElement.scrollWidth") == PHONE
    assert browser.complaints == []
