"""A member library's pages in a real browser, by keyboard and in Vietnamese: all of it once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue import users
from catalogue.accounts import keys
from catalogue.database import Database
from catalogue.holdings import one
from catalogue.holdings.one import Place
from catalogue.members import contacts
from catalogue.records import get
from catalogue.users import Role
from support.browser import DESK, PHONE, Browser
from support.lines import Hub
from support.listed import add_library, settle, stored
from support.pages import Book, add_source, books, deliver
from support.staff import PASSWORD, room
from support.waitress_server import waitress_serving
from web.app import create_app

ROWS = "ISBN;Nhan đề;Tác giả;Năm XB;Kho;Số ĐKCB\n;Không có gì như thế;An;2001;Kho đọc;VV2\n"


@pytest.fixture
def served(members: Hub) -> Iterator[str]:
    """Give the address of a hub with one book and a library that has none, and its user."""
    database = members.database
    add_source(database, "s1", "L1")
    deliver(database, "s1", *books([("a", Book())]))
    add_library(database)
    settle(database)
    users.add(database, "lan", PASSWORD, Role.MEMBER, library="SMALL")
    app = create_app(
        database, members.line.identity, b"k" * 32, room=room(database, line=members.line)
    )
    with waitress_serving(app) as url:
        yield url


def press(browser: Browser, button: str, seen: str) -> None:
    """Press a button or follow a link by keyboard, and wait for what comes of it."""
    browser.run(f"document.querySelector(`{button}`).focus()")
    browser.press("Enter")
    browser.until_text(seen)


def fits(browser: Browser) -> bool:
    """Tell whether what came of something keeps nobody out, on a telephone either."""
    browser.width(PHONE)
    fine = browser.run("document.documentElement.scrollWidth") <= PHONE
    found = browser.barriers_in("main")
    browser.width(DESK)
    return fine and found == []


def say_held(browser: Browser, served: str, database: Database, cluster: str) -> list[str]:
    """Say that the library has a record and take it back; return what was said between."""
    browser.open(f"{served}/record/{cluster}?lang=vi")
    # The door first; then the page that was wanted.
    press(browser, f"a[href$='/member/hold/{cluster}']", "Mật khẩu")
    browser.fill("#name", "lan")
    browser.fill("#password", PASSWORD)
    browser.press("Enter")
    browser.until("!!document.querySelector('#call_number')")
    browser.fill("#location", "Kho đọc")
    browser.fill("#summary", "T.1-3")
    press(browser, "main form.narrow button", "sẽ hiện trong vài phút")
    settle(database)
    browser.open(f"{served}/member/hold/{cluster}")
    browser.until_text("đang hiện")
    said = one.told(database, Place(library="SMALL", public_id=cluster))
    press(browser, "form[action$='/drop'] button", "không còn hiện")
    return [each.said.summary for each in said]


def name_contact(browser: Browser) -> None:
    press(browser, ".rooms a[href$='/contacts']", "Chưa có đầu mối nào")
    press(browser, "main a.button", "Vai trò")
    browser.fill("#name", "Nguyễn Thị Lan")
    browser.fill("#mail", "lan@example.vn")
    press(browser, "main form button", "Nguyễn Thị Lan")
    press(browser, "tbody a", "Viết thư khi")
    browser.run("document.querySelector('input[value=failed]').focus()")
    browser.press("Space")
    press(browser, "form[action$='/notices'] button", "Từ nay Nguyễn Thị Lan")


def give_list(browser: Browser, file: Path) -> None:
    press(browser, ".rooms a[href$='/member/holdings']", "Nộp danh sách")
    browser.choose("#file", file)
    press(browser, "form[enctype] button", "Chưa có gì thay đổi")
    assert fits(browser)
    press(browser, "form[action$='/take'] button", "được so khớp")


def test_a_library_looks_after_itself_by_keyboard(
    browser: Browser, served: str, members: Hub, tmp_path: Path
) -> None:
    database = members.database
    cluster = get(database, "s1", "a").cluster
    said = say_held(browser, served, database, cluster)
    name_contact(browser)
    file = tmp_path / "sách.csv"
    file.write_text(ROWS, "utf-8")
    give_list(browser, file)
    settle(database)
    browser.open(f"{served}/member/holdings/list/main?lang=en")
    browser.until_text("nothing like it in the union catalogue")
    fine = [fits(browser)]
    press(browser, ".rooms a[href$='/keys']", "no key yet")
    browser.fill("#title", "Koha")
    press(browser, "main form.narrow button", "Copy it now")
    fine.append(fits(browser))

    assert said == ["T.1-3"]
    assert one.told(database, Place(library="SMALL", public_id=cluster)) == []
    assert contacts.all(database, "SMALL")[0].channels == ("nguyen-thi-lan",)
    assert len(stored(database)) == 1
    assert [each.title for each in keys.all(database)] == ["Koha"]
    assert fine == [True, True]
    assert browser.complaints == []
