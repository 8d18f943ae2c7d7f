"""Live search on screen: shown as it comes, chosen from, and taken along; no server holds it up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from threading import BoundedSemaphore, Event
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from catalogue import sources, users
from catalogue.database import Database
from catalogue.model import Connection, Source
from catalogue.search.model import FacetName
from catalogue.users import Role
from crosswalks.formats import iso2709, marcxml
from crosswalks.model import Field
from protocols.z3950.values import searches
from provider.federation.merging import MOST
from support.elsewhere import elsewhere
from support.engines import Engine
from support.filled import add_library, book, deliver, settle
from support.processes import REPOSITORY
from support.staff import document, inside, post, text
from support.waitress_server import waitress_serving
from support.z3950_target import Kept, serving
from web import basket
from web.basket import Basket
from web.staff.live import asking, views

KIEU = book("Truyện Kiều", author="Nguyễn Du", year="1985", isbn="9786046977711")
OTHER = book("Truyện ngắn <b>chọn lọc</b>", author="Nam Cao", year="1990")
PAGE = "/staff/live?lang=en&form=1&q=truyen"


@pytest.fixture(scope="module")
def other(sqlite_engine: Engine) -> Iterator[str]:
    """Give the address of another hub, which has two books."""
    books = {"1": OTHER, "2": KIEU}
    with elsewhere(sqlite_engine, books, "B") as app, waitress_serving(app) as address:
        yield f"{address}/sru"


@pytest.fixture(scope="module")
def union(sqlite_engine: Engine, other: str) -> Iterator[Database]:
    """Give one book, and the other hub as a source; a test that adds one names it its own way."""
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        add_library(database, "A", "Thư viện A")
        deliver(database, "A", {"1": KIEU})
        settle(database)
        add(database, "other", "sru", other)
        yield database
        database.close()


@pytest.fixture(scope="module")
def baskets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("baskets")


@pytest.fixture(scope="module")
def signed_in(union: Database, baskets: Path) -> FlaskClient:
    return inside(union, Role.CATALOGUER, baskets=baskets)


@pytest.fixture
def staff(signed_in: FlaskClient, baskets: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Give a cataloguer who speaks English, with nothing in the basket."""
    monkeypatch.setattr(asking, "SECONDS", (1, 3, 20))
    signed_in.get("/staff/account?lang=en")
    for each in baskets.iterdir():
        Basket(each).empty()
    return signed_in


def add(database: Database, name: str, protocol: str, url: str, **more: Any) -> None:
    sources.add(database, Source(name=name, library="B", protocol=protocol, url=url, **more))


@pytest.fixture(autouse=True)
def free_doors() -> Iterator[None]:
    """See that whatever was asked, the next who comes finds room."""
    yield
    held = [views.doors.acquire(blocking=False) for _ in range(views.AT_ONCE)]
    for _ in held:
        views.doors.release()
    assert all(held)


def get(staff: FlaskClient, address: str, **more: Any) -> TestResponse:
    """Return a page read to its end, as a server sends it."""
    return staff.get(address, buffered=True, **more)


def ask(staff: FlaskClient, *targets: str) -> TestResponse:
    named = "".join(f"&target={name}" for name in targets)
    return get(staff, f"{PAGE}{named}&seconds=20")


def offered(answer: TestResponse) -> dict[str, str]:
    """Return what can be ticked, by what it is called."""
    found = document(answer).xpath("//ol[@class='chosen-from']/li")
    return {
        each.xpath("string(.//span[@class='title'])"): each.xpath("string(.//input/@value)")
        for each in found
    }


def standing(answer: TestResponse) -> dict[str, tuple[str, str]]:
    """Return how it stands with each server: state, and all else."""
    rows = document(answer).xpath("//section[@class='whole']//tbody/tr")
    told = [[" ".join(cell.text_content().split()) for cell in row] for row in rows]
    return {name: (state, came) for name, state, came, _ in told}


def test_what_servers_have_is_listed_with_what_the_union_has(staff: FlaskClient) -> None:
    answer = ask(staff, "other")
    page = document(answer)

    assert "Publications: 2; found in the union: 1" in text(answer)
    assert list(offered(answer)) == ["Truyện Kiều", "Truyện ngắn <b>chọn lọc</b>"]
    assert standing(answer) == {"other": ("answered", "2 found, 2 fetched")}
    linked = page.xpath("//ol[@class='chosen-from']//a[contains(@class, 'badge')]/@href")
    assert linked == ["/record/000000001"]
    assert "Nam Cao" in page.xpath("string((//ol[@class='chosen-from']//pre)[last()])")
    facets = page.xpath("//details[@class='facets']//label")
    assert "other 2" in [" ".join(each.text_content().split()) for each in facets]


def test_the_style_sheet_narrows_by_as_many_values_as_there_can_be() -> None:
    style = (REPOSITORY / "web/static/staff.css").read_text("utf-8")
    slots = [f"v{number}" for number in range(1, MOST * len(FacetName) + 1)]

    assert [each for each in slots if style.count(f".{each})") != 1] == []


