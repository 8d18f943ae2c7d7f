"""From a screen to its help and through it, as a person goes, with the keyboard too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.browser import PHONE, Browser, sign_in
from support.everything import Everything
from support.staff import PASSWORD
from support.waitress_server import waitress_serving


@pytest.fixture(scope="module")
def served(everything: Everything) -> Iterator[str]:
    with waitress_serving(everything.app) as url:
        yield url


def test_help_is_reached_from_a_screen_read_and_searched(browser: Browser, served: str):
    sign_in(browser, served, PASSWORD)
    browser.click("header .aid")
    browser.until("location.pathname === '/help/staff' && location.hash === '#sources'")
    browser.until_text("Nguồn thu thập")
    assert browser.run("document.querySelector(':target').getBoundingClientRect().top < 100")
    assert browser.run("[...document.images].every(one => one.loading === 'lazy' && one.alt)")
    # The same section in the other language has the same address.
    browser.open(f"{served}/help/staff?lang=en#sources")
    browser.until("document.querySelector(':target').textContent === 'Sources'")
    browser.click("pre + .copy, .copy")
    browser.until_text("Copied")

    browser.width(PHONE)
    browser.open(f"{served}/help?lang=vi")
    browser.run("document.querySelector('#q').focus()")
    browser.type("cach ly")
    browser.press("Enter")
    browser.until_text("Tìm thấy trong trợ giúp")
    browser.press("Tab")
    browser.run("document.querySelector('.guides a').focus()")
    browser.press("Enter")
    browser.until("location.hash === '#quarantine'")
    assert browser.run("document.documentElement.scrollWidth") <= PHONE
    assert browser.barriers == []
    assert browser.complaints == []
