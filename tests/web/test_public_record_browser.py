"""From several fields to a record, its editions and a file, in a real browser by keyboard alone."""

from __future__ import annotations

import json

import pytest

from catalogue.database import Database
from catalogue.model import HubIdentity
from support.browser import Browser
from support.waitress_server import waitress_serving
from web.app import create_app

PHONE, DESK = 390, 1280


def tab_to(browser: Browser, begins: str) -> None:
    """Go on by keyboard until what has the focus is called so."""
    script = (
        "(e => [...(e.labels ?? [])].map(l => l.innerText).concat(e.innerText ?? '')"
        f".some(t => t.trim().startsWith({json.dumps(begins)})))(document.activeElement)"
    )
    for _ in range(60):
        browser.press("Tab")
        if browser.run(script):
            return
    pytest.fail(f"never reached: {begins}")


def on_paper(browser: Browser) -> str:
    """Return what a page says where it is printed."""
    browser.on_paper(printed=True)
    said = browser.text
    browser.on_paper(printed=False)
    return said


def test_a_reader_goes_from_several_fields_to_all_editions_of_a_work(
    browser: Browser, shelf: Database
) -> None:
    with waitress_serving(create_app(shelf, HubIdentity(), b"k" * 32)) as url:
        browser.width(PHONE)
        browser.open(f"{url}/?lang=vi")
        tab_to(browser, "Tra cứu nâng cao")
        browser.press("Enter")
        browser.until("location.pathname === '/advanced'")
        seen = [browser.barriers]
        tab_to(browser, "Nhan đề")
        browser.type("nỏ thần")
        tab_to(browser, "Tác giả")
        browser.type("to hoai")
        tab_to(browser, "Từ năm")
        browser.type("1985")
        browser.press("Enter")
        browser.until("document.querySelectorAll('.hits li').length === 1")
        tab_to(browser, "Chỉ tìm đúng dấu đã gõ")
        browser.press("Enter")
        browser.until_text("Không tìm thấy kết quả")
        seen.append(browser.barriers)
        tab_to(browser, "Tìm không phân biệt dấu")
        browser.press("Enter")
        browser.until("document.querySelectorAll('.hits li').length === 1")
        tab_to(browser, "Chuyện nỏ thần")
        browser.press("Enter")
        browser.until("location.pathname.startsWith('/record/')")
        page = browser.run("location.pathname")
        seen.append(browser.barriers)
        tab_to(browser, "Xem tất cả các trường MARC")
        browser.press("Enter")
        browser.until("document.querySelector('details').open")
        widths = [browser.run("document.documentElement.scrollWidth")]
        printed = on_paper(browser)
        tab_to(browser, "RIS")
        file = browser.run("document.activeElement.href")
        browser.open(f"{url}{page}")
        tab_to(browser, "Tất cả 3 ấn bản của tác phẩm này")
        browser.press("Enter")
        browser.until("location.pathname.startsWith('/work/')")
        seen.append(browser.barriers)
        widths.append(browser.run("document.documentElement.scrollWidth"))
        browser.width(DESK)
        for path in ("/advanced", page, f"{page}/holdings", f"{page}/sources"):
            browser.open(f"{url}{path}?lang=en")
            seen.append(browser.barriers)
            widths.append(browser.run("document.documentElement.scrollWidth") - DESK + PHONE)

    assert "Thư viện có tài liệu này" in printed
    assert not any(word in printed for word in ("BibTeX", "English", "MARC", "OAI-PMH"))
    assert seen == [[]] * len(seen)
    assert widths == [PHONE] * len(widths)
    assert file == f"{url}{page}.ris"
    assert browser.complaints == []
