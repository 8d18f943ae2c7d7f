"""A hub that harvests another hub over SRU."""

from __future__ import annotations

import pytest

from catalogue.model import HubIdentity
from harvester.model import HttpSettings, SourceSpec
from harvester.searching.model import SearchSettings, Way
from harvester.sru.reader import SruReader
from support.sru import filled
from support.waitress_server import waitress_serving
from web.app import create_app

HTTP = HttpSettings(allow_networks=("127.0.0.0/8",), retries=1, first_wait=0)


@pytest.mark.parametrize("way", [Way.DATES, Way.QUERY])
def test_all_that_it_shows_comes(sqlite_engine, way):
    with filled(sqlite_engine) as hub:
        app = create_app(hub, HubIdentity(), b"k" * 32)
        with waitress_serving(app) as address:
            spec = SourceSpec(url=f"{address}/sru", search=SearchSettings(way=way))
            reader = SruReader(HTTP, lambda _: None)
            pages = list(reader.pages(spec, {}))
            described, recipe = reader.probe(spec)

    found = {each.identifier: each.body for page in pages for each in page.records}
    assert len(found) == 6
    assert all(body.startswith(b"<record xmlns") for body in found.values())
    assert pages[-1].last
    assert recipe.format == "marcxml"
    assert described.name
