from __future__ import annotations

import gzip
import random
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from support.sru import Answer

KIEU = "/sru?version=1.2&operation=searchRetrieve&query=dc.title=" + quote('"truyện kiều"')


def test_get_and_post_are_answered_alike(client: FlaskClient) -> None:
    arguments = {"version": "1.2", "operation": "searchRetrieve", "query": 'dc.title = "kiều"'}

    got = client.get("/sru", query_string=arguments)
    posted = client.post("/sru", data=arguments)

    assert got.content_type == "text/xml; charset=utf-8"
    assert got.get_data() == posted.get_data()
    assert Answer(got.get_data()).total == 1


@pytest.mark.parametrize("path", ["/sru", "/sru/", "/sru/union", "/sru/UNION", "/sru/NLV"])
def test_a_database_is_searched_at_its_own_address(client: FlaskClient, path: str) -> None:
    response = client.get(path, query_string={"query": "cql.allRecords = 1"})

    assert response.status_code == 200
    assert Answer(response.get_data()).total == 27


def test_a_library_s_records_are_at_its_code(client: FlaskClient) -> None:
    answer = Answer(client.get("/sru/HUST?query=cql.allRecords=1").get_data())

    assert answer.titles == ["Truyện Kiều"]


def test_a_library_that_is_not_there_is_told_in_xml(client: FlaskClient) -> None:
    for path in ("/sru/NOSUCH?query=x", "/sru/NOSUCH", "/sru/%00?query=x", "/sru/%FF?query=x"):
        response = client.get(path)

        assert response.status_code == 200
        assert Answer(response.get_data()).diagnostics[0][0] == 235


def test_what_is_wrong_is_said_in_the_language_asked_for(client: FlaskClient) -> None:
    plain = client.get("/sru?query=dc.nosuch=x")
    asked = client.get("/sru?query=dc.nosuch=x", headers={"Accept-Language": "vi, en;q=0.5"})

    assert "dc.nosuch cannot be searched by" in plain.get_data(as_text=True)
    assert "Không tìm được theo dc.nosuch" in asked.get_data(as_text=True)
    assert "Accept-Language" in asked.headers["Vary"]


def test_a_large_answer_is_compressed_for_those_who_accept_it(client: FlaskClient) -> None:
    plain = client.get(KIEU)
    packed = client.get(KIEU, headers={"Accept-Encoding": "gzip"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.get_data()) == plain.get_data()


def test_bytes_that_are_no_utf_8_are_told(client: FlaskClient) -> None:
    assert Answer(client.get("/sru?query=%C4").get_data()).diagnostics == [(6, "query")]


def test_other_methods_are_not_allowed(client: FlaskClient) -> None:
    assert client.put("/sru?query=x").status_code == 405


def test_what_was_withdrawn_is_not_found(client: FlaskClient) -> None:
    answer = Answer(client.get("/sru?query=dc.title=" + quote('"sách sẽ bị rút"')).get_data())

    assert answer.total == 0


def test_no_address_makes_the_server_fail(client: FlaskClient) -> None:
    chance = random.Random("addresses")
    pieces = (
        "query= scanClause= operation= & & = %FF %00 %E1%BB %F0%9F %2 % + ; # version= 1.1 2.0 "
        "dc.title=kieu %22 ( ) * %5C searchRetrieve scan maximumRecords= 1 -1 facetLimit= 5: sortby"
    )
    for _ in range(300):
        asked = "".join(chance.choice(pieces.split()) for _ in range(chance.randrange(12)))
        response = client.get(f"/sru?{asked}")

        assert response.status_code == 200, asked
        assert Answer(response.get_data()), asked
