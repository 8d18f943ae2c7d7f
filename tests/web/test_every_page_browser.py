"""Every page in a real browser: none keeps anybody out, none is wider than what it is read on.

axe-core judges by the rules of WCAG 2.1 A and AA that a program can judge by; it is no proof that
everybody can read a page, but what it finds serious does keep people out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pytest

from support.browser import DESK, PHONE, Browser
from support.everything import MEMBER, OUTSIDE, STAFF, Everything
from support.staff import PASSWORD
from support.waitress_server import waitress_serving


class Look(NamedTuple):
    """In which language and how wide pages are looked at, and whether axe does too."""

    language: str
    width: int
    judged: bool
    first: int = 0
    every: int = 1
    """Only each so many of the pages, from the first on."""


@pytest.fixture(scope="module")
def served(everything: Everything) -> Iterator[str]:
    with waitress_serving(everything.app) as url:
        yield url


def enter(browser: Browser, url: str, door: str, name: str) -> None:
    browser.open(f"{url}/{door}/login")
    browser.fill("#name", name)
    browser.fill("#password", PASSWORD)
    browser.click("main button")
    browser.until("!!document.querySelector('.me')")


def flaws(browser: Browser, url: str, addresses: list[str], look: Look) -> dict[str, list[str]]:
    """Return what is wrong with pages, by their addresses."""
    found = {}
    for address in addresses:
        browser.open(url + address)
        wide = browser.run("document.documentElement.scrollWidth")
        said = [f"{wide} px wide"] if wide > look.width else []
        # What stands above each page is the same on all, and judged with the first.
        part = "main" if address != addresses[0] else "html"
        said += [*(browser.barriers_in(part) if look.judged else []), *browser.complaints]
        browser.complaints.clear()
        if said:
            found[address] = said
    return found


@pytest.mark.parametrize(
    "look",
    [
        # A third of a second for each of two hundred pages: each is looked at in one way or other.
        Look("vi", PHONE, judged=True, every=2),
        pytest.param(Look("vi", PHONE, judged=True), marks=pytest.mark.soak),
        Look("en", DESK, judged=False, first=1, every=2),
        pytest.param(Look("en", DESK, judged=True), marks=pytest.mark.soak),
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "whose",
    [("staff", "lan", STAFF), ("member", "thu-vien", MEMBER), ("", "", OUTSIDE)],
    ids=["staff", "member", "outside"],
)
def test_no_page_keeps_anybody_out(
    browser: Browser,
    everything: Everything,
    served: str,
    look: Look,
    whose: tuple[str, str, Mapping[str, str]],
) -> None:
    door, name, addresses = whose
    browser.width(look.width)
    browser.open(f"{served}/?lang={look.language}")
    if door:
        enter(browser, served, door, name)
    browser.complaints.clear()

    assert flaws(browser, served, everything.at(addresses)[look.first :: look.every], look) == {}


def test_the_judge_sees_what_keeps_people_out(browser: Browser, served: str) -> None:
    browser.open(f"{served}/?q=sach")
    browser.run(
        "document.querySelectorAll('label').forEach(each => each.remove());"
        "document.querySelector('h1, p').style.color = '#ddd'"
    )
    rules = {each.partition(":")[0] for each in browser.barriers}

    assert rules >= {"label", "color-contrast"}
