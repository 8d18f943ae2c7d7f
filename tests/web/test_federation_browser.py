"""Libraries, audiences, publishing and people in a real browser, from the form to what comes of it.

Each way is gone once in Vietnamese on a telephone, once in English at a desk.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from catalogue import users
from catalogue.users import Role
from hub.sourcecheck import check
from support.browser import DESK, PHONE, Browser, sign_in
from support.filled import add_library, book, deliver, settle
from support.lines import Hub, beside
from support.staff import PASSWORD, room
from support.waitress_server import waitress_serving
from web.app import create_app

BOTH = pytest.mark.parametrize(
    "look",
    [
        pytest.param(("vi", PHONE), id="vi"),
        pytest.param(("en", DESK), id="en", marks=pytest.mark.soak),
    ],
)
KEPT = "!!document.querySelector('.said')"


@pytest.fixture
def served(members: Hub) -> Iterator[str]:
    """Give the address of a hub with two libraries and one administrator, a worker beside it."""
    database = members.database
    for code, title in (("NLV", "Truyện Kiều"), ("HUST", "Cơ học đất")):
        add_library(database, code, f"Thư viện {code}")
        deliver(database, code, {"1": book(title), "2": book("Nhật ký trong tù")})
    settle(database)
    users.add(database, "lan", PASSWORD, Role.ADMIN, mail="lan@example.vn")
    here = room(database, line=members.line, check=check)
    app = create_app(database, members.line.identity, b"k" * 32, room=here)
    with waitress_serving(app) as url, beside(members.work):
        yield url


def enter(browser: Browser, url: str, look: tuple[str, int]) -> None:
    language, width = look
    browser.width(width)
    sign_in(browser, url, PASSWORD, language)


def send(browser: Browser, url: str, seen: str = KEPT, /, **boxes: str) -> None:
    """Fill in the last form of a page, press its first button, and wait for what is seen then."""
    browser.open(url)
    for name, value in boxes.items():
        browser.fill(f"#{name}", value)
    browser.run("window.old = true")
    browser.click("main form:last-of-type button:not([value=yes].second)")
    browser.until(f"!window.old && {seen}")


def until_found(browser: Browser, url: str, count: int) -> None:
    """Look again and again until readers find so many."""
    for _ in range(100):
        browser.open(f"{url}/?q=truyen+kieu")
        if browser.run("document.querySelectorAll('.hits > li').length") == count:
            return
    pytest.fail(f"never {count} found: {browser.text}")


@BOTH
def test_a_library_is_added_suspended_and_shown_again(
    browser: Browser, served: str, look: tuple[str, int]
) -> None:
    enter(browser, served, look)
    send(browser, f"{served}/staff/add-member", code="TVDN", name="Thư viện Đà Nẵng")
    at = f"{served}/staff/members/TVDN"
    send(browser, f"{at}/contact", name="Trần Thị Hoa", mail="hoa@example.vn")
    send(browser, f"{at}/agreement", number="12/2026/LT", signed="2026-01-05")
    told = browser.text
    until_found(browser, served, 1)
    standing = f"{served}/staff/standing/NLV"
    send(browser, standing, reason="chưa ký lại thỏa thuận")
    until_found(browser, served, 0)
    send(browser, standing, reason="đã ký")
    until_found(browser, served, 1)
    browser.open(standing)

    assert "Trần Thị Hoa" in told
    assert "12/2026/LT" in told
    assert "chưa ký lại thỏa thuận" in browser.text
    assert browser.barriers == []
    assert browser.complaints == []


@BOTH
def test_something_is_hidden_and_shown_again(
    browser: Browser, served: str, look: tuple[str, int]
) -> None:
    enter(browser, served, look)
    browser.open(f"{served}/?q=truyen+kieu")
    browser.click(".hits a")
    browser.until("location.pathname.startsWith('/record/')")
    number = browser.run("location.pathname").rpartition("/")[2]
    browser.open(f"{served}/staff/hidden")
    browser.run("document.querySelector('#kind').value = 'cluster'")
    browser.fill("#name", number)
    browser.fill("#reason", "yêu cầu của tác giả")
    browser.click("form[action$='/add'] button")
    browser.until_text("yêu cầu của tác giả")
    until_found(browser, served, 0)
    browser.open(f"{served}/staff/hidden")
    browser.click("form[action$='/lift'] button")
    browser.until(KEPT)
    until_found(browser, served, 1)

    assert browser.complaints == []


@BOTH
def test_a_set_is_tried_and_given_to_a_consumer_and_all_of_it_is_written_down(
    browser: Browser, served: str, look: tuple[str, int]
) -> None:
    enter(browser, served, look)
    browser.open(f"{served}/staff/sets/add")
    for name, value in {"name": "tho", "title": "Thơ", "query": "nhat ky trong tu"}.items():
        browser.fill(f"#{name}", value)
    browser.click("button[name=look]")
    browser.until("!!document.querySelector('#looked ol li')")
    browser.click("button[name=keep]")
    browser.until("location.pathname === '/staff/sets'")
    browser.until_text("query:tho")
    send(
        browser,
        f"{served}/staff/consumers/add",
        "[...document.querySelectorAll('main input, main code')].length > 0",
        name="vufind",
        title="VuFind",
        sets="query:tho",
    )
    browser.open(f"{served}/staff/consumers/consumer/vufind")
    consumer = browser.text
    browser.open(f"{served}/staff/users")
    browser.fill("#name", "hoa")
    browser.fill("#mail", "hoa@example.vn")
    browser.click("form[action$='/add'] button")
    browser.until_text("/staff/link/")
    browser.open(f"{served}/staff/audit")
    written = browser.text

    assert "query:tho" in consumer
    assert all(name in written for name in ("vufind", "tho", "hoa", "lan"))
    assert browser.barriers == []
    assert browser.complaints == []


@BOTH
def test_a_library_is_noted_and_invited_and_figures_are_reported(
    browser: Browser, served: str, look: tuple[str, int]
) -> None:
    enter(browser, served, look)
    send(browser, f"{served}/staff/add-joining", code="MOI", name="Thư viện Mới")
    browser.open(f"{served}/staff/joining/MOI")
    browser.click("form[action$='/invite'] button")
    browser.until("!!document.querySelector('#link')")
    link = browser.run("document.querySelector('#link').value")
    browser.open(f"{served}/staff/reports")
    browser.fill("#other", "2025")
    browser.click("form[action$='/make'] button")
    browser.until("!!document.querySelector(\"a[href='/staff/reports/report/2025/1']\")")
    browser.open(f"{served}/staff/reports/report/2025/1")

    assert "/joining/" in link
    assert browser.run("document.querySelectorAll('svg').length") > 0
    assert "Thư viện NLV" in browser.text
    assert browser.barriers == []
    assert browser.complaints == []
