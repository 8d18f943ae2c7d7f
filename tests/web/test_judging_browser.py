"""Judging in a real browser, by keyboard and in Vietnamese: a cluster parted and brought back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from catalogue import users, verdicts
from catalogue.records import get
from catalogue.users import Role
from support.browser import PHONE_USUALLY, Browser, sign_in
from support.lines import Hub, beside, wait_until
from support.pages import Book, add_source, books, deliver, place_all
from support.staff import PASSWORD, room
from support.waitress_server import waitress_serving
from web.app import create_app

DOUBTS = [("a", "Chiếc lược ngà"), ("b", "Những ngôi sao xa xôi"), ("c", "Lặng lẽ Sa Pa")]


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
    browser.until("!!document.querySelector('.said')")


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


@pytest.fixture
def doubtful(members: Hub) -> Iterator[str]:
    """Give the address of a hub with three doubtful pairs."""
    database = members.database
    for name, library in (("s1", "L1"), ("s2", "L2")):
        add_source(database, name, library)
    for source, part in (("s1", ""), ("s2", ". Tập 1")):
        made = [(key, Book(title=f"{title}{part}", author=title)) for key, title in DOUBTS]
        deliver(database, source, *books(made))
    place_all(database)
    users.add(database, "lan", PASSWORD, Role.CATALOGUER)
    app = create_app(
        database, members.line.identity, b"k" * 32, room=room(database, line=members.line)
    )
    with waitress_serving(app) as url:
        yield url


def key(browser: Browser, digit: str) -> None:
    """Press a key, and wait for the page that comes of it."""
    browser.run("document.body.dataset.old = '1'")
    browser.press(digit)
    browser.until("!document.body.dataset.old")


def pair(browser: Browser) -> tuple[str, str]:
    one, two = browser.run(
        "[...document.querySelectorAll('main input[type=hidden]')]"
        ".filter(e => ['a', 'b'].includes(e.name)).map(e => e.value)"
    )
    return one, two


ENDED = {"vi": "Không còn cặp nào", "en": "There is no further pair"}


@PHONE_USUALLY
def test_doubtful_pairs_are_decided_one_by_one_with_a_key_each(
    browser: Browser, doubtful: str, members: Hub, language: str, width: int
) -> None:
    browser.width(width)
    sign_in(browser, doubtful, PASSWORD, language)
    browser.open(f"{doubtful}/staff/matches/review")
    first = pair(browser)
    key(browser, "1")
    second = pair(browser)
    key(browser, "0")
    again = pair(browser)
    key(browser, "2")
    key(browser, "3")
    browser.fill("#reason", "12 cuốn, 3 tập")
    third = pair(browser)
    # Who is typing a digit decides nothing.
    browser.press("1")
    browser.run("document.activeElement.blur()")
    key(browser, "2")
    browser.until_text(ENDED[language])
    decided = verdicts.history(members.database)

    assert again == first
    assert len({first, second, third}) == 3
    assert [(each.a, each.b, each.after, bool(each.undoes)) for each in reversed(decided)] == [
        (*first, "same", False),
        (*first, "", True),
        (*first, "different", False),
        (*third, "different", False),
    ]
    assert decided[0].reason == "12 cuốn, 3 tập1"
    assert browser.complaints == []
