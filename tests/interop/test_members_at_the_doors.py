"""Groups, old codes and libraries taken over at the doors, by clients that others wrote."""

from __future__ import annotations

import re
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from sickle import Sickle

from catalogue import libraries
from catalogue.database import Database
from catalogue.holdings.looking import foresee
from catalogue.holdings.model import Found, Row
from catalogue.members import groups
from catalogue.members.model import Group
from catalogue.model import HubIdentity
from catalogue.search import waiting
from hub.z3950worker import server
from provider.z3950 import Limits, Listening
from support.filled import add_library, book, deliver, settle
from support.waitress_server import waitress_serving
from support.z3950_server import SECONDS, yaz_client
from web.app import create_app

ALIASES = ("VN-TVQG", "VN/TVQG", "TVQG*", "Đ.TVQG")
TITLES = {"NLV": "Số đỏ", "HCM": "Truyện Kiều", "OLD": "Lúa nước", "NEW": "Đất rừng"}
SEEN = {
    "G": ["HCM", "NLV"],
    "EMPTY": [],
    "OLD": ["NEW", "OLD"],
    "NEW": ["NEW"],
    **{alias: ["NLV"] for alias in ALIASES},
}
"""Database or set of a library -> the libraries whose records it has."""


class Doors(NamedTuple):
    database: Database
    url: str
    port: int


@contextmanager
def both(database: Database) -> Iterator[int]:
    """Serve Z39.50, and SRU at the same port; give the port."""
    listener, limits = socket.create_server(("127.0.0.1", 0)), Limits()
    stopping, ready = threading.Event(), threading.Event()
    serving = server(database, limits, HubIdentity(), Listening(listener, limits), None)
    thread = threading.Thread(target=serving.run, args=(stopping, ready.set))
    thread.start()
    assert ready.wait(SECONDS)
    try:
        yield listener.getsockname()[1]
    finally:
        stopping.set()
        thread.join(SECONDS)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def doors(request: pytest.FixtureRequest) -> Iterator[Doors]:
    engine = request.getfixturevalue(f"{request.param}_engine")
    with engine.fresh() as url:
        database = Database.open(url)
        for code, title in TITLES.items():
            add_library(database, code, f"Thư viện {code}")
            deliver(database, code, {f"oai:{code}:1": book(title, author=f"Người {code}")})
        libraries.change(database, "NLV", aliases=ALIASES)
        libraries.change(database, "OLD", successor="NEW")
        groups.add(database, Group(code="G", name_vi="Nhóm", members=("HCM", "VN/TVQG")))
        groups.add(database, Group(code="EMPTY", name_en="Nobody"))
        settle(database)
        waiting.settle(database)
        app = create_app(database, HubIdentity(), b"k" * 32)
        with waitress_serving(app) as web, both(database) as port:
            yield Doors(database, web, port)
        database.close()


@pytest.mark.skipif(not shutil.which("yaz-client"), reason="on Debian, apt install yaz")
def test_yaz_client_searches_groups_and_libraries_by_any_code(doors: Doors) -> None:
    asked = [name for name in SEEN if name.isascii()]
    lines = (f"base {name}\nfind @attr 1=1003 người" for name in asked)
    told = yaz_client(doors.port, *lines)

    found = [int(number) for number in re.findall(r"Number of hits: (\d+)", told)]
    assert dict(zip(asked, found, strict=True)) == {name: len(SEEN[name]) for name in asked}


def test_sru_has_the_same_databases(doors: Doors) -> None:
    client = create_app(doors.database, HubIdentity(), b"k" * 32).test_client()

    for name, seen in SEEN.items():
        answer = client.get(f"/sru/{quote(name, safe='')}?query=cql.allRecords=1").text
        found = {code for code, title in TITLES.items() if title in answer}
        assert (name, found) == (name, set(seen))
        port = f"http://127.0.0.1:{doors.port}/{quote(name, safe='')}?query=cql.allRecords=1"
        with urlopen(port) as told:
            answer = told.read().decode()
        found = {code for code, title in TITLES.items() if title in answer}
        assert (name, found) == (name, set(seen))
    assert client.get("/sru/NLV/more?query=x").status_code == 404
    assert client.get("/oai/raw/VN%2FTVQG?verb=Identify").status_code == 200


def test_sickle_harvests_the_set_of_a_group_and_of_a_library_taken_over(doors: Doors) -> None:
    def harvested(spec: str) -> list[str]:
        records = Sickle(f"{doors.url}/oai").ListRecords(metadataPrefix="oai_dc", set=spec)
        titles = {record.metadata["title"][0] for record in records}
        return sorted(code for code, title in TITLES.items() if title in titles)

    assert harvested("group:G") == SEEN["G"]
    assert harvested("library:OLD") == SEEN["OLD"]
    assert harvested("library:NEW") == SEEN["NEW"]
    specs = {each.setSpec: each.setName for each in Sickle(f"{doors.url}/oai").ListSets()}
    assert specs["group:G"] == "Nhóm"


def test_a_list_of_holdings_names_records_by_any_code_of_their_library(doors: Doors) -> None:
    rows = [Row(identifier=f"({alias})oai:NLV:1") for alias in ALIASES]

    found = foresee(doors.database, HubIdentity(), "HCM", rows)

    assert [each.found for each in found] == [Found.MATCHED] * len(ALIASES)
