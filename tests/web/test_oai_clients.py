from __future__ import annotations

from collections.abc import Iterator

import pytest
from oaipmh.client import Client
from oaipmh.metadata import MetadataRegistry, oai_dc_reader
from sickle import Sickle

from catalogue import published
from catalogue.database import Database
from catalogue.model import HubIdentity, ItemQuery
from support.waitress_server import waitress_serving
from web.app import create_app
from web.counting import Doors

PREFIX = "oai:lienthong.localhost:"


@pytest.fixture(scope="module")
def endpoint(filled: Database) -> Iterator[str]:
    with waitress_serving(
        create_app(filled, HubIdentity(), b"k" * 32, doors=Doors(page_size=7))
    ) as url:
        yield f"{url}/oai"


@pytest.fixture(scope="module")
def expected(filled: Database) -> dict[str, bool]:
    """Return what the database holds: identifier -> deleted."""
    with published.snapshot(filled) as snapshot:
        items = snapshot.page(ItemQuery(prefix="oai_dc", end=snapshot.horizon, limit=1000))
    return {PREFIX + item.public_id: item.deleted for item in items}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("prefix", ["oai_dc", "marc21", "marcxml"])
def test_sickle_harvests_all_there_is(
    endpoint: str, expected: dict[str, bool], prefix: str, method: str
) -> None:
    records = list(Sickle(endpoint, http_method=method).ListRecords(metadataPrefix=prefix))

    assert {record.header.identifier: record.header.deleted for record in records} == expected
    assert len(records) == len(expected)


def test_sickle_harvests_a_set(endpoint: str) -> None:
    headers = Sickle(endpoint).ListIdentifiers(metadataPrefix="oai_dc", set="library:HUST")
    live = [header for header in headers if not header.deleted]

    assert len(live) == 1
    assert "library:HUST" in live[0].setSpecs


def test_the_oaipmh_client_harvests_all_there_is(endpoint: str, expected: dict[str, bool]) -> None:
    registry = MetadataRegistry()
    registry.registerReader("oai_dc", oai_dc_reader)
    client = Client(endpoint, registry)

    records = list(client.listRecords(metadataPrefix="oai_dc"))

    assert {header.identifier(): header.isDeleted() for header, _, _ in records} == expected
    titles = [title for _, body, _ in records if body for title in body.getField("title")]
    assert "Truyện Kiều" in titles


def test_both_clients_understand_what_the_hub_says_of_itself(endpoint: str) -> None:
    identify = Client(endpoint, MetadataRegistry()).identify()
    sickle = Sickle(endpoint).Identify()

    assert identify.deletedRecord() == sickle.deletedRecord == "persistent"
    assert identify.repositoryName() == sickle.repositoryName == "Liên Thông"
    assert [form.metadataPrefix for form in Sickle(endpoint).ListMetadataFormats()] == [
        *("oai_dc", "marc21", "mods", "qdc", "edm", "etdms"),
    ]
