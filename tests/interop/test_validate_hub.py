"""The validator at our own doors, and at a server that we did not write."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property

import pytest
from flask import Flask

from catalogue.database import Database
from catalogue.model import HubIdentity
from harvester.validate.examine import validate
from harvester.validate.model import Options
from protocols.oai import DC, OAI_DC
from support.filled import add_library, book, deliver, settle
from support.judged.judging import SETTINGS, codes
from support.oaipmh_server import PeerItem, peer_server
from support.waitress_server import waitress_serving
from web.app import create_app
from web.counting import Doors

TITLES = ("Số đỏ", "Truyện Kiều", "Lúa nước", "Đất rừng phương Nam", "Tắt đèn", "Chí Phèo")
START = datetime(2024, 1, 1)  # noqa: DTZ001 - as the library wants it
QUICK = Options(pause=0, samples=3, windows=3, sets=2)


@pytest.fixture(scope="module")
def hub(sqlite_engine):
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        add_library(database, "NLV", "Thư viện Quốc gia")
        for number, title in enumerate(TITLES):
            deliver(database, "NLV", {f"oai:nlv:{number}": book(title, author=f"Người {number}")})
        deliver(database, "NLV", {"oai:nlv:1": None})
        settle(database)
        yield database
        database.close()


class _Here:
    """An application that is made once its address is known."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.url = ""

    @cached_property
    def app(self) -> Flask:
        identity = HubIdentity(base_url=self.url)
        return create_app(self.database, identity, b"k" * 32, doors=Doors(page_size=2))

    def __call__(self, environ, start_response):
        return self.app(environ, start_response)


@pytest.fixture(scope="module")
def address(hub):
    here = _Here(hub)
    with waitress_serving(here) as url:
        here.url = url
        yield url


@pytest.mark.parametrize(
    "door", ["/oai", "/oai/raw/NLV", pytest.param("/oai/view/public", marks=pytest.mark.soak)]
)
def test_our_own_doors_pass(address, door):
    report = validate(f"{address}{door}", SETTINGS, QUICK)

    assert codes(report, "error", "warning") == set()
    assert report.records > 4


def test_what_is_known_of_another_server_is_found():
    items = [
        PeerItem(
            *(f"oai:example.org:{n}", START + timedelta(hours=5 * n)),
            *(n == 3, ("a",)),
            f'<o:dc xmlns:o="{OAI_DC}" xmlns:d="{DC}"><d:title>Số {n}</d:title></o:dc>'.encode(),
        )
        for n in range(6)
    ]
    with peer_server(items, prefix="oai_dc", batch=2) as url:
        report = validate(url, SETTINGS, QUICK)
    found = codes(report, "error")

    assert {"no-last-token", "token-of-other-accepted", "span-backwards-accepted"} <= found
    assert {"argument-twice-accepted", "post", "base-url"} <= found
    assert not {"skipped", "doubled", "records-missing", "cursor", "from-exclusive"} & found
