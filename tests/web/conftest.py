from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient

from catalogue.database import Database
from catalogue.model import HubIdentity
from support.deliveries import Counter
from support.engines import Engine
from support.everything import Everything
from support.everything import fill as filled_with_everything
from support.filled import add_library, book, deliver, settle
from support.lines import Hub
from support.oidc import Peer, peer
from support.passwords import hashed_at_once
from support.shelf import shelve
from support.staff import with_known_templates
from web.app import create_app
from web.counting import Doors

KIEU = "Truyện Kiều"
KIEU_PARTS = {"author": "Nguyễn Du", "year": "2015", "isbn": "9786046977711"}
HOSTILE = "<script>alert(1)</script> & ]]> \"'"

if TYPE_CHECKING:
    from support.browser import Browser

cheap_passwords = pytest.fixture(scope="module", autouse=True)(hashed_at_once)


@pytest.fixture(scope="session")
def filled(sqlite_engine: Engine) -> Iterator[Database]:
    """Give a hub of two libraries: 30 books, one shared, one withdrawn, one merged away."""
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        add_library(database, "NLV", "Thư viện Quốc gia Việt Nam")
        add_library(database, "HUST", "Thư viện Tạ Quang Bửu")
        _deliver_first(database)
        settle(database)
        # The second library turns out to hold what the first one has, and gives one book away.
        deliver(database, "HUST", {"h1": book(KIEU, **KIEU_PARTS), "h2": None})
        settle(database)
        yield database
        database.close()


def _deliver_first(database: Database) -> None:
    numbered = {f"n{number}": book(f"Sách số {number}") for number in range(1, 26)}
    first = book(
        KIEU,
        **KIEU_PARTS,
        subject="Văn học trung đại",
        call_number="895.9221 NG-D",
        url="https://example.vn/kieu",
    )
    deliver(
        database,
        "NLV",
        {"kieu": first, "hostile": book(HOSTILE, url="javascript:alert(1)"), **numbered},
    )
    deliver(
        database,
        "HUST",
        {"h1": book("Một cuốn khác hẳn", author="Người Nào Đó"), "h2": book("Sách sẽ bị rút")},
    )


@pytest.fixture(scope="session")
def shelf(sqlite_engine: Engine) -> Iterator[Database]:
    """Give a hub of two libraries: a work in three editions, several kinds; to be searched."""
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        shelve(database)
        yield database
        database.close()


@pytest.fixture
def reader(shelf: Database) -> FlaskClient:
    """Give who searches there."""
    return with_known_templates(create_app(shelf, HubIdentity(), b"k" * 32)).test_client()


@pytest.fixture(scope="session")
def everything(
    sqlite_engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Everything]:
    """Give a hub that has something of everything; to be looked at, not changed."""
    folder = tmp_path_factory.mktemp("everything")
    with ExitStack() as endings, sqlite_engine.fresh() as url:
        database = Database.open(url)
        endings.callback(database.close)
        with contextmanager(hashed_at_once)():
            made = filled_with_everything(Counter(database, folder, endings))
        yield made


@pytest.fixture(scope="session")
def service() -> Iterator[Peer]:
    """Give a sign-in service that others wrote; tests tell it apart by subjects of their own."""
    with peer() as made:
        yield made


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Give a browser with nothing in it."""
    from support.browser import chromium

    with chromium() as opened:
        yield opened


@pytest.fixture
def database(sqlite_engine: Engine) -> Iterator[Database]:
    """Give a fresh database on one engine: screens hold no SQL."""
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        yield database
        database.close()


@pytest.fixture
def members(database: Database, tmp_path: Path) -> Iterator[Hub]:
    """Give the harvest line of that database, with endpoints that end with the test."""
    with ExitStack() as ending:
        yield Hub(database, tmp_path, ending)


@pytest.fixture
def client(filled: Database) -> FlaskClient:
    app = create_app(filled, HubIdentity(), b"k" * 32, doors=Doors(page_size=10))
    return with_known_templates(app).test_client()
