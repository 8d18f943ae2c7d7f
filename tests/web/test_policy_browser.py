"""Matching policies in a real browser: tried by an administrator, worked out by a worker beside."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from catalogue import policies, users
from catalogue.cluster.place import waiting
from catalogue.users import Role
from hub.sourcecheck import check
from support.browser import Browser, sign_in
from support.lines import Hub, beside, wait_until
from support.pages import Book, add_source, books, deliver, place_all
from support.staff import PASSWORD, room
from support.waitress_server import waitress_serving
from web.app import create_app


@pytest.fixture
def served(members: Hub) -> Iterator[str]:
    """Give the address of a hub with one book twice, a worker beside it."""
    database = members.database
    add_source(database)
    deliver(database, "s1", *books([("a", Book()), ("b", Book())]))
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


def test_a_policy_is_written_looked_at_and_switched_on(
    browser: Browser, served: str, members: Hub
) -> None:
    sign_in(browser, served, PASSWORD)
    browser.open(f"{served}/staff/policy/new")
    browser.run(
        "const t = document.querySelector('#text');"
        "t.value = t.value.replace(/version = .*/, 'version = \"thử\"')"
        ".replace(/\\n(same|sure) = [0-9.]+/g, '\\n$1 = 1.0')"
    )
    browser.click("form[action='/staff/policy/new'] button")
    browser.until("document.body.innerText.includes('thresholds.same')")
    browser.click("form[action$='/effect'] button")
    # The page is shown anew by itself once the worker is done.
    browser.until("!!document.querySelector('#effect')")
    told = browser.run("document.body.innerText")
    assert "s1/a" in told
    assert "Không có chính sách" not in told
    browser.click("input[name=sure]")
    browser.click("form[action$='/switch'] button")
    browser.until("document.body.innerText.includes('Được bật')")

    wait_until(lambda: waiting(members.database) == 0)
    assert policies.get(members.database).version == "thử"
