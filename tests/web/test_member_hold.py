"""A library says of a single record that it has it: shown at the doors, once, and taken back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from catalogue import libraries, users
from catalogue.audit import store as audit
from catalogue.audit.store import Wanted
from catalogue.database import Database
from catalogue.holdings import listing, one
from catalogue.holdings.errors import BadListName
from catalogue.holdings.model import Row
from catalogue.holdings.one import Having, Place
from catalogue.model import HubIdentity, Sharing
from catalogue.records import get
from catalogue.users import Role
from support.engines import SQLITE_USUALLY, Engine
from support.filled import add_library, book, deliver
from support.listed import give, settle
from support.staff import PASSWORD, boxes, document, sign_in_at, text, visitor

HUB = HubIdentity()
KIEU = book("Truyện Kiều", author="Nguyễn Du", year="2015", isbn="9786046977711")
SAID = {
    "call_number": "895.9221 NG-D",
    "location": "Kho  đọc",
    "summary": "T.1-3, 1998-2004",
    "local_number": "VN.15",
}


@pytest.fixture
def database(engine: Engine) -> Iterator[Database]:
    """Give a hub of two libraries: one has a book, and both have a user."""
    with engine.fresh() as url:
        opened = Database.open(url)
        add_library(opened, "NLV", "Thư viện Quốc gia")
        deliver(opened, "NLV", {"n1": KIEU, "n2": book("Tắt đèn")})
        add_library(opened, "SMALL", "Thư viện huyện")
        settle(opened)
        for code in ("NLV", "SMALL"):
            users.add(opened, code.lower(), PASSWORD, Role.MEMBER, library=code)
        yield opened
        opened.close()


ONE_ENGINE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""What is kept is tried on both; here it is about pages."""


def signed_in(database: Database, name: str = "small") -> FlaskClient:
    client = visitor(database)
    sign_in_at(client, "member", name)
    return client


def cluster(database: Database, name: str = "n1") -> str:
    return get(database, "nlv", name).cluster


def say(client: FlaskClient, address: str, **said: str) -> None:
    form = boxes(document(client.get(address)))
    assert client.post(address, data=form | SAID | said).status_code == 302


def shown(database: Database, name: str = "n1") -> str:
    return text(visitor(database).get(f"/record/{cluster(database, name)}"))


@ONE_ENGINE
def test_a_library_says_it_has_a_record_and_then_no_more(database: Database):
    client = signed_in(database)
    public = visitor(database).get(f"/record/{cluster(database)}")
    [address] = document(public).xpath("//a[text()='We hold this']/@href")
    before = text(client.get(address))
    for _ in range(2):
        say(client, address)
    settle(database)
    answer = visitor(database).get(f"/record/{cluster(database)}")
    page, holders = text(answer), document(answer).xpath("//table[@class='holdings']//th/text()")
    marc = visitor(database).get(f"/record/{cluster(database)}.xml").text
    told = text(client.get(address))
    form = boxes(document(client.get(address)), 1)
    for _ in range(2):
        assert client.post(f"{address}/drop", data=form).status_code == 302
    settle(database)

    assert "Set-Cookie" not in public.headers
    assert "What you said here" not in before
    assert holders.count("Thư viện huyện") == 1
    assert "895.9221 NG-D Kho đọc T.1-3, 1998-2004 VN.15" in page
    assert '<subfield code="h">895.9221 NG-D</subfield>' in marc
    assert '<subfield code="a">T.1-3, 1998-2004</subfield>' in marc
    assert "VN.15 shown We no longer hold this" in told
    assert "Thư viện huyện" not in shown(database)
    assert {each.act for each in audit.entries(database, Wanted(), limit=9)} >= {
        "own.say_held",
        "own.say_dropped",
    }


@ONE_ENGINE
def test_what_another_library_said_is_neither_shown_nor_taken_back(database: Database):
    address = f"/member/hold/{cluster(database)}"
    say(signed_in(database), address)
    settle(database)
    [theirs] = one.told(database, Place(library="SMALL", public_id=cluster(database)))
    other = signed_in(database, "nlv")
    page = document(other.get(address))
    data = {"csrf_token": boxes(page)["csrf_token"], "identity": theirs.identity}
    other.post(f"{address}/drop", data=data | {"library": "SMALL"})

    assert "VN.15" not in page.text_content()
    assert "Already shown for your library" in page.text_content()
    assert [each.rows for each in listing.lists(database, "SMALL")] == [1]


@ONE_ENGINE
def test_there_is_nothing_to_hold_where_no_record_is_shown(database: Database):
    client = signed_in(database)
    libraries.change(database, "NLV", sharing=Sharing.HUB)
    settle(database)

    assert client.get("/member/hold/000000099").status_code == 404
    assert client.get(f"/member/hold/{cluster(database)}").status_code == 410


@ONE_ENGINE
def test_a_number_that_names_another_record_is_refused(database: Database):
    client = signed_in(database, "nlv")
    address = f"/member/hold/{cluster(database)}"
    form = boxes(document(client.get(address)))
    answer = client.post(address, data=form | {"local_number": "n2"})

    assert answer.status_code == 400
    assert "n2 is your library's number of another record" in text(answer)
    assert listing.lists(database, "NLV") == []


@SQLITE_USUALLY
def test_what_was_said_is_kept_once_and_follows_its_record(database: Database):
    add_library(database, "HUST", "Bách khoa")
    deliver(database, "HUST", {"h1": book("Một cuốn khác hẳn")})
    settle(database)
    place = Place(library="SMALL", public_id=get(database, "hust", "h1").cluster)
    having = Having(location=" Kho\tmượn ")
    news = [one.hold(database, HUB, place, having, "lan") for _ in range(2)]
    settle(database)
    # The other book turns out to be the same one.
    deliver(database, "HUST", {"h1": KIEU})
    settle(database)
    [told] = one.told(database, Place(library="SMALL", public_id=cluster(database)))
    with pytest.raises(BadListName):
        give(database, Row(title="x"), list="one-by-one")

    assert news == [True, False]
    assert cluster(database) != place.public_id
    assert (told.said, told.waits) == (Having(location="Kho mượn"), False)
    assert one.drop(database, Place(library="SMALL", public_id=cluster(database))) == 1
    assert one.drop(database, place) == 0
