"""Live search for everybody: who may be asked, what is told of it, and how little it may take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalogue import clockwork, credentials, libraries, sources
from catalogue.clockwork import Maintenance
from catalogue.credentials import Credentials, Kind
from catalogue.database import Database
from catalogue.membership.model import Membership
from catalogue.membership.standing import By, set_standing
from catalogue.model import Connection, HubIdentity, Sharing, Source
from catalogue.options import Search
from crosswalks.formats import iso2709
from protocols.z3950.values import searches
from support.elsewhere import elsewhere
from support.engines import Engine
from support.filled import add_library, book, deliver, settle
from support.lines import wait_until
from support.staff import boxes, document, inside, line, text, with_known_templates
from support.waitress_server import waitress_serving
from support.z3950_target import Kept, serving
from web.app import create_app
from web.counting import Doors
from web.hall import Hall
from web.liverules import LiveRules
from web.public.live import asking
from web.public.live.offered import offered

KIEU = book("Truyện Kiều", author="Nguyễn Du", year="1985", isbn="9786046977711")
OTHER = book("Truyện ngắn <b>chọn lọc</b>", author="Nam Cao", year="1990", subject="Nông thôn")
OPEN = Search(public_live=True)
PAGE = "/live?lang=en&form=1&q=truyen"
KEY = b"k" * 32
SECRET = "mật khẩu của kho"


@pytest.fixture(scope="module")
def other(sqlite_engine: Engine) -> Iterator[str]:
    """Give the address of another hub, which has two books."""
    books = {"1": OTHER, "2": KIEU}
    with elsewhere(sqlite_engine, books, "X") as app, waitress_serving(app) as address:
        yield f"{address}/sru"


def fill(database: Database, other: str) -> Database:
    """Give a hub one book, and a library whose server everybody may ask."""
    add_library(database, "A", "Thư viện A")
    add_library(database, "B", "Thư viện B")
    deliver(database, "A", {"1": KIEU})
    settle(database)
    add(database, "kho-b", other)
    return database


@pytest.fixture
def union(database: Database, other: str) -> Database:
    """Give such a hub, to be changed."""
    return fill(database, other)


@pytest.fixture(scope="module")
def lasting(sqlite_engine: Engine, other: str) -> Iterator[Database]:
    """Give such a hub, to be looked at, not changed."""
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        yield fill(database, other)
        database.close()


def add(database: Database, name: str, url: str, **more: Any) -> None:
    protocol = "z3950" if url.startswith("z3950") else "sru"
    usual: dict[str, Any] = {"library": "B", "protocol": protocol, "search": OPEN}
    sources.add(database, Source(name=name, url=url, **usual | more))


def reader(database: Database, **rules: Any) -> FlaskClient:
    live = LiveRules(**{"per_minute": 0, "seconds": 20} | rules)
    hall = Hall(line=replace(line(database), key=KEY), live=live)
    app = create_app(database, HubIdentity(), b"k" * 32, doors=Doors(hall=hall))
    client: FlaskClient = with_known_templates(app).test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def get(client: FlaskClient, address: str = PAGE + "&target=kho-b", **more: Any) -> TestResponse:
    """Return a page read to its end, as a server sends it."""
    return client.get(address, buffered=True, **more)


def standing(answer: TestResponse) -> dict[str, tuple[str, str]]:
    """Return how it stands with each library: state, and what came."""
    rows = document(answer).xpath("//section[@class='whole']/table/tbody/tr")
    told = [[" ".join(cell.text_content().split()) for cell in row] for row in rows]
    return {name: (state, came) for name, state, came, _ in told}


def test_what_a_library_has_stands_beside_what_the_union_has(lasting: Database) -> None:
    answer = get(reader(lasting))
    found = document(answer).xpath("//section[@class='whole']/ol/li")
    first, second = (" ".join(each.text_content().split()) for each in found)

    assert "Publications shown: 2; the union catalogue has 1" in text(answer)
    assert standing(answer) == {"Thư viện B": ("answered", "2 found, 2 fetched")}
    assert first.startswith("Truyện Kiều")
    assert "Answered by: Thư viện B" in first
    assert found[0].xpath(".//h3/a/@href") == ["/record/000000001"]
    assert second.startswith("Truyện ngắn <b>chọn lọc</b>")
    assert "Nông thôn" in second
    assert found[1].xpath(".//h3/a") == []


def test_it_is_said_in_vietnamese(lasting: Database) -> None:
    told = text(get(reader(lasting), "/live?lang=vi&q=truyen"))

    assert "Tra cứu liên thư viện" in told
    assert "tìm thấy 2, đã lấy 2" in told


def test_staff_decide_who_is_asked_and_only_what_is_shared_with_everybody_is(
    union: Database, other: str
) -> None:
    add_library(union, "M", "Thư viện M")
    libraries.change(union, "M", sharing=Sharing.MEMBERS)
    add_library(union, "S", "Thư viện S")
    add(union, "not-opened", other, search=Search())
    add(union, "not-shared", other, library="M")
    add(union, "suspended", other, library="S")
    add(union, "paused", other, paused=True)
    set_standing(union, "S", Membership.SUSPENDED, By(person="lan", reason="thử"))
    closed = ("not-opened", "not-shared", "suspended", "paused")
    client = reader(union)

    assert [each.source.name for each in offered(union)] == ["kho-b"]
    answer = get(client, PAGE + "".join(f"&target={name}" for name in closed))
    assert "No library was ticked" in text(answer)
    assert answer.status_code == 400
    boxes = document(answer).xpath("//input[@name='target']/@value")
    assert boxes == ["kho-b"]


def test_two_servers_of_a_library_are_told_apart(union: Database, other: str) -> None:
    add(union, "kho-c", other)

    assert [each.label for each in offered(union)] == ["Thư viện B (kho-b)", "Thư viện B (kho-c)"]


def test_fields_that_a_library_does_not_share_are_not_shown(union: Database) -> None:
    libraries.change(union, "B", fields="245 260")
    told = text(get(reader(union)))

    assert "Truyện ngắn <b>chọn lọc</b>" in told
    assert "Nông thôn" not in told
    assert "Nam Cao" not in told


def test_why_a_server_failed_is_not_told_to_the_public(union: Database, other: str) -> None:
    known = Credentials(name="khoa-bi-mat", kind=Kind.BASIC, user="lan-dang", secret=SECRET)
    credentials.put(union, KEY, known)
    sealed = Connection(credentials="khoa-khac")
    add(union, "gone", "z3950://127.0.0.1:1/x", connection=Connection(credentials="khoa-bi-mat"))
    add(union, "sealed", other, connection=sealed)
    one = [Kept("1", "20240101", iso2709.write(OTHER))]
    with serving(one, silent_at=searches.SearchRequest) as hangs, serving(one, password="x") as no:
        add(union, "hangs", hangs.url)
        add(union, "refuses", no.url)
        names = ("kho-b", "gone", "sealed", "hangs", "refuses")
        answer = get(reader(union, seconds=2), PAGE + "&target=" + "&target=".join(names))
    told = {name[len("Thư viện B (") : -1]: state for name, (state, _) in standing(answer).items()}
    page = answer.get_data(as_text=True)

    assert told["kho-b"] == "answered"
    assert (told["gone"], told["hangs"]) == ("not reachable", "not through in time")
    assert told["sealed"] == "failed"
    assert told["refuses"] in ("refused", "failed")
    for secret in ("127.0.0.1", "khoa-", "lan-dang", SECRET):
        assert secret not in page


def test_where_nobody_may_be_asked_it_says_so_and_no_page_leads_there(union: Database) -> None:
    client = reader(union)
    there = sources.get(union, "kho-b")

    assert 'href="/live"' in client.get("/").text
    sources.change(union, replace(there, search=Search()))
    answer = get(client)
    assert 'href="/live"' not in client.get("/").text
    assert "No library has opened its own catalogue" in text(answer)
    assert document(answer).xpath("//form[@role='search']") == []


def test_an_address_may_begin_so_many_a_minute(lasting: Database) -> None:
    client = reader(lasting, per_minute=2)
    codes = [get(client).status_code for _ in range(3)]
    late = get(client)

    assert codes == [200, 200, 429]
    assert 0 < int(late.headers["Retry-After"]) <= 30
    assert "Too many live searches" in text(late)
    assert get(client, "/live").status_code == 200


def test_what_is_under_way_keeps_no_more_than_its_places(union: Database) -> None:
    held = Event()

    def wait(pdu: object) -> None:
        if isinstance(pdu, searches.SearchRequest):
            held.wait(30)

    one = [Kept("1", "20240101", iso2709.write(OTHER))]
    with serving(one, talks=wait) as slow:
        add(union, "slow", slow.url)
        client = reader(union, at_once=2, per_server=1)
        first = client.get(f"{PAGE}&target=slow", buffered=False)
        wait_until(lambda: slow.count(searches.SearchRequest) == 1)
        # The server has its one question; the next page goes on without it.
        second = get(client, f"{PAGE}&target=slow&target=kho-b")
        third = client.get(f"{PAGE}&target=kho-b", buffered=False)
        full = get(client)
        third.close()
        held.set()
        waited_for = first.get_data(as_text=True)
        first.close()
        again = get(client, f"{PAGE}&target=slow")

    assert standing(second)["Thư viện B (slow)"] == ("not asked just now", "")
    assert standing(second)["Thư viện B (kho-b)"][0] == "answered"
    assert (full.status_code, full.headers["Retry-After"]) == (503, "5")
    assert "Others are searching live just now" in text(full)
    assert waited_for.count('<span class="badge succeeded">answered</span>') == 2
    assert standing(again)["Thư viện B (slow)"][0] == "answered"


def test_a_server_is_left_alone_in_its_quiet_hours_and_asked_no_more_than_it_wants(
    union: Database,
) -> None:
    one = [Kept("1", "20240101", iso2709.write(OTHER))]
    with serving(one) as target:
        add(union, "quiet", target.url, connection=Connection(quiet_hours="00:00-23:59"))
        add(union, "rare", target.url, connection=Connection(requests_per_minute=3))
        client = reader(union)
        asleep = standing(get(client, f"{PAGE}&target=quiet"))
        asked = target.sessions
        once, twice = (standing(get(client, f"{PAGE}&target=rare")) for _ in range(2))
        clockwork.pause(union, Maintenance(begins=0))
        paused = standing(get(client))

    assert (asleep["Thư viện B (quiet)"][0], asked) == ("not asked just now", 0)
    assert once["Thư viện B (rare)"][0] == "answered"
    assert twice["Thư viện B (rare)"][0] == "not asked just now"
    assert paused["Thư viện B (kho-b)"][0] == "not asked just now"


@pytest.mark.parametrize(
    "manner",
    [
        {"method": "HEAD"},
        {"headers": {"Sec-Fetch-Site": "cross-site"}},
        {"headers": {"Sec-Purpose": "prefetch"}},
    ],
)
def test_nobody_else_s_page_sets_the_hub_asking(lasting: Database, manner: dict[str, Any]) -> None:
    answer = reader(lasting).open(f"{PAGE}&target=kho-b", buffered=True, **manner)

    assert answer.status_code == 200
    assert b'class="whole"' not in answer.data


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=&form=1", "There is nothing to look for"),
        ("q=%22%22", "There is nothing to look for"),
        ("q=abc&field=year", "A year is written with four digits"),
        ("q=truyen&form=1", "No library was ticked"),
    ],
)
def test_what_cannot_be_asked_is_told_before_anybody_is(
    lasting: Database, query: str, said: str
) -> None:
    answer = get(reader(lasting, per_minute=1), f"/live?{query}")

    assert said in text(answer)
    assert standing(answer) == {}


def test_a_search_asks_a_bounded_number_of_servers(
    union: Database, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST", 1)
    add(union, "kho-c", other)
    client = reader(union)

    assert "at most: take some of the 2 off" in text(
        get(client, f"{PAGE}&target=kho-b&target=kho-c")
    )
    assert list(standing(get(client, "/live?q=truyen"))) == ["Thư viện B (kho-b)"]


def test_crawlers_are_kept_out(lasting: Database) -> None:
    client = reader(lasting)

    assert "Disallow: /live\n" in client.get("/robots.txt").text
    assert document(client.get("/live")).xpath("//meta[@name='robots']/@content") == [
        "noindex, nofollow"
    ]


def test_staff_open_a_server_to_everybody_on_the_page_of_its_source(union: Database) -> None:
    client = inside(union)

    def choose(value: str) -> None:
        page = document(client.get("/staff/sources/kho-b/settings"))
        answer = client.post(
            "/staff/sources/kho-b/settings", data=boxes(page) | {"public_live": value}
        )
        assert answer.status_code == 302

    choose("False")
    assert offered(union) == []
    choose("True")
    assert sources.get(union, "kho-b").search == OPEN
    assert "public_live" not in boxes(document(client.get("/staff/sources/a/settings")))
