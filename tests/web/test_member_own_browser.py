"""A library has its server checked, sends a file and agrees to a preview, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from catalogue import sources, users
from catalogue.database import Database
from catalogue.membership.standing import By
from catalogue.model import Source
from catalogue.observed import Stage
from catalogue.previews import store as previews
from catalogue.users import Role
from harvester.validate.model import Options
from scheduler.loop import repeat
from scheduler.validations import validate_next
from scheduler.worker import work
from support.browser import PHONE, Browser
from support.deliveries import Counter, books
from support.judged import Provider
from support.lines import beside
from support.loopback import replying
from support.staff import PASSWORD, room
from support.waitress_server import waitress_serving
from web.app import create_app

REST = 0.3
QUICK = Options(pages=1, samples=1, sets=1, windows=1, retries=0, pause=0)


@pytest.fixture
def served(database: Database, tmp_path: Path) -> Iterator[str]:
    """Give the address of a hub with a worker, at which a library has three sources."""
    with ExitStack() as ending:
        counter = Counter(database, tmp_path, ending)
        counter.add("cu", library="L1")
        counter.deliver(books(range(3)), source="cu")
        provider = Provider(items=Provider().items[:1])
        provider.url = ending.enter_context(replying(provider))
        server = Source(name="may-chu", library="L2", protocol="oai-pmh", url=provider.url)
        sources.add(database, server)
        counter.add("moi", library="L2")
        previews.set_stage(database, "moi", Stage.TEST, By(person="lan"), "live.0")
        users.add(database, "thu-vien", PASSWORD, Role.MEMBER, library="L2")
        line = counter.line
        app = create_app(database, line.identity, b"k" * 32, room=room(database, line=line))
        ending.enter_context(beside(lambda stop: work(line, lambda _: None, stop, REST)))
        ending.enter_context(
            beside(lambda stop: repeat(lambda: validate_next(line, stop, QUICK), stop, REST))
        )
        yield ending.enter_context(waitress_serving(app))


def test_a_library_checks_its_server_sends_a_file_and_agrees(
    browser: Browser, served: str, tmp_path: Path
) -> None:
    file = tmp_path / "sách mới.mrc"
    file.write_bytes(books(range(1, 6)))
    browser.open(f"{served}/member/login?lang=vi")
    browser.fill("#name", "thu-vien")
    browser.fill("#password", PASSWORD)
    browser.press("Enter")
    browser.until("!!document.querySelector('.me')")

    browser.open(f"{served}/member/validator")
    browser.click("form[action$='/validator/may-chu'] button")
    browser.until("!!document.querySelector('tbody th a')")
    browser.click("tbody th a")
    browser.until_text("Những gì tìm thấy")

    browser.open(f"{served}/member/deliveries")
    browser.choose("#file", file)
    browser.run("document.querySelector('main form button').focus()")
    browser.press("Enter")
    browser.until_text("đã kiểm tra, chờ bạn")
    browser.click("form[action$='/apply'] button")
    browser.until_text("đã áp dụng")

    browser.open(f"{served}/member/preview/moi")
    browser.click("form[action$='/preview/moi'] button")
    browser.until("document.querySelector(\"[data-count='joins']\")?.innerText === '2'")
    browser.width(PHONE)
    browser.click("a[href$='/records']")
    browser.click("tbody th a")
    browser.until("document.querySelectorAll('pre').length >= 2")
    browser.open(f"{served}/member/preview/moi?lang=en")
    browser.run("document.querySelector(\"button[name='agree']\").focus()")
    browser.press("Enter")
    browser.until_text("Noted, with your name")

    assert browser.complaints == []
