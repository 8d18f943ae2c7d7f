"""Accounts in a real browser, on a telephone, in Vietnamese: a link, a factor, the other door."""

from __future__ import annotations

import time
from base64 import b32decode

from catalogue import users
from catalogue.accounts import tickets, totp
from catalogue.audit import acting
from catalogue.audit.acting import Act, Way
from catalogue.database import Database
from catalogue.users import Role, Wanted
from support.browser import PHONE, chromium, sign_in
from support.filled import add_library, book, deliver
from support.staff import PASSWORD, room
from support.waitress_server import waitress_serving
from web.app import create_app

NEW = "thuyen giay qua song"


def test_accounts_are_kept_on_a_telephone_in_vietnamese(database: Database):
    add_library(database, "HUST", "Thư viện Tạ Quang Bửu")
    deliver(database, "HUST", {"one": book("Sách")})
    with acting.during(Act(who="lan", way=Way.WEB, address="192.0.2.7", act="people.add")):
        users.add(database, "lan", PASSWORD, Role.ADMIN, mail="lan@example.vn")
        _, token = tickets.invite(database, "hust", Wanted(Role.MEMBER, "HUST"), 600)
    made = room(database)
    app = create_app(database, made.line.identity, b"k" * 32, room=made)
    widths = {}
    with waitress_serving(app) as url, chromium() as browser:
        browser.width(PHONE)

        def measure(page: str) -> None:
            widths[page] = browser.run("document.documentElement.scrollWidth")

        def look(page: str) -> None:
            browser.open(f"{url}{page}")
            measure(page.partition("/link/")[0])

        browser.open(f"{url}/staff/login?lang=vi")
        look("/staff/forgotten")
        look(f"/member/link/{token}")
        browser.fill("#new", NEW)
        browser.fill("#again", NEW)
        browser.click("main button")
        browser.until_text("Hãy đăng nhập bằng mật khẩu đó")
        browser.fill("#name", "hust")
        browser.fill("#password", NEW)
        browser.click("main button")
        browser.until_text("Các nguồn của bạn")
        measure("/member/")

        sign_in(browser, url, PASSWORD)
        for page in ("/staff/users", "/staff/audit", "/staff/account/factor"):
            look(page)
        drawn = browser.run(
            "(() => { const b = document.querySelector('.qr').getBoundingClientRect();"
            " return [b.width, b.height]; })()"
        )
        shown = browser.run("document.querySelector('ol code').textContent")
        secret = b32decode("".join(shown.split()))
        browser.fill("#old", PASSWORD)
        browser.fill("#code", totp.code(secret, int(time.time()) // totp.STEP))
        browser.click("main button")
        browser.until_text("Phòng khi mất điện thoại")
        kept = browser.run("document.querySelector('main li code').textContent")
        browser.click(".me button")
        browser.until("!!document.querySelector('#password')")
        browser.fill("#name", "lan")
        browser.fill("#password", PASSWORD)
        browser.click("main button")
        browser.until("!!document.querySelector('#code')")
        browser.fill("#code", kept)
        browser.click("main button")
        browser.until("!!document.querySelector('.rooms')")

        assert drawn == [256, 256]
        assert [page for page, width in widths.items() if width > PHONE] == []
        assert browser.complaints == []
