"""Keys at the machine doors: what they open, what they leave, how often, and what is counted."""

from __future__ import annotations

from base64 import b64encode

import pytest
from flask.testing import FlaskClient
from lxml import etree

from catalogue import libraries
from catalogue.consumers import store, usage
from catalogue.consumers.errors import (
    BadConsumerName,
    ConsumerTaken,
    NoSuchConsumer,
    NoSuchFormat,
    NoSuchSetSpec,
)
from catalogue.consumers.model import Consumer
from catalogue.errors import DatabaseUnreachable
from catalogue.model import HubIdentity, Sharing
from catalogue.search import waiting
from protocols.oai import OAI
from support.filled import add_library, book, deliver, settle
from web.app import create_app
from web.counting import Doors, Meter
from web.site import site_of

LIST = "/oai?verb=ListRecords&metadataPrefix=oai_dc"


@pytest.fixture
def hub(database):
    for code, sharing in (("A", Sharing.PUBLIC), ("B", Sharing.MEMBERS)):
        add_library(database, code, f"Thư viện {code}")
        libraries.change(database, code, sharing=sharing)
    deliver(database, "A", {str(number): book(f"Sách {number}") for number in range(5)})
    deliver(database, "B", {"b": book("Chỉ cho thành viên")})
    settle(database)
    return database


def client(hub, **doors) -> FlaskClient:
    app = create_app(hub, HubIdentity(), b"k" * 32, doors=Doors(page_size=2, **doors))
    return app.test_client()


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


def basic(key):
    return {"Authorization": "Basic " + b64encode(f"any:{key}".encode()).decode()}


def titles(asked: FlaskClient, query: str = LIST, **more) -> list[str]:
    found: list[str] = []
    while query:
        root = etree.fromstring(asked.get(query, **more).data)
        found += [each.text for each in root.iter("{http://purl.org/dc/elements/1.1/}title")]
        token = root.findtext(f".//{{{OAI}}}resumptionToken")
        query = f"/oai?verb=ListRecords&resumptionToken={token}" if token else ""
    return found


def error(asked: FlaskClient, query: str, **more) -> str:
    root = etree.fromstring(asked.get(query, **more).data)
    return root.find(f"{{{OAI}}}error").get("code")


@pytest.mark.parametrize("headers", [bearer, basic])
def test_a_key_opens_a_wider_view(hub, headers):
    key = store.add(hub, Consumer(name="m", view=Sharing.MEMBERS))
    settle(hub)
    waiting.settle(hub)
    asked = client(hub)

    assert len(titles(asked)) == 5
    assert "Chỉ cho thành viên" in titles(asked, headers=headers(key))
    assert "Chỉ cho thành viên" not in titles(asked)
    wider = asked.get("/sru?query=vien", headers=headers(key))
    assert "<zs:numberOfRecords>1<" in wider.text
    assert "<zs:numberOfRecords>0<" in asked.get("/sru?query=vien").text
    assert "Authorization" in wider.headers["Vary"]


def test_a_token_of_one_view_is_none_in_another(hub):
    key = store.add(hub, Consumer(name="m", view=Sharing.MEMBERS))
    settle(hub)
    asked = client(hub)
    root = etree.fromstring(asked.get(LIST, headers=bearer(key)).data)
    token = root.findtext(f".//{{{OAI}}}resumptionToken")

    assert error(asked, f"/oai?verb=ListRecords&resumptionToken={token}") == "badResumptionToken"


def test_a_key_may_leave_some_sets_and_formats_only(hub):
    key = store.add(hub, Consumer(name="s", sets=("library:A",), prefixes=("oai_dc",)))
    asked, mine = client(hub), {"headers": bearer(key)}

    assert len(titles(asked, LIST + "&set=library:A", **mine)) == 5
    assert error(asked, LIST, **mine) == "badArgument"
    assert error(asked, LIST + "&set=material:book", **mine) == "badArgument"
    assert error(asked, LIST.replace("oai_dc", "marc21"), **mine) == "cannotDisseminateFormat"
    sets = asked.get("/oai?verb=ListSets", **mine).text
    assert "library:A" in sets
    assert "material" not in sets
    assert "marc21" not in asked.get("/oai?verb=ListMetadataFormats", **mine).text
    one = "/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:lienthong.localhost:000000001"
    assert asked.get(one, **mine).text.count("<record>") == 1


def test_what_is_not_in_its_sets_is_not_there_for_it(hub):
    store.add(hub, Consumer(name="m", view=Sharing.MEMBERS))
    settle(hub)
    key = store.add(hub, Consumer(name="b", view=Sharing.MEMBERS, sets=("library:B",)))
    asked = client(hub)
    one = "/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:lienthong.localhost:000000001"

    assert error(asked, one, headers=bearer(key)) == "idDoesNotExist"


