"""A librarian sends files in a real browser, reads the report and applies it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from catalogue import users
from catalogue.database import Database
from catalogue.intake import rows
from catalogue.intake.model import State
from catalogue.users import Role
from support.browser import Browser, sign_in
from support.deliveries import Counter, book, books
from support.lines import beside, wait_until
from support.staff import PASSWORD, room
from support.waitress_server import waitress_serving
from web.app import create_app


@pytest.fixture
def counter(database: Database, tmp_path: Path) -> Iterator[Counter]:
    with ExitStack() as ending:
        made = Counter(database, tmp_path, ending)
        made.add("thu-vien")
        yield made


@pytest.fixture
def shown(counter: Counter) -> Iterator[str]:
    """Give the address of a hub with one operator, served as in life; it has no worker."""
    users.add(counter.database, "lan", PASSWORD, Role.OPERATOR)
    here = room(counter.database, line=counter.line)
    app = create_app(counter.database, counter.line.identity, b"k" * 32, room=here)
    with waitress_serving(app) as url:
        yield url


@pytest.fixture
def served(shown: str, counter: Counter) -> Iterator[str]:
    """Give the address of that hub with a worker beside."""
    with beside(counter.hub.work):
        yield shown


def send(browser: Browser, url: str, *files: Path) -> None:
    browser.open(f"{url}/staff/deliveries/send?source=thu-vien")
    browser.choose("#files", *files)
    browser.click("main form button")


@pytest.mark.parametrize("scripts", [True, pytest.param(False, marks=pytest.mark.soak)])
def test_a_file_is_sent_read_about_and_applied(
    browser: Browser, served: str, counter: Counter, tmp_path: Path, scripts: bool
):
    file = tmp_path / "sách mới.mrc"
    file.write_bytes(books(range(400)) + book("x")[:60] + b"\x1d")
    browser.scripts(allowed=scripts)
    sign_in(browser, served, PASSWORD)
    send(browser, served, file)
    # With a script the page asks by itself, without one it is shown anew every few seconds.
    browser.until_text("đã kiểm tra, chờ bạn")
    browser.click("form[action$='/apply'] button")
    browser.until_text("đã áp dụng")

    assert browser.run("document.querySelector(\"a[href='/staff/runs/1']\") !== null")
    assert "sách mới.mrc!" in browser.text
    assert browser.complaints == []


def test_several_files_are_sent_at_once(
    browser: Browser, served: str, counter: Counter, tmp_path: Path
):
    files = [tmp_path / f"{number}.mrc" for number in range(3)]
    for number, file in enumerate(files):
        file.write_bytes(books(range(number, number + 2)))
    sign_in(browser, served, PASSWORD)
    send(browser, served, *files)
    browser.until_text("Đợt giao 3")
    wait_until(
        lambda: {each.state for each in rows.all(counter.database)} == {State.CHECKED},
        "they were never checked",
    )
