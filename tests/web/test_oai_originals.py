"""``/oai/raw/<library>`` at the door, by clients of others and by the official schemas."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import etree
from sickle import Sickle

from catalogue import libraries
from catalogue.database import Database
from catalogue.model import HubIdentity, Sharing
from protocols.oai import OAI
from support.engines import Engine
from support.filled import settle
from support.oai_schema import oai_schema
from support.pages import Book, Delivery, add_source, books, deliver
from support.waitress_server import waitress_serving
from web.app import create_app
from web.counting import Doors

NS = {"o": OAI}
RAW = "/oai/raw/L1"


@pytest.fixture(scope="module")
def hub(sqlite_engine: Engine) -> Iterator[Database]:
    """Give a hub of a library with twelve records, one deleted since, and one that shares none."""
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        add_source(database)
        add_source(database, "s2", "L2")
        libraries.change(database, "L2", sharing=Sharing.HUB)
        for name in ("s1", "s2"):
            told = [(f"oai:{name}:{number}", Book(title=f"Sách {number}")) for number in range(12)]
            deliver(database, name, *books(told))
        settle(database)
        deliver(database, "s1", Delivery(identifier="oai:s1:3"))
        settle(database)
        yield database
        database.close()


@pytest.fixture(scope="module")
def app_client(hub: Database) -> FlaskClient:
    return create_app(hub, HubIdentity(), b"k" * 32, doors=Doors(page_size=5)).test_client()


@pytest.fixture(scope="module")
def endpoint(hub: Database) -> Iterator[str]:
    with waitress_serving(
        create_app(hub, HubIdentity(), b"k" * 32, doors=Doors(page_size=5))
    ) as url:
        yield url + RAW


def asked(client: FlaskClient, query: str, path: str = RAW) -> etree._Element:
    return etree.fromstring(client.get(f"{path}?{query}").get_data())


def code(answer: etree._Element) -> str:
    return str(answer.xpath("string(o:error/@code)", namespaces=NS))


@pytest.mark.parametrize("prefix", ["marc21", "oai_dc"])
def test_sickle_harvests_what_the_member_delivered(endpoint: str, prefix: str) -> None:
    records = list(Sickle(endpoint).ListRecords(metadataPrefix=prefix))

    found = {record.header.identifier: record.header.deleted for record in records}
    assert found == {f"oai:s1:{number}": number == 3 for number in range(12)}
    assert len(records) == 12


def test_the_perl_client_harvests_it_too(endpoint: str) -> None:
    program = shutil.which("oai_pmh")
    if program is None:
        pytest.skip("HTTP::OAI is not installed")
    command = [program, "-X", "ListRecords", "--metadataPrefix", "marc21", endpoint]
    told = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout

    assert told.count(b"oai:s1:") >= 12


def test_every_answer_is_valid_against_the_official_schemas(
    app_client: FlaskClient, shared: Path
) -> None:
    schema = oai_schema(shared)
    for query in (
        "verb=Identify",
        "verb=ListMetadataFormats",
        "verb=ListMetadataFormats&identifier=oai:s1:1",
        "verb=ListSets",
        "verb=ListIdentifiers&metadataPrefix=marc21",
        "verb=ListRecords&metadataPrefix=marc21",
        "verb=ListRecords&metadataPrefix=oai_dc",
        "verb=GetRecord&metadataPrefix=marc21&identifier=oai:s1:1",
        "verb=GetRecord&metadataPrefix=marc21&identifier=oai:s1:3",
    ):
        schema.assertValid(asked(app_client, query))


def test_it_names_itself_by_its_own_address_and_library(app_client: FlaskClient) -> None:
    answer = asked(app_client, "verb=Identify")

    assert answer.findtext(f".//{{{OAI}}}baseURL") == f"http://127.0.0.1:8080{RAW}"
    assert "L1" in (answer.findtext(f".//{{{OAI}}}repositoryName") or "")
    assert answer.find(f".//{{{OAI}}}description") is None


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("verb=ListSets", "noSetHierarchy"),
        ("verb=ListRecords&metadataPrefix=marc21&set=library:L1", "noSetHierarchy"),
        ("verb=ListRecords&metadataPrefix=mods", "cannotDisseminateFormat"),
        ("verb=GetRecord&metadataPrefix=marc21&identifier=oai:s2:1", "idDoesNotExist"),
        ("verb=GetRecord&metadataPrefix=marc21&identifier=", "idDoesNotExist"),
        ("verb=ListRecords&metadataPrefix=marc21&from=2999-01-01", "noRecordsMatch"),
    ],
)
def test_what_is_not_here_is_said_by_its_error(
    app_client: FlaskClient, query: str, wanted: str
) -> None:
    assert code(asked(app_client, query)) == wanted


@pytest.mark.parametrize("path", ["/oai/raw/L2", "/oai/raw/L9", "/oai/raw/L2%27--"])
def test_a_library_that_shares_nothing_is_not_found(app_client: FlaskClient, path: str) -> None:
    assert app_client.get(f"{path}?verb=Identify").status_code == 404


def test_a_token_of_the_union_is_none_here(app_client: FlaskClient) -> None:
    page = asked(app_client, "verb=ListRecords&metadataPrefix=marc21", "/oai")
    token = page.findtext(f".//{{{OAI}}}resumptionToken")

    assert code(asked(app_client, f"verb=ListRecords&resumptionToken={token}")) == (
        "badResumptionToken"
    )
