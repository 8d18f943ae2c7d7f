"""The search page in a real browser: by keyboard, on a phone, without scripts, light and dark."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

import pytest

from catalogue.database import Database
from catalogue.model import HubIdentity
from support.browser import Browser
from support.shelf import NATIONAL, shelve
from support.waitress_server import waitress_serving
from web.app import create_app

PHONE, DESK = 360, 1280
PAGES = (
    "/",
    "/?q=chuyen",
    "/?q=chuyen&more=author&sort=title&each=1",
    "/?q=chuyen&f=material:book&f=library:NLV",
    "/?q=chuyen&page=9",
    "/?q=chuyen&field=year",
    "/?q=zzzz&f=material:book",
    "/?q=" + "Chuyệndàikhôngcókhoảngtrắng" * 12,
)
# WCAG 2.2 s1.4.3: the contrast of all text against what is behind it, of which the least counts.
LEAST_CONTRAST = """(() => {
  const parts = c => c.match(/[\\d.]+/g).map(Number);
  const light = c => parts(c).slice(0, 3).map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = e => {
    for (; e; e = e.parentElement) {
      const c = getComputedStyle(e).backgroundColor;
      if (parts(c)[3] !== 0) return c;
    }
    return 'rgb(255, 255, 255)';
  };
  const seen = [...document.querySelectorAll('body *')].filter(e => e.checkVisibility()
    && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()));
  const ratios = seen.map(e => {
    const [a, b] = [getComputedStyle(e).color, behind(e)].map(light);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  });
  return [ratios.length, Math.min(...ratios)];
})()"""
# WCAG 2.2 s2.5.8: what stands in lists or is a control is at least 24 px high.
LOWEST_TARGET = """Math.min(...[...document.querySelectorAll(
  'main li > a, main button, main select, main input:not([type=hidden])'
)].map(e => e.getBoundingClientRect().height))"""


@pytest.fixture
def served(database: Database) -> Iterator[str]:
    shelve(database)
    with waitress_serving(create_app(database, HubIdentity(), b"k" * 32)) as url:
        yield url


def tab_to(browser: Browser, text: str) -> None:
    """Go on by keyboard until what has the focus begins with some words."""
    begins = f"document.activeElement.innerText?.trim().startsWith({json.dumps(text)})"
    for _ in range(80):
        browser.press("Tab")
        if browser.run(begins):
            return
    pytest.fail(f"never reached: {text}")


def enter(browser: Browser, seen: str) -> None:
    browser.press("Enter")
    browser.until(f"{seen}")


WORDS = {"vi": ("Sách", "Sắp xếp", "3 ấn bản"), "en": ("Book", "Sort", "3 editions")}
LOOKS = pytest.mark.parametrize(
    ("language", "width"),
    [
        ("vi", PHONE),
        ("en", DESK),
        pytest.param("vi", DESK, marks=pytest.mark.soak),
        pytest.param("en", PHONE, marks=pytest.mark.soak),
    ],
)


@LOOKS
def test_a_reader_finds_narrows_sorts_and_opens_by_keyboard_alone(
    browser: Browser, served: str, width: int, language: str
) -> None:
    book, sort, editions = WORDS[language]
    browser.width(width)
    browser.open(f"{served}/?lang={language}")
    browser.run("document.querySelector('#q').focus()")
    browser.type("chuyen")
    enter(browser, "location.search.includes('q=chuyen')")
    tab_to(browser, book)
    enter(browser, "!!document.querySelector('.chosen')")
    browser.until("document.querySelectorAll('.hits li').length === 4")
    browser.run("document.querySelector('#sort').focus()")
    browser.press("ArrowDown")
    tab_to(browser, sort)
    enter(browser, "location.search.includes('sort=newest')")
    tab_to(browser, NATIONAL)
    enter(browser, "document.querySelectorAll('.chosen li').length === 3")
    tab_to(browser, editions)
    enter(browser, "location.hash === '#editions'")

    assert browser.run("document.querySelectorAll('ul.editions li').length") == 2
    assert browser.complaints == []


@LOOKS
def test_no_page_is_wider_than_its_window_and_nothing_is_too_low_to_touch(
    browser: Browser, served: str, width: int, language: str
) -> None:
    browser.width(width)
    widths, heights = {}, {}
    for page in PAGES:
        browser.open(f"{served}{page}{'&' if '?' in page else '?'}lang={language}")
        widths[page] = browser.run("document.documentElement.scrollWidth")
        heights[page] = browser.run(LOWEST_TARGET)

    assert {page: wide for page, wide in widths.items() if wide > width} == {}
    assert {page: height for page, height in heights.items() if height < 24} == {}
    assert browser.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_can_be_told_from_what_is_behind_it(
    browser: Browser, served: str, scheme: Literal["dark", "light"]
) -> None:
    browser.width(DESK)
    browser.likes(scheme)
    contrasts = {}
    for page in PAGES:
        browser.open(served + page)
        seen, contrasts[page] = browser.run(LEAST_CONTRAST)
        assert seen > 5

    assert {page: least for page, least in contrasts.items() if least < 4.5} == {}


def test_what_is_seen_first_has_the_focus_first(browser: Browser, served: str) -> None:
    browser.width(PHONE)
    browser.open(f"{served}/?q=chuyen&f=material:book")
    places = browser.run(
        "[...document.querySelectorAll('main a, main button, main select,"
        " main input:not([type=hidden])')].map(e => e.getBoundingClientRect())"
        ".map(b => [Math.round(b.top + b.height / 2), b.left])"
    )

    assert len(places) > 20
    # Two that stand in a row may differ by a few pixels.
    assert all(after[0] >= before[0] - 12 for before, after in pairwise(places))


def test_on_a_phone_one_link_leads_past_the_hits_to_what_narrows_them(
    browser: Browser, served: str
) -> None:
    browser.width(PHONE)
    browser.open(f"{served}/?q=chuyen")
    browser.click(".jump")
    browser.until("location.hash === '#narrow'")

    assert browser.run("document.querySelector('#narrow').getBoundingClientRect().top") < 100


def test_all_of_it_works_without_a_script(browser: Browser, served: str) -> None:
    browser.width(DESK)
    browser.scripts(allowed=False)
    browser.open(f"{served}/?q=chuyen&lang=en")
    browser.click("#facet-library li a")
    browser.until_text("Narrowed to")
    browser.click("form.sort button")
    browser.until("location.search.includes('sort=')")
    browser.click(".chosen a")
    browser.until("!document.querySelector('.chosen')")

    assert browser.complaints == []
