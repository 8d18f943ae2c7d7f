from __future__ import annotations

import gzip

from flask.testing import FlaskClient
from lxml import etree
from werkzeug.datastructures import MultiDict

from catalogue.database import Database
from catalogue.model import HubIdentity
from protocols.oai import OAI
from support.oai_schema import oai_schema
from web.app import create_app

NS = {"o": OAI}
LIST = "/oai?verb=ListRecords&metadataPrefix=marc21"


def test_get_and_post_are_answered_alike(client: FlaskClient) -> None:
    arguments = {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2020-01-01"}

    got = client.get("/oai", query_string=arguments)
    posted = client.post("/oai", data=arguments)

    assert got.content_type == "text/xml; charset=utf-8"
    assert got.get_data() == posted.get_data()


def test_an_argument_twice_is_seen_in_a_form_too(client: FlaskClient) -> None:
    twice = MultiDict([("verb", "Identify"), ("verb", "Identify")])

    assert b'code="badVerb"' in client.post("/oai", data=twice).get_data()
    assert b'code="badVerb"' in client.post("/oai?verb=Identify", data={"verb": "x"}).get_data()


def test_the_base_url_is_the_configured_one_whatever_host_is_asked(client: FlaskClient) -> None:
    body = client.get("/oai?verb=Identify", headers={"Host": "evil.example"}).get_data()

    assert b"<baseURL>http://127.0.0.1:8080/oai</baseURL>" in body
    assert b"evil" not in body


def test_a_large_answer_is_compressed_for_those_who_accept_it(client: FlaskClient) -> None:
    plain = client.get(LIST)
    packed = client.get(LIST, headers={"Accept-Encoding": "gzip"})
    refused = client.get(LIST, headers={"Accept-Encoding": "gzip;q=0"})

    assert "Content-Encoding" not in plain.headers
    assert "Content-Encoding" not in refused.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.get_data()) == plain.get_data()


def test_every_page_of_the_real_catalogue_is_valid(client: FlaskClient, shared: object) -> None:
    schema = oai_schema(shared)  # type: ignore[arg-type]
    for prefix in ("oai_dc", "marc21"):
        query = f"verb=ListRecords&metadataPrefix={prefix}"
        cursors = []
        while query:
            answer = etree.fromstring(client.get(f"/oai?{query}").get_data())
            schema.assertValid(answer)
            cursors.append(answer.xpath("string(//o:resumptionToken/@cursor)", namespaces=NS))
            token = answer.xpath("string(//o:resumptionToken)", namespaces=NS)
            query = f"verb=ListRecords&resumptionToken={token}" if token else ""

        assert cursors == ["0", "10", "20"]


def test_a_form_without_end_is_refused(client: FlaskClient) -> None:
    assert client.post("/oai", data={"verb": "x" * 100_000}).status_code == 413


def test_other_methods_are_not_allowed(client: FlaskClient) -> None:
    assert client.put("/oai?verb=Identify").status_code == 405


def test_health_needs_no_database(filled: Database) -> None:
    app = create_app(Database(filled.url, filled.write, filled.read), HubIdentity(), b"")

    assert app.test_client().get("/healthz").get_data() == b"ok\n"
