"""Real records of six kinds of catalogue through the whole line, and out again."""

from __future__ import annotations

import gzip
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue import browse
from catalogue.database import Database
from catalogue.model import HubIdentity
from catalogue.raw import FolderRawStore
from crosswalks.formats import iso2709
from scheduler.model import Line
from support.corpora import corpora
from support.filled import settle
from support.harvesting import LOOPBACK
from support.real_line import (
    Account,
    first_harvest,
    oaipmh_faults,
    published_items,
    second_harvest,
    sickle_faults,
)
from support.waitress_server import waitress_serving
from web.app import create_app


@pytest.fixture(scope="module", params=["samples", pytest.param("whole", marks=pytest.mark.soak)])
def size(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def hub(size, sqlite_engine, tmp_path_factory) -> Iterator[Line]:
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        yield Line(
            db=database,
            raw_store=FolderRawStore(tmp_path_factory.mktemp("raw")),
            identity=HubIdentity(),
            http=LOOPBACK,
        )
        database.close()


@pytest.fixture(scope="module")
def accounts(hub: Line, size: str, shared: Path) -> list[Account]:
    """Return the accounts of all corpora, those with a later version twice."""
    found = []
    for corpus in corpora(shared / "data" / "corpora", whole=size == "whole"):
        found.append(first_harvest(hub, corpus))
        if corpus.later:
            found.append(second_harvest(hub, corpus))
    return found


def test_every_record_is_stored_or_kept_out_with_a_reason_and_none_twice(accounts):
    assert {each.name: each.faults for each in accounts if each.faults} == {}
    assert all(each.given == each.served + each.refused.total() for each in accounts[:3])


def test_the_corpora_are_what_they_were(accounts):
    given = {each.name: each.given for each in accounts}

    assert given["vn-emiclib"] == 1664
    assert given["koha"] == 435
    assert given["share"] == 112


def test_what_is_stored_is_clustered_and_nothing_else(hub, accounts):
    totals = browse.totals(hub.db)
    last = {each.name: each for each in accounts}

    assert totals.records == sum(each.stored["active"] for each in last.values())
    assert totals.clusters + totals.folded == totals.records
    assert totals.folded > 0


def test_an_update_brings_what_was_added_changed_and_deleted(accounts):
    later = [each for each in accounts if each.name == "gpo-pennsylvania"][1]

    assert later.counts.deleted == later.stored["deleted"] > 0
    assert later.counts.added > 0
    assert later.counts.changed > 0


@pytest.mark.parametrize("prefix", ["marc21", "oai_dc"])
def test_sickle_gets_from_us_what_the_database_holds(hub, accounts, prefix):
    settle(hub.db)
    items = published_items(hub.db, prefix)
    with waitress_serving(create_app(hub.db, hub.identity, b"k" * 32)) as url:
        assert list(sickle_faults(f"{url}/oai", items, prefix)) == []
    assert Counter(item.deleted for item in items.values())[True] > 0


def test_the_oaipmh_client_gets_from_us_what_the_database_holds(hub, accounts):
    settle(hub.db)
    items = published_items(hub.db, "oai_dc")
    with waitress_serving(create_app(hub.db, hub.identity, b"k" * 32)) as url:
        assert list(oaipmh_faults(f"{url}/oai", items)) == []


@pytest.mark.parametrize(
    "name", ["loc-books/loc-000001-060000.mrc.gz", "vn-hcmut/book3part0final.mrc"]
)
def test_as_many_records_are_found_in_a_file_as_it_has_record_ends(shared, name):
    file = shared / "data" / "corpora" / name
    data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()

    assert sum(1 for _ in iso2709.split(io.BytesIO(data))) == data.count(b"\x1d")
