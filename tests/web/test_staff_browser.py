"""The staff pages in a real browser: a librarian signs in, adds a source, runs it, sees figures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from catalogue import users
from catalogue.joining import checks as joining
from catalogue.joining import inviting
from catalogue.joining import store as applications
from catalogue.joining.model import Application, By, State
from catalogue.model import Source
from catalogue.users import Role
from hub.sourcecheck import check
from scheduler.joining import techcheck
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from support.browser import PHONE, Browser, sign_in
from support.lines import Hub, beside
from support.loopback import replying
from support.oai_source import Repository, items
from support.staff import PASSWORD, room
from support.waitress_server import waitress_serving
from web.app import create_app


@pytest.fixture
def served(members: Hub) -> Iterator[str]:
    """Give the address of a hub with one operator, served as in life, with a worker beside."""
    users.add(members.database, "lan", PASSWORD, Role.OPERATOR)
    app = create_app(
        members.database,
        members.line.identity,
        b"k" * 32,
        room=room(members.database, line=members.line, check=check),
    )
    with waitress_serving(app) as url, beside(members.work):
        yield url


def test_a_librarian_adds_a_source_runs_it_and_sees_the_figures(browser: Browser, served: str):
    with replying(Repository(items=items(12), page_size=5)) as address:
        sign_in(browser, served, PASSWORD, "en")
        browser.click("a[href='/staff/add-source']")
        browser.until("!!document.querySelector('#url')")
        browser.fill("#url", address)
        browser.click("main form button")
        # What is tested and looked at comes bit by bit, above the button.
        browser.until(_at_step(2))
        browser.click("main form button")
        browser.until(_at_step(3))
        browser.fill("#name", "thu-vien")
        browser.fill("#library", "TV-1")
        for step in (4, 5):
            browser.click("main form button")
            browser.until(_at_step(step))
        browser.click("main form button")
        browser.until_text("thu-vien is added")
        browser.click("form[action$='/run'] button")
        browser.until("!!document.querySelector(\"a[href='/staff/runs/1']\")")
        browser.open(f"{served}/staff/runs/1")
        browser.until_text("succeeded")

    shown = browser.run("[...document.querySelectorAll('[data-count]')].map(e => +e.textContent)")
    assert shown == [12, 12, 0, 0, 0, 0]
    assert browser.complaints == []


def _at_step(number: int) -> str:
    return f"document.querySelector('p.path')?.textContent === 'Step {number} of 5'"


def test_htmx_carries_the_token_where_the_form_has_none(
    browser: Browser, served: str, members: Hub
):
    members.add("s1", Repository(items=items(3)))
    sign_in(browser, served, PASSWORD, "en")
    browser.run("document.querySelectorAll('tbody input[type=hidden]').forEach(e => e.remove())")
    browser.click("tbody button")
    # The line of the source asks again by itself until the harvest has ended.
    browser.until_text("3 records")

    assert members.statuses("s1") == ["succeeded"]
    assert browser.run("location.pathname") == "/staff/sources"
    assert browser.complaints == []


def test_everything_works_without_a_script(browser: Browser, served: str, members: Hub):
    members.add("s1", Repository(items=items(3)))
    browser.scripts(allowed=False)
    sign_in(browser, served, PASSWORD, "en")
    browser.click("tbody button")
    browser.until_text("The harvest of s1 is queued")


def test_signing_in_needs_no_mouse(browser: Browser, served: str):
    browser.open(f"{served}/staff/login?lang=en")
    browser.until("document.activeElement.id === 'name'")
    browser.type("lan")
    browser.press("Tab")
    browser.type(PASSWORD)
    browser.press("Enter")
    browser.until_text("There is no source yet")

    assert browser.run("location.pathname") == "/staff"


def test_a_library_agrees_by_its_link_on_a_telephone(browser: Browser, served: str, members: Hub):
    database = members.database
    with replying(Repository(items=items(7), page_size=5)) as address:
        applications.add(database, Application(code="MOI", name="Thư viện Mới"), "lan")
        token = inviting.invite(database, "MOI", "lan")
        source = Source(name="moi", library="MOI", protocol="oai-pmh", url=address)
        joining.stream(database, "MOI", source, By("lan"))
        techcheck.check_now(members.line, "MOI", By("lan"))
        harvest(members.line, "moi", HarvestOptions())
        browser.width(PHONE)
        browser.open(f"{served}/joining/{token}?lang=vi")
        browser.until_text("Chúng tôi đồng ý")
        browser.run("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert browser.run("document.documentElement.scrollWidth") == PHONE
        browser.fill("#q-system", "Koha 23.05")
        # Until the page that was filled is gone: the next has the same words.
        browser.run("document.body.dataset.filled = 'yes'")
        browser.click("button[name=part]")
        browser.until(
            "!document.body.dataset.filled"
            " && document.querySelector('#q-system')?.value === 'Koha 23.05'"
        )
        browser.click("button[name=agree]")
        browser.until_text("Còn chờ trung tâm")

    assert applications.get(database, "MOI").state is State.AGREED
    assert browser.complaints == []
