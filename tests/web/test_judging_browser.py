"""Judging in a real browser, by keyboard and in Vietnamese: a cluster parted and brought back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from catalogue import users
from catalogue.records import get
from catalogue.users import Role
from support.browser import Browser, chromium, sign_in
from support.lines import Hub, beside, wait_until
from support.pages import Book, add_source, books, deliver, place_all
from support.staff import PASSWORD, room
from support.waitress_server import waitress_serving
from web.app import create_app


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def served(members: Hub) -> Iterator[str]:
    """Give the address of a hub with one book that came in two deliveries, a worker beside it."""
    database = members.database
    add_source(database)
    for name in "ab":
        deliver(database, "s1", *books([(name, Book())]))
        place_all(database)
    users.add(database, "lan", PASSWORD, Role.CATALOGUER)
    app = create_app(
        database, members.line.identity, b"k" * 32, room=room(database, line=members.line)
    )
    with waitress_serving(app) as url, beside(members.work):
        yield url


def clusters(members: Hub) -> set[str]:
    return {get(members.database, "s1", name).cluster for name in "ab"}


def press(browser: Browser, button: str) -> None:
    """Press a button by keyboard, and wait for the page that says what came of it."""
    browser.run(f"document.querySelector(`{button}`).focus()")
    browser.press("Enter")
    browser.until("document.readyState === 'complete' && !!document.querySelector('.said')")


def test_a_librarian_takes_a_merge_back_and_has_it_again_by_keyboard(
    browser: Browser, served: str, members: Hub
) -> None:
    sign_in(browser, served, PASSWORD)
    [cluster] = clusters(members)
    browser.open(f"{served}/staff/matches/cluster/{cluster}")
    browser.until("document.querySelectorAll('.beside thead th').length === 3")
    told = browser.text

    press(browser, "form[action*='/revert/'] button")
    browser.until_text("Đã rút lại bằng quyết định")
    wait_until(lambda: len(clusters(members)) == 2)
    browser.open(f"{served}/staff/matches/cluster/{cluster}")
    press(browser, "form[action*='/undo/'] button")
    wait_until(lambda: len(clusters(members)) == 1)

    assert "Vì sao là một" in told
    assert "biểu ghi mới vào cụm" in told
    assert browser.complaints == []
