"""The hub's own Z39.50 server, harvested and asked by the hub's own client."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from catalogue.database import Database
from harvester.model import HttpSettings, SourceSpec
from harvester.searching.model import SearchSettings, Way
from harvester.z3950.address import parse
from harvester.z3950.client import Client
from harvester.z3950.model import Composition, Manners
from harvester.z3950.reader import Z3950Reader
from protocols.pqf import read
from protocols.rpn.tree import Attribute, SortKey, Term
from protocols.z3950 import oids
from support.engines import Engine
from support.filled import add_library, book, deliver, settle
from support.z3950_server import served

BOOKS = 150


@pytest.fixture(scope="module")
def port(sqlite_engine: Engine) -> Iterator[int]:
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        add_library(database, "NLV", "Thư viện Quốc gia")
        some = {f"{n}": book(f"Tên sách thứ {n:03}", isbn="") for n in range(BOOKS)}
        deliver(database, "NLV", some)
        settle(database)
        with served(database) as (port, _):
            yield port
        database.close()


@pytest.mark.parametrize("way", [None, Way.DATES, Way.QUERY])
def test_a_hub_harvests_another_whole(port: int, way: Way | None):
    reader = Z3950Reader(HttpSettings(allow_networks=("127.0.0.0/8",)), lambda _: None)
    spec = SourceSpec(url=f"z3950://127.0.0.1:{port}/union", search=SearchSettings(way=way))
    pages = list(reader.pages(spec, {}))

    assert len({each.identifier for page in pages for each in page.records}) == BOOKS
    assert {each.format for page in pages for each in page.records} == {"marcxml"}
    assert pages[-1].last


def test_letters_syntaxes_order_and_lists_are_agreed_on(port: int):
    async def run() -> tuple[str, list[str], list[str], list[str]]:
        manners = Manners(allow_networks=("127.0.0.0/8",), charset="utf-8")
        async with Client(parse(f"z3950://127.0.0.1:{port}/union"), manners) as client:
            found = await client.search(read('@attr 1=4 "tên sách"'), first=2)
            await client.sort([SortKey((Attribute(1, 4),), descending=True)])
            opac = await client.fetch(1, 2, composition=Composition(syntax=oids.OPAC))
            text = await client.fetch(1, 1, composition=Composition(syntax=oids.SUTRS))
            terms = await client.scan(Term("tên", (Attribute(1, 4),)), 3)
            assert client.opened is not None
            assert found.hits == BOOKS
            assert len(found.pieces) == 2
            return (
                client.opened.charset,
                [each.body.decode() for each in opac],
                [each.body.decode() for each in text],
                [each.term for each in terms.entries],
            )

    charset, opac, text, terms = asyncio.run(run())

    assert charset == "utf-8"
    assert "Tên sách thứ 149" in opac[0]
    assert "Tên sách thứ 148" in opac[1]
    assert "Tên sách thứ 149" in text[0]
    assert len(terms) == 3