def test_each_publication_is_known_by_the_values_that_it_has(staff: FlaskClient) -> None:
    page = document(ask(staff, "other"))
    slot = page.xpath("string(//label[contains(., 'Nam Cao')]/input/@id)")
    held = page.xpath("//ol[@class='chosen-from']/li/@class")

    assert [slot in each.split() for each in held] == [False, True]


def test_it_is_said_in_vietnamese(staff: FlaskClient) -> None:
    told = text(get(staff, "/staff/live?lang=vi&q=truyen&target=other"))

    assert "Tra cứu liên thư viện" in told
    assert "Ấn phẩm: 2; tìm thấy trong mục lục liên hợp: 1" in told
    assert "tìm thấy 2, đã lấy 2" in told


def test_what_came_is_there_while_another_server_is_waited_for(
    union: Database, staff: FlaskClient
) -> None:
    held = Event()

    def wait(pdu: object) -> None:
        if isinstance(pdu, searches.SearchRequest):
            held.wait(30)

    with serving([Kept("1", "20240101", iso2709.write(OTHER))], talks=wait) as slow:
        add(union, "slow", "z3950", slow.url)
        answer = staff.get(f"{PAGE}&target=other&target=slow&seconds=20", buffered=False)
        told = ""
        for piece in answer.response:
            told += piece if isinstance(piece, str) else piece.decode()
            if "Nam Cao" in told:
                break
        assert "2 found, 2 fetched" in told
        assert 'class="whole"' not in told
        held.set()
        rest = "".join(each if isinstance(each, str) else each.decode() for each in answer.response)
        answer.close()

    assert "slow" in html.fromstring(rest).xpath("string(//section[@class='whole']//table)")


def test_servers_that_hang_refuse_or_are_gone_are_told_and_hold_nothing_up(
    union: Database, staff: FlaskClient
) -> None:
    add(union, "gone", "z3950", "z3950://127.0.0.1:1/x")
    add(union, "sealed", "sru", "http://127.0.0.1:1/x", connection=Connection(credentials="none"))
    one = [Kept("1", "20240101", iso2709.write(OTHER))]
    with (
        serving(one, silent_at=searches.SearchRequest) as hangs,
        serving(one, password="secret") as refuses,
    ):
        add(union, "hangs", "z3950", hangs.url)
        add(union, "refuses", "z3950", refuses.url)
        names = ("other", "gone", "sealed", "hangs", "refuses")
        told = standing(get(staff, f"{PAGE}&seconds=3&target=" + "&target=".join(names)))

    assert told["other"] == ("answered", "2 found, 2 fetched")
    assert told["hangs"][0] == "not through in time"
    assert told["gone"][0] == "not reachable"
    assert told["refuses"][0] in ("refused", "failed")
    assert "none" in told["sealed"][1]


def test_only_sources_that_are_ticked_and_searched_are_asked(
    union: Database, staff: FlaskClient, other: str
) -> None:
    add(union, "asleep", "sru", other, paused=True)

    unless_said = set(standing(get(staff, "/staff/live?q=truyen&seconds=1")))
    assert "other" in unless_said
    assert not unless_said & {"a", "asleep"}
    assert set(standing(ask(staff, "asleep"))) == {"asleep"}
    nobody = ask(staff)
    assert standing(nobody) == {}
    assert list(offered(nobody)) == ["Truyện Kiều"]
    # "a" is harvested and cannot be searched; the last is nobody's.
    assert standing(ask(staff, "a", "sru+http://127.0.0.1:1/sru")) == {}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=&form=1", "There is nothing to look for"),
        ("q=%22%22", "There is nothing to look for"),
        ("q=dc.title%3D&field=cql", "The query ends"),
        ("q=%40attr+1%3D9999+a&field=pqf", "9999"),
        ("q=abc&field=year", "abc"),
    ],
)
def test_what_cannot_be_asked_is_told_before_anybody_is(
    staff: FlaskClient, query: str, said: str
) -> None:
    answer = get(staff, f"/staff/live?lang=en&target=other&{query}")

    assert said in text(answer)
    assert document(answer).xpath("//p[@id='refused']")
    assert standing(answer) == {}


@pytest.mark.parametrize(
    "query", ["q=dc.title%3Dtruyen&field=cql", "q=%40attr+1%3D4+truyen&field=pqf", "q=nam+cao"]
)
def test_each_way_to_ask_finds(staff: FlaskClient, query: str) -> None:
    answer = get(staff, f"/staff/live?lang=en&target=other&{query}")

    assert "Truyện ngắn <b>chọn lọc</b>" in offered(answer)


def test_a_link_from_elsewhere_asks_nobody(staff: FlaskClient) -> None:
    answer = get(staff, PAGE + "&target=other", headers={"Sec-Fetch-Site": "cross-site"})

    assert document(answer).xpath("string(//input[@id='q']/@value)") == "truyen"
    assert standing(answer) == {}


