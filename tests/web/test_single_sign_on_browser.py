"""Signing in by a service of others in a real browser, on a telephone, in Vietnamese."""

from __future__ import annotations

from dataclasses import replace

from catalogue import users
from catalogue.accounts import tickets
from catalogue.database import Database
from catalogue.users import Role, Wanted
from support.browser import Browser, chromium
from support.oidc import Peer, single_sign_on
from support.staff import PASSWORD, room
from support.waitress_server import waitress_serving
from web.app import create_app
from web.site import install, site_of

PHONE = 390


def sign_in_there(browser: Browser, link: str, subject: str) -> None:
    """Follow a link to the page of the service, which is not ours: it may complain as it likes."""
    assert browser.complaints == []
    browser.click(link)
    browser.until("!!document.querySelector('input[name=sub]')")
    browser.fill("input[name=sub]", subject)
    browser.click("form button")
    browser.until("!!document.querySelector('.staff')")
    browser.complaints.clear()


def test_a_librarian_signs_in_with_the_account_of_the_organisation(
    database: Database, service: Peer
):
    users.add(database, "quan", PASSWORD, Role.ADMIN)
    _, token = tickets.invite(database, "lan", Wanted(Role.VIEWER), 600)
    widths = []
    with chromium() as browser:
        rules = single_sign_on(service.issuer)
        made = room(database, single_sign_on=rules)
        identity = made.line.identity
        listening = create_app(database, identity, b"k" * 32, room=made)
        with waitress_serving(listening) as url:
            # People come back to the hub's own address, which is known once it listens.
            own = replace(identity, base_url=url)
            install(listening, replace(site_of(listening), identity=own))
            browser.width(PHONE)
            browser.open(f"{url}/staff/link/{token}?lang=vi")
            browser.until_text("Không dùng mật khẩu")
            widths.append(browser.run("document.documentElement.scrollWidth"))
            sign_in_there(browser, "a.button", "lan@example.vn")
            browser.until("!!document.querySelector('.rooms')")
            browser.click(".me button")
            browser.until("!!document.querySelector('#password')")
            widths.append(browser.run("document.documentElement.scrollWidth"))
            browser.fill("#name", "quan")
            browser.fill("#password", PASSWORD)
            browser.click("main button")
            browser.until("!!document.querySelector('.rooms')")
            browser.open(f"{url}/staff/account")
            sign_in_there(browser, "main a[href$='/account/sso']", "quan@example.vn")
            browser.until_text("Liên kết hai tài khoản?")
            widths.append(browser.run("document.documentElement.scrollWidth"))
            browser.fill("#old", PASSWORD)
            browser.click("main button")
            browser.until_text("Từ nay bạn cũng có thể đăng nhập bằng tài khoản đó.")
            browser.open(f"{url}/staff/users")
            widths.append(browser.run("document.documentElement.scrollWidth"))

            assert browser.text.count("đăng nhập bằng tài khoản của cơ quan") == 2
            assert widths == [PHONE] * 4
            assert browser.complaints == []
