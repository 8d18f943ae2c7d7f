"""``/oai/improved/<library>`` at the door, by clients of others and by the official schemas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import etree
from sickle import Sickle

from catalogue import libraries
from catalogue.database import Database
from catalogue.model import HubIdentity, Sharing
from crosswalks.model import Control, Field
from protocols.oai import MARC21, OAI
from support.engines import Engine
from support.filled import add_library, book, deliver, settle
from support.oai_schema import oai_schema
from support.waitress_server import waitress_serving
from web.app import create_app
from web.counting import Doors

NS = {"o": OAI, "m": MARC21}
BACK = "/oai/improved/A"
SUBJECT = Field("650", " 7", (("a", "Văn học"), ("2", "bkt")))


@pytest.fixture(scope="module")
def hub(sqlite_engine: Engine) -> Iterator[Database]:
    """Give a hub in which B knows the subject of seven books of A."""
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        for code in "AB":
            add_library(database, code, f"Thư viện {code}")
        add_library(database, "C", "Không chia sẻ")
        libraries.change(database, "C", sharing=Sharing.HUB)
        for code, more in (("A", ()), ("B", (SUBJECT,))):
            made = {str(n): book(f"Tập {n}", author="Nam Cao", year=f"19{n}5") for n in range(1, 8)}
            deliver(
                database,
                code,
                {
                    n: replace(each, fields=(Control("001", f"{code}{n}"), *each.fields, *more))
                    for n, each in made.items()
                },
            )
        settle(database)
        yield database
        database.close()


@pytest.fixture(scope="module")
def app_client(hub: Database) -> FlaskClient:
    return create_app(hub, HubIdentity(), b"k" * 32, doors=Doors(page_size=3)).test_client()


def asked(client: FlaskClient, query: str, path: str = BACK) -> etree._Element:
    return etree.fromstring(client.get(f"{path}?{query}").get_data())


def test_sickle_harvests_what_can_be_loaded_by_the_library_s_own_numbers(hub: Database) -> None:
    app = create_app(hub, HubIdentity(), b"k" * 32, doors=Doors(page_size=3))
    with waitress_serving(app) as url:
        records = list(Sickle(url + BACK).ListRecords(metadataPrefix="marc21"))

    found = [
        each.xml.xpath("string(.//m:controlfield[@tag='001'])", namespaces=NS) for each in records
    ]
    assert sorted(found) == [f"A{n}" for n in range(1, 8)]
    assert not any(each.header.deleted for each in records)


@pytest.mark.parametrize(
    "query",
    [
        "verb=Identify",
        "verb=ListMetadataFormats",
        "verb=ListIdentifiers&metadataPrefix=oai_dc",
        "verb=ListRecords&metadataPrefix=oai_dc",
        "verb=ListRecords&metadataPrefix=marc21",
    ],
)
def test_answers_are_as_the_schemas_want_them(
    app_client: FlaskClient, shared: Path, query: str
) -> None:
    answer, schema = asked(app_client, query), oai_schema(shared)

    assert answer.find("o:error", NS) is None
    assert schema.validate(answer), schema.error_log


def test_deletions_are_not_kept_and_one_record_is_had_by_its_identifier(
    app_client: FlaskClient,
) -> None:
    identify = asked(app_client, "verb=Identify")
    [first, *_] = asked(app_client, "verb=ListIdentifiers&metadataPrefix=marc21").xpath(
        "//o:identifier/text()", namespaces=NS
    )
    one = asked(app_client, f"verb=GetRecord&metadataPrefix=marc21&identifier={first}")

    assert identify.findtext("o:Identify/o:deletedRecord", "", NS) == "no"
    assert identify.findtext("o:Identify/o:baseURL", "", NS).endswith(BACK)
    assert one.xpath("string(//m:datafield[@tag='650']/m:subfield[@code='a'])", namespaces=NS) == (
        "Văn học"
    )


def test_the_union_has_them_as_a_set_under_its_own_numbers(app_client: FlaskClient) -> None:
    query = "verb=ListRecords&metadataPrefix=marc21&set=improved:A"
    answer = asked(app_client, query, "/oai")

    assert answer.xpath("string(//o:resumptionToken/@completeListSize)", namespaces=NS) == "7"
    [number, *_] = answer.xpath("//m:controlfield[@tag='001']/text()", namespaces=NS)
    assert number.startswith("0000")


@pytest.mark.parametrize("path", ["/oai/improved/C", "/oai/improved/X", "/oai/improved/"])
def test_nothing_is_at_the_addresses_of_others(app_client: FlaskClient, path: str) -> None:
    assert app_client.get(f"{path}?verb=Identify").status_code == 404


def test_who_has_nothing_better_to_get_is_told_so(app_client: FlaskClient) -> None:
    answer = asked(app_client, "verb=ListRecords&metadataPrefix=marc21", "/oai/improved/B")

    assert answer.xpath("string(o:error/@code)", namespaces=NS) == "noRecordsMatch"