def test_no_more_are_asked_than_a_search_may(
    staff: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST", 0)
    refused = ask(staff, "other")

    assert refused.status_code == 400
    assert "asks 0 servers at most" in text(refused)


def test_who_comes_while_others_search_is_asked_to_wait(
    staff: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = BoundedSemaphore(1)
    assert full.acquire(blocking=False)
    with monkeypatch.context() as patched:
        patched.setattr(views, "doors", full)
        refused = ask(staff, "other")

    assert refused.status_code == 503
    assert "Several searches are under way" in text(refused)
    assert document(refused).xpath("string(//input[@id='q']/@value)") == "truyen"


def test_what_is_chosen_is_taken_along_in_both_forms(staff: FlaskClient) -> None:
    tokens = offered(ask(staff, "other"))
    token = tokens["Truyện ngắn <b>chọn lọc</b>"]
    for each in (token, tokens["Truyện Kiều"], token):
        put = post(staff, "/staff/live/basket", pick=each, back="/staff/live?q=truyen")
    shown = staff.get(put.headers["Location"])
    marc = staff.get("/staff/live/basket/file.mrc")
    records = [iso2709.read(body) for _, body in iso2709.split(BytesIO(marc.data))]
    rows = html.etree.fromstring(staff.get("/staff/live/basket/file.xml").data)

    assert document(shown).xpath("//a[@href='/staff/live?q=truyen']")
    assert "Nam Cao, 1990" in text(shown)
    assert "In the basket: 0 more, 2 in all. 1 were in it already." in text(shown)
    assert [each.values("245", "a") for each in records] == [
        ["Truyện ngắn <b>chọn lọc</b>"],
        ["Truyện Kiều"],
    ]
    # Of what the union has it is the union's record.
    assert records[1].control("001") == "000000001"
    # Leaders differ in the lengths that only ISO 2709 has.
    in_xml = [marcxml.read(html.etree.tostring(row)).fields for row in rows]
    assert in_xml == [each.fields for each in records]
    assert "attachment" in marc.headers["Content-Disposition"]


def test_a_form_with_very_much_in_it_is_let_in(staff: FlaskClient) -> None:
    token = offered(ask(staff, "other"))["Truyện ngắn <b>chọn lọc</b>"]
    csrf = document(staff.get("/staff/account")).xpath("string(//input/@value)")
    much = {"csrf_token": csrf, "pick": [token] * (600_000 // len(token))}
    staff.post("/staff/live/basket", data=much, buffered=True)

    assert "In the basket: 1 more, 1 in all." in text(staff.get("/staff/live/basket"))


def test_what_was_chosen_is_taken_out_again(staff: FlaskClient) -> None:
    for token in offered(ask(staff, "other")).values():
        post(staff, "/staff/live/basket", pick=token)
    page = document(staff.get("/staff/live/basket"))
    first = page.xpath("string(//tbody//input[@name='name']/@value)")
    post(staff, "/staff/live/basket/remove", name=first)
    post(staff, "/staff/live/basket/remove", name="../../x")
    left = document(staff.get("/staff/live/basket")).xpath("//tbody/tr")
    post(staff, "/staff/live/basket/empty")

    assert len(left) == 1
    assert "Nothing is in it" in text(staff.get("/staff/live/basket?lang=en"))


def test_what_this_hub_did_not_give_out_is_not_put_in(staff: FlaskClient) -> None:
    token = offered(ask(staff, "other"))["Truyện ngắn <b>chọn lọc</b>"]
    for wrong in (token[:-1], f"x{token}", "nonsense"):
        post(staff, "/staff/live/basket", pick=wrong)
    page = text(staff.get("/staff/live/basket?lang=en"))

    assert "1 could not be put in" in page
    assert "Nothing is in it" in page
    post(staff, "/staff/live/basket")
    assert "tick the records" in text(staff.get("/staff/live/basket"))


def test_a_record_too_long_for_iso_2709_is_told_and_comes_in_marcxml(
    staff: FlaskClient, baskets: Path, union: Database
) -> None:
    long = [Field("520", "  ", (("a", "dài " * 2400),)) for _ in range(12)]
    record = replace(OTHER, fields=(*OTHER.fields, *long))
    me = users.get(union, Role.CATALOGUER.value).id
    Basket(baskets / str(me)).put([record])
    refused = staff.get("/staff/live/basket/file.mrc?lang=en", follow_redirects=True)

    assert "too long for ISO 2709" in text(refused)
    assert b"<subfield" in staff.get("/staff/live/basket/file.xml").data


def test_a_basket_holds_so_many_and_each_person_has_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(basket, "MOST", 1)
    mine, yours = Basket(tmp_path / "1"), Basket(tmp_path / "2")

    assert mine.put([OTHER, KIEU, OTHER]) == (1, 1, 1)
    assert (len(mine), len(yours)) == (1, 0)
    assert [each.record for each in mine.all()] == [OTHER]
    assert (mine.empty(), mine.all()) == (1, [])


def test_who_may_do_what(union: Database) -> None:
    viewer = inside(union, Role.VIEWER)

    assert "Live search" not in text(viewer.get("/staff/sources"))
    assert viewer.get("/staff/live").status_code == 403
    assert viewer.get("/staff/live/basket").status_code == 403
    assert post(viewer, "/staff/live/basket", pick="x").status_code == 403
