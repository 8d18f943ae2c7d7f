"""The staff pages in a real browser: a librarian signs in, adds a source, runs it, sees figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

import pytest

from catalogue import sources, users
from catalogue.joining import checks as joining
from catalogue.joining import inviting
from catalogue.joining import store as applications
from catalogue.joining.model import Application, By, State
from catalogue.model import RunStatus, Source
from catalogue.reports.periods import parse
from catalogue.store import close_run, open_run
from catalogue.users import Role
from hub.sourcecheck import check
from scheduler.joining import techcheck
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from scheduler.reports import make_now
from support.browser import Browser, chromium, sign_in
from support.lines import Hub, beside
from support.loopback import replying
from support.oai_source import Repository, items
from support.staff import PASSWORD, room
from support.waitress_server import waitress_serving
from web.app import create_app

TAB, ENTER = 9, 13
PHONE = 390


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


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
        browser.click("main button")
        # The form comes bit by bit, below the steps.
        browser.until("document.readyState === 'complete' && !!document.querySelector('#library')")
        browser.fill("#name", "thu-vien")
        browser.fill("#library", "TV-1")
        browser.click("main form button")
        browser.until_text("thu-vien is added")
        browser.click("form[action$='/run'] button")
        browser.until("!!document.querySelector(\"a[href='/staff/runs/1']\")")
        browser.open(f"{served}/staff/runs/1")
        browser.until_text("succeeded")

    shown = browser.run("[...document.querySelectorAll('[data-count]')].map(e => +e.textContent)")
    assert shown == [12, 12, 0, 0, 0, 0]
    assert browser.complaints == []


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
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    sign_in(browser, served, PASSWORD, "en")
    browser.click("tbody button")
    browser.until_text("The harvest of s1 is queued")


def test_signing_in_needs_no_mouse(browser: Browser, served: str):
    browser.open(f"{served}/staff/login?lang=en")
    browser.until("document.activeElement.id === 'name'")
    browser.call("Input.insertText", text="lan")
    browser.press("Tab", TAB)
    browser.call("Input.insertText", text=PASSWORD)
    browser.press("Enter", ENTER, "\r")
    browser.until_text("There is no source yet")

    assert browser.run("location.pathname") == "/staff"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_page_is_wider_than_a_phone(browser: Browser, served: str, members: Hub, language: str):
    name = "mot-nguon-co-ten-rat-dai-de-xem-co-tran-ra-ngoai-man-hinh-khong"
    source = Source(name=name, library="LIB", protocol="oai-pmh", url=f"http://127.0.0.1:9/{name}")
    sources.add(members.database, source)
    waiting = open_run(members.database, name)
    assert waiting is not None
    close_run(members.database, waiting, RunStatus.WAITING)
    make_now(members.database, UTC, parse("2024"), "Nguyễn Thị Lan Hương")
    sign_in(browser, served, PASSWORD, language)
    browser.width(PHONE)
    pages = (
        "sources",
        f"sources/{name}",
        f"sources/{name}/settings",
        "runs",
        f"runs/{waiting.run_id}",
        f"runs/{waiting.run_id}/approve",
        "quarantine",
        "problems",
        "crosswalks",
        "publishing",
        "account",
        "add-source",
        "next",
        "hidden",
        "joining",
        "add-joining",
        "standing/LIB",
        "",
        "reports",
        "reports/report/2024/1",
    )
    widths = {}
    for page in pages:
        browser.open(f"{served}/staff/{page}")
        widths[page] = browser.run("document.documentElement.scrollWidth")

    assert widths == dict.fromkeys(pages, PHONE)


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
