"""Problems and publishing in a real browser: found, saved as a table, addresses handed out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from catalogue import users
from catalogue.users import Role
from hub.sourcecheck import check
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from support.browser import DESK, PHONE, Browser, sign_in
from support.lines import Hub
from support.oai_source import Item, Repository, items
from support.staff import PASSWORD, room
from support.waitress_server import waitress_serving
from web.app import create_app


@pytest.fixture
def served(members: Hub) -> Iterator[str]:
    """Give the address of a hub with a record that could not be read, in each of two sources."""
    database = members.database
    for name in ("s1", "s2"):
        broken = Item(identifier=f"{name}:x", payload="<q xmlns='urn:q'>Nhan đề</q>")
        members.add(name, Repository(items=[*items(1), broken]))
        harvest(members.line, name, HarvestOptions())
    users.add(database, "lan", PASSWORD, Role.VIEWER)
    own = room(database, line=members.line, check=check, z3950="127.0.0.1:9999")
    app = create_app(database, members.line.identity, b"k" * 32, room=own)
    with waitress_serving(app) as url:
        yield url


def fits(browser: Browser) -> bool:
    """Tell whether nothing of a page is beyond its edge, on a phone and on a desk."""
    found = []
    for pixels in (PHONE, DESK):
        browser.width(pixels)
        found.append(browser.run("document.documentElement.scrollWidth") == pixels)
    return all(found)


def test_a_viewer_finds_records_with_problems_and_addresses(browser: Browser, served: str):
    sign_in(browser, served, PASSWORD)
    browser.open(f"{served}/staff/problems")
    browser.until_text("Ở định dạng không đọc được")
    assert fits(browser)
    browser.click("table a[href*='code=unknown-format']")
    browser.until_text("Việc cần làm")
    browser.fill("#source", "s2")
    browser.press("Enter")
    browser.until("location.search.includes('source=s2')")
    browser.until_text("s2:x")
    assert browser.run("document.body.innerText.includes('s1:x')") is False
    file = browser.run("document.querySelector('a[href*=\"file.csv\"]').getAttribute('href')")
    assert file == "/staff/problems/file.csv?code=unknown-format&source=s2"

    browser.open(f"{served}/staff/problems?code=unknown-format&source=s2&lang=en")
    browser.click("th a[href*='/problem/']")
    browser.until_text("in quarantine")
    assert "Nhan đề" in browser.run("document.querySelector('pre').innerText")
    assert fits(browser)

    browser.open(f"{served}/staff/publishing")
    browser.click("input[value$='9999/union']")
    assert browser.run("document.activeElement.readOnly && document.activeElement.value") == (
        "127.0.0.1:9999/union"
    )
    assert fits(browser)
    browser.open(f"{served}/staff/publishing?lang=vi")
    browser.until_text("Địa chỉ để đưa cho bên dùng")
    assert fits(browser)
    assert browser.complaints == []