@pytest.mark.parametrize(
    "headers",
    [
        bearer("lt_nobody"),
        basic("x"),
        basic(""),
        {"Authorization": "nonsense"},
        {"Authorization": "Basic %%%"},
        {"Authorization": "Bearer \u00e9"},
    ],
)
def test_a_key_that_is_none_is_refused_in_the_readers_language(hub, headers):
    asked = client(hub)

    said = asked.get(LIST, headers={**headers, "Accept-Language": "vi"})

    assert said.status_code == 401
    assert said.headers["WWW-Authenticate"].startswith("Basic")
    assert "Khóa này không có ở đây" in said.text


def test_another_key_makes_the_first_void_and_a_removed_one_has_none(hub):
    first = store.add(hub, Consumer(name="m"))
    second = store.renew_key(hub, "m")
    asked = client(hub)

    assert asked.get(LIST, headers=bearer(first)).status_code == 401
    assert asked.get(LIST, headers=bearer(second)).status_code == 200
    store.remove(hub, "m")
    assert asked.get(LIST, headers=bearer(second)).status_code == 401
    assert store.all(hub) == []
    with pytest.raises(ConsumerTaken):
        store.add(hub, Consumer(name="m"))


def test_no_key_is_kept(hub):
    key = store.add(hub, Consumer(name="m"))

    with hub.reading() as connection:
        kept = str(connection.exec_driver_sql("SELECT * FROM consumer").all())

    assert key not in kept
    assert key.removeprefix("lt_") not in kept


@pytest.mark.parametrize(
    ("wanted", "refused"),
    [
        (Consumer(name="Ồ"), BadConsumerName),
        (Consumer(name="a", prefixes=("mods", "x")), NoSuchFormat),
        (Consumer(name="a", sets=("library:Z",)), NoSuchSetSpec),
    ],
)
def test_what_cannot_be_is_refused(hub, wanted, refused):
    with pytest.raises(refused):
        store.add(hub, wanted)
    with pytest.raises(NoSuchConsumer):
        store.change(hub, Consumer(name="a"))
    assert store.all(hub) == []


def test_who_asks_too_often_waits(hub):
    key = store.add(hub, Consumer(name="m", per_minute=2))
    asked = client(hub, per_minute=1)

    answers = [asked.get(LIST) for _ in range(2)]
    with_key = [asked.get(LIST, headers=bearer(key)) for _ in range(3)]
    sru = [asked.get("/sru?query=a") for _ in range(2)]

    assert [each.status_code for each in answers] == [200, 503]
    assert [each.status_code for each in with_key] == [200, 200, 503]
    assert [each.status_code for each in sru] == [200, 429]
    assert 0 < int(answers[1].headers["Retry-After"]) <= 60
    assert "seconds" in answers[1].text


def test_a_minute_lets_as_many_in_again():
    now = [0.0]
    meter = Meter(lambda: now[0])

    assert [meter.wait("a", 3) for _ in range(4)] == [0, 0, 0, 20]
    assert meter.wait("b", 3) == 0
    now[0] = 19
    assert meter.wait("a", 3) == 1
    now[0] = 20
    assert [meter.wait("a", 3) for _ in range(2)] == [0, 20]
    now[0] = 500
    assert [meter.wait("a", 3) for _ in range(4)] == [0, 0, 0, 20]
    assert meter.wait("a", 0) == 0


def test_what_is_taken_is_counted_by_day_and_list(hub):
    key = store.add(hub, Consumer(name="m", title="VuFind"))
    asked = client(hub)
    titles(asked)
    titles(asked, headers=bearer(key))
    asked.get(LIST.replace("oai_dc", "marc21"), headers=bearer(key))
    asked.get("/sru?query=sach", headers=bearer(key))
    asked.get("/oai?verb=Identify", headers=bearer("lt_x"))
    for _ in range(2):
        site_of(asked.application).tally.flush()

    days = {(day.consumer, day.door): (day.requests, day.records) for day in usage.days(hub)}
    assert days == {("", "oai"): (4, 5), ("m", "oai"): (4, 7), ("m", "sru"): (1, 5)}
    assert all(day.octets > 100 for day in usage.days(hub, "m"))
    lists = {
        each.page.prefix: (each.page.reached, each.page.size, each.is_complete)
        for each in usage.harvests(hub)
    }
    assert lists == {"oai_dc": (5, 5, True), "marc21": (2, 5, False)}

    usage.forget(hub, days_kept=-2)
    assert (usage.days(hub), usage.harvests(hub)) == ([], [])


def test_what_cannot_be_counted_now_is_counted_later(hub, monkeypatch):
    asked = client(hub)
    tally = site_of(asked.application).tally
    asked.get(LIST)
    with monkeypatch.context() as patched:
        patched.setattr("web.counting.usage.keep", unreachable)
        tally.flush()
    assert usage.days(hub) == []

    tally.flush()

    assert [day.requests for day in usage.days(hub)] == [1]


def unreachable(*_):
    raise DatabaseUnreachable(url="x", reason="y")


def test_a_search_client_may_send_any_name_and_password(hub):
    asked = client(hub)

    assert asked.get("/sru?query=sach", headers=basic("y")).status_code == 200
    assert asked.get("/sru?query=sach", headers=basic("lt_y")).status_code == 401
