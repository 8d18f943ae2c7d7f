from __future__ import annotations

import gzip
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from unittest.mock import patch

import brotli
import pytest
import zstandard
from flask.testing import FlaskClient
from lxml import etree
from werkzeug.datastructures import MultiDict

from catalogue.consumers import store
from catalogue.consumers.model import Consumer
from catalogue.database import Database
from catalogue.errors import DatabaseUnreachable
from catalogue.model import HubIdentity, Sharing
from protocols.oai import OAI
from support.filled import add_library, book, deliver, settle
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


@pytest.mark.parametrize(
    ("accepted", "wanted"),
    [
        ("zstd", "zstd"),
        ("gzip, zstd", "zstd"),
        ("gzip, zstd;q=0.5", "gzip"),
        ("zstd;q=0, gzip", "gzip"),
        ("zstd;q=0", None),
        ("*", "gzip"),
        ("br", "br"),
        ("gzip, br", "br"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("br;q=0.5, gzip", "gzip"),
        ("deflate", None),
    ],
)
def test_what_is_accepted_decides_the_compression(
    client: FlaskClient, accepted: str, wanted: str | None
) -> None:
    answer = client.get(LIST, headers={"Accept-Encoding": accepted})

    assert answer.headers.get("Content-Encoding") == wanted


@pytest.mark.parametrize(
    ("coding", "unpacked"),
    [("zstd", zstandard.ZstdDecompressor().decompress), ("br", brotli.decompress)],
)
def test_what_is_packed_is_the_same_answer(
    client: FlaskClient, coding: str, unpacked: Callable[[bytes], bytes]
) -> None:
    query = "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc&until=2999-01-01"
    packed = client.get(query, headers={"Accept-Encoding": coding}).get_data()

    found = etree.fromstring(unpacked(packed))
    assert len(found.findall(f".//{{{OAI}}}header")) == 10


def test_what_was_compressed_before_is_still_the_answer_to_this_request(
    client: FlaskClient,
) -> None:
    """Equal content at another moment is another answer."""
    packed = {"Accept-Encoding": "gzip"}
    bodies = []
    for moment in (4_000_000_000, 4_000_000_000, 4_000_000_100):
        with patch("catalogue.clock.Clock.horizon", moment):
            given = client.get("/oai?verb=Identify", headers=packed)
        bodies.append(gzip.decompress(given.get_data()))

    dates = [etree.fromstring(each).findtext(f"{{{OAI}}}responseDate") for each in bodies]
    assert dates == ["2096-10-02T07:06:40Z"] * 2 + ["2096-10-02T07:08:20Z"]


def record_of(client: FlaskClient) -> str:
    found = etree.fromstring(client.get(LIST).get_data())
    identifier = found.findtext(f".//{{{OAI}}}identifier")
    return f"/oai?verb=GetRecord&metadataPrefix=marc21&identifier={identifier}"


def test_a_record_that_is_still_the_same_is_not_sent_again(client: FlaskClient) -> None:
    query = record_of(client)
    first = client.get(query)
    stamp = etree.fromstring(first.get_data()).findtext(f".//{{{OAI}}}datestamp")
    by_tag = client.get(query, headers={"If-None-Match": first.headers["ETag"]})
    by_date = client.get(query, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    other = client.get(query, headers={"If-None-Match": 'W/"other"'})

    assert (by_tag.status_code, by_date.status_code, other.status_code) == (304, 304, 200)
    assert by_tag.get_data() == b""
    assert by_tag.headers["ETag"] == first.headers["ETag"]
    told = parsedate_to_datetime(first.headers["Last-Modified"])
    assert told.strftime("%Y-%m-%dT%H:%M:%SZ") == stamp


@pytest.mark.parametrize("verb", ["Identify", "ListSets", "ListMetadataFormats"])
def test_a_later_moment_alone_is_no_change(client: FlaskClient, verb: str) -> None:
    first = client.get(f"/oai?verb={verb}")
    again = client.get(
        f"/oai?verb={verb}",
        headers={"If-None-Match": first.headers["ETag"], "Accept-Encoding": "gzip"},
    )

    assert again.status_code == 304
    assert "Last-Modified" not in first.headers


def test_a_page_of_a_pinned_list_is_known_by_its_tag(client: FlaskClient) -> None:
    token = etree.fromstring(client.get(LIST).get_data()).findtext(f".//{{{OAI}}}resumptionToken")
    query = f"/oai?verb=ListRecords&resumptionToken={token}"
    first = client.get(query)

    assert client.get(query, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert "Last-Modified" not in first.headers


def test_errors_and_forms_are_never_conditional(client: FlaskClient) -> None:
    tag = client.get("/oai?verb=Identify").headers["ETag"]
    error = client.get("/oai?verb=ListRecords&metadataPrefix=no")
    posted = client.post("/oai", data={"verb": "Identify"}, headers={"If-None-Match": tag})

    assert "ETag" not in error.headers
    assert posted.status_code == 200


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


def test_only_what_oai_pmh_is_asked_by_is_answered(client: FlaskClient) -> None:
    put = client.put("/oai?verb=Identify")
    long = client.post("/oai", data={"verb": "Identify", "x": "x" * 70_000})
    head = client.head("/oai?verb=Identify")

    assert (put.status_code, put.headers["Allow"]) == (405, "GET, HEAD, POST")
    assert long.status_code == 413
    assert (head.status_code, head.get_data()) == (200, b"")
    assert int(head.headers["Content-Length"]) == len(client.get("/oai?verb=Identify").data)


@pytest.mark.parametrize("path", ["/oai/", "/oai/raw", "/oai/raw/", "/oai/raw/a/b", "/oaix"])
def test_what_is_no_address_of_it_is_a_page_that_says_so(client: FlaskClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    assert "text/html" in answer.content_type


@pytest.mark.parametrize(
    ("fault", "status"), [(DatabaseUnreachable(reason="x"), 503), (RuntimeError("x"), 500)]
)
def test_a_fault_on_our_side_is_told_in_words(
    client: FlaskClient, fault: Exception, status: int
) -> None:
    with patch("web.site.Site.repository", side_effect=fault):
        answer = client.get("/oai?verb=Identify", headers={"Accept-Language": "vi"})

    assert answer.status_code == status
    assert answer.content_type == "text/plain; charset=utf-8"
    assert "xin thử lại sau" in answer.text.lower()
    assert answer.headers.get("Retry-After") == ("60" if status == 503 else None)


@pytest.mark.parametrize(
    ("prefix", "path"),
    [
        ("oai_dc", "//*[local-name()='identifier']/text()"),
        ("qdc", "//*[local-name()='identifier']/text()"),
        ("edm", "//*[local-name()='isShownAt']/@*"),
    ],
)
def test_a_record_tells_where_it_can_be_looked_at(
    client: FlaskClient, prefix: str, path: str
) -> None:
    listed = etree.fromstring(client.get(f"/oai?verb=ListRecords&metadataPrefix={prefix}").data)
    [identifier, *_] = listed.xpath("//o:header/o:identifier/text()", namespaces=NS)
    one = client.get(f"/oai?verb=GetRecord&metadataPrefix={prefix}&identifier={identifier}")
    page = f"http://127.0.0.1:8080/record/{identifier.rpartition(':')[2]}"

    assert page in listed.xpath(path)
    assert page in etree.fromstring(one.data).xpath(path)
    assert client.get(page.removeprefix("http://127.0.0.1:8080")).status_code == 200


def test_what_the_public_does_not_see_has_no_page(database: Database) -> None:
    key = store.add(database, Consumer(name="m", view=Sharing.MEMBERS))
    add_library(database, "A", "Thư viện A")
    deliver(database, "A", {"1": book("Lúa nước")})
    settle(database)
    app = create_app(database, HubIdentity(), b"k" * 32)
    asked = app.test_client().get(
        LIST.replace("marc21", "oai_dc"), headers={"Authorization": f"Bearer {key}"}
    )

    assert b"<record>" in asked.data
    assert b"/record/" not in asked.data


def test_a_view_has_an_address_for_whoever_may_see_it(
    filled: Database, client: FlaskClient
) -> None:
    key = store.add(filled, Consumer(name="abroad", view=Sharing.INTERNATIONAL))
    members = store.add(filled, Consumer(name="members", view=Sharing.MEMBERS))
    settle(filled)
    narrow, wide = "/oai/view/international", "/oai/view/members"
    identify = "?verb=Identify"

    said = client.get(narrow + identify).get_data()
    assert b"<baseURL>http://127.0.0.1:8080/oai/view/international</baseURL>" in said
    assert b'code="noRecordsMatch"' in client.get(narrow + LIST[4:]).get_data()
    assert client.get(wide + identify).status_code == 404
    assert client.get("/oai/view/hub" + identify).status_code == 404
    assert client.get("/oai/view/nobody" + identify).status_code == 404
    seen = client.get(wide + LIST[4:], headers={"Authorization": f"Bearer {members}"})
    assert seen.status_code == 200
    assert b"<record>" in seen.get_data()
    refused = client.get(wide + identify, headers={"Authorization": f"Bearer {key}"})
    assert refused.status_code == 404
