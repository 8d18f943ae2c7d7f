"""The REST interface as those who use it meet it: pages, conditions, refusals, keys, languages."""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import etree

from catalogue import libraries
from catalogue.consumers import store, usage
from catalogue.consumers.model import Consumer
from catalogue.database import Database
from catalogue.errors import DatabaseUnreachable
from catalogue.model import HubIdentity, Sharing
from catalogue.search import waiting
from provider.api import accepting
from provider.api.formats import FORMS, TYPES
from support.counted import counted
from support.engines import SQLITE_USUALLY, Engine
from support.filled import add_library, book, deliver, settle
from support.pages import place_all
from support.searching import search
from web.app import create_app
from web.counting import Doors
from web.site import site_of

HOST = "http://127.0.0.1:8080"
ROOT = "/api/v1"

SEARCHES = ("q=sách", "sort=-year,title")


def opened(database: Database, **doors: int) -> FlaskClient:
    return create_app(database, HubIdentity(), b"k" * 32, doors=Doors(**doors)).test_client()


def get(client: FlaskClient, address: str, **more: Any) -> Any:
    """Return the JSON at an address, which must be there."""
    answer = client.get(address.removeprefix(HOST), **more)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def pages(client: FlaskClient, address: str, **more: Any) -> Iterator[Any]:
    while address:
        page = get(client, address, **more)
        yield page
        address = page["next"] or ""


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.fixture
def kieu(filled: Database) -> str:
    return search(filled, "truyen kieu").hits[0].public_id


def test_the_index_leads_to_all_there_is(client: FlaskClient):
    links = get(client, ROOT)["links"]

    assert {client.get(link.removeprefix(HOST)).status_code for link in links.values()} == {200}
    assert get(client, f"{ROOT}/") == get(client, ROOT)


def test_a_search_says_how_many_and_goes_on_page_by_page(client: FlaskClient):
    found = list(pages(client, f"{ROOT}/records?q=sách&sort=-title&limit=10&facets=library,year"))
    titles = [each["title"] for page in found for each in page["records"]]

    assert [page["total"] for page in found] == [25, 25, 25]
    assert titles[:3] == ["Sách số 25", "Sách số 24", "Sách số 23"]
    assert (len(titles), len(set(titles))) == (25, 25)
    assert found[0]["facets"]["library"] == [{"value": "NLV", "hits": 25}]
    assert found[1]["facets"] is None
    first = client.get(f"{ROOT}/records?q=sách&limit=10")
    assert first.headers["Link"] == f'<{first.get_json()["next"]}>; rel="next"'


def test_a_hit_leads_to_its_record_and_its_page(client: FlaskClient, kieu: str):
    [hit] = get(client, f'{ROOT}/records?q=dc.title="truyện kiều"')["records"]
    record = get(client, hit["url"])

    assert hit["id"] == record["id"] == kieu
    assert (record["title"], record["authors"]) == ("Truyện Kiều", ["Nguyễn Du"])
    assert (record["isbn"], record["year"]) == (["9786046977711"], 2015)
    assert record["libraries"] == ["HUST", "NLV"]
    assert {"001": kieu} in record["marc"]["fields"]
    assert client.get(hit["page"].removeprefix(HOST)).status_code == 200


def test_who_holds_a_record_and_where_its_fields_are_from(client: FlaskClient, kieu: str):
    holdings = get(client, f"{ROOT}/records/{kieu}/holdings")["holdings"]
    told = get(client, f"{ROOT}/records/{kieu}/sources")
    record = get(client, f"{ROOT}/records/{kieu}")

    assert {each["library"]: each["call_number"] for each in holdings} == {
        "NLV": "895.9221 NG-D",
        "HUST": "",
    }
    assert [each["record"] for each in told["records"]] == ["hust/h1", "nlv/kieu"]
    of_tag = {each["tag"]: each["records"] for each in told["fields"]}
    assert (of_tag["650"], of_tag["001"]) == (["nlv/kieu"], [])
    tags = [tag for field in record["marc"]["fields"] for tag in field]
    assert [each["tag"] for each in told["fields"]] == tags


def test_a_record_is_had_in_each_format_each_with_a_tag_of_its_own(client, kieu):
    tags = set()
    for form in FORMS:
        if form.name == "etdms":
            continue
        answer = client.get(f"{ROOT}/records/{kieu}?format={form.name}")
        tags.add(answer.headers["ETag"])

        assert (answer.status_code, answer.mimetype) == (200, form.type)
        assert "Truyện Kiều".encode() in answer.data, form.name
        if form.type.endswith("xml"):
            etree.fromstring(answer.data)

    assert len(tags) == len(FORMS) - 1


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/marcxml+xml", "application/marcxml+xml"),
        ("text/csv;q=0.5, application/ld+json", "application/ld+json"),
        ("text/html, */*;q=0.1", "application/json"),
        ("application/*;q=0.2, text/*", "text/csv"),
        ("", "application/json"),
    ],
)
def test_a_record_is_given_as_the_asker_likes_it_best(client, kieu, accept, kind):
    answer = client.get(f"{ROOT}/records/{kieu}", headers={"Accept": accept})

    assert answer.mimetype == kind
    assert "Accept" in answer.headers["Vary"].split(", ")


def test_what_is_liked_goes_by_the_range_that_names_it_most_exactly():
    assert accepting.best("text/*, text/csv;q=0", TYPES) is None
    assert accepting.best("application/json;q=nonsense", TYPES) == "application/json"
    assert accepting.best("nonsense", TYPES) == TYPES[0]


def test_only_theses_are_had_as_theses(client: FlaskClient, kieu: str):
    answer = client.get(f"{ROOT}/records/{kieu}?format=etdms")

    assert problem(answer) == (406, "not-in-format")


def problem(answer: Any) -> tuple[int, str]:
    """Return status and kind of a problem document, whose parts must agree."""
    told = answer.get_json()
    assert answer.mimetype == "application/problem+json"
    assert told["status"] == answer.status_code
    assert told["detail"]
    return answer.status_code, told["type"].rpartition("#")[2]


@pytest.mark.parametrize(
    ("address", "status", "kind"),
    [
        ("/records?q=dc.nosuch=x", 400, "bad-query"),
        ("/records?q=(", 400, "bad-query"),
        ("/records?q=", 400, "bad-parameter"),
        ("/records?q=%C4", 400, "bad-parameter"),
        ("/records?q=a%00", 400, "bad-parameter"),
        ("/records?q=a&q=b", 400, "bad-parameter"),
        ("/records?words=a", 400, "bad-parameter"),
        ("/records?limit=0", 400, "bad-parameter"),
        ("/records?limit=101", 400, "bad-parameter"),
        ("/records?limit=1e1", 400, "bad-parameter"),
        ("/records?sort=colour", 400, "bad-parameter"),
        ("/records?sort=year&q=a+sortby+title", 400, "bad-parameter"),
        ("/records?facets=year,year", 400, "bad-parameter"),
        ("/records?after=xyz", 400, "bad-cursor"),
        ("/records/000000001?format=pdf", 400, "bad-parameter"),
        ("/records/999999999", 404, "no-such-public-record"),
        ("/records/%00", 404, "no-such-public-record"),
        ("/records/%FF/holdings", 404, "no-such-public-record"),
        ("/records/", 404, "no-such-resource"),
        ("/recordz", 404, "no-such-resource"),
        ("/changes?since=yesterday", 400, "bad-parameter"),
        ("/changes?since=2026-13-01", 400, "bad-parameter"),
        ("/changes?set=nosuch", 400, "bad-parameter"),
        ("/libraries/NOSUCH", 404, "no-such-member"),
        ("/sources/nosuch", 404, "no-such-public-source"),
        ("/sources/%00", 404, "no-such-public-source"),
        ("/clusters/000000001", 401, "key-needed"),
        ("/views/hub/records", 404, "no-such-resource"),
        ("/views/nobody", 404, "no-such-resource"),
        ("/formats?x=1", 400, "bad-parameter"),
    ],
)
def test_what_is_wrong_is_told_as_a_problem(client: FlaskClient, address, status, kind):
    answer = client.get(f"{ROOT}{address}")

    assert problem(answer) == (status, kind)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_problem_is_told_in_the_language_asked_for_and_names_what_is_wrong(client: FlaskClient):
    asked = client.get(f"{ROOT}/records?limit=x", headers={"Accept-Language": "vi"})
    plain = client.get(f"{ROOT}/records?limit=x")

    assert "Tham số limit sai" in asked.get_json()["detail"]
    assert "The parameter limit is wrong" in plain.get_json()["detail"]
    assert asked.get_json()["parameter"] == "limit"


def test_other_versions_and_methods_are_not_there(client: FlaskClient):
    posted = client.post(f"{ROOT}/records", data={"q": "a"})
    head = client.head(f"{ROOT}/records?q=kieu")

    assert problem(client.get("/api/v2/records")) == (404, "no-such-resource")
    assert problem(posted)[0] == 405
    assert posted.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert (head.status_code, head.data) == (200, b"")
    assert int(head.headers["Content-Length"]) > 100


def test_a_page_of_another_site_may_read_what_is_public(client: FlaskClient):
    asked = client.options(f"{ROOT}/records", headers={"Origin": "https://portal.example"})
    given = client.get(f"{ROOT}/records?q=kieu", headers={"Origin": "https://portal.example"})

    assert asked.status_code == 204
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert "Authorization" not in asked.headers["Access-Control-Allow-Headers"]
    assert given.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in given.headers


@pytest.mark.parametrize("below", ["", "/holdings", "?format=oai_dc", "?format=jsonld"])
def test_what_is_still_the_same_is_not_sent_again(client: FlaskClient, kieu: str, below: str):
    address = f"{ROOT}/records/{kieu}{below}"
    first = client.get(address)
    by_tag = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    by_date = client.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    other = client.get(address, headers={"If-None-Match": 'W/"other"'})

    assert (by_tag.status_code, by_date.status_code, other.status_code) == (304, 304, 200)
    assert by_tag.data == b""
    assert by_tag.headers["ETag"] == first.headers["ETag"]
    changed = parsedate_to_datetime(first.headers["Last-Modified"])
    assert f"{changed:%Y-%m-%dT%H:%M:%SZ}" == get(client, f"{ROOT}/records/{kieu}")["changed"]


def test_a_large_answer_is_compressed_for_those_who_accept_it(client: FlaskClient):
    address = f"{ROOT}/records?limit=100"
    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data


def test_no_answer_is_trusted_with_the_host_that_was_asked(client: FlaskClient):
    answer = client.get(ROOT, headers={"Host": "evil.example"})

    assert "evil" not in answer.text


def test_whoever_takes_no_json_is_told(client: FlaskClient):
    answer = client.get(f"{ROOT}/libraries", headers={"Accept": "text/html"})

    assert problem(answer) == (406, "nothing-acceptable")


@pytest.mark.parametrize(
    ("fault", "status"), [(DatabaseUnreachable(reason="x"), 503), (RuntimeError("x"), 500)]
)
def test_trouble_on_our_side_is_a_problem_too(client: FlaskClient, monkeypatch, fault, status):
    def broken(*_: object) -> None:
        raise fault

    monkeypatch.setattr("provider.api.listings.snapshot", broken)
    answer = client.get(f"{ROOT}/sets", headers={"Accept-Language": "vi"})

    told = answer.get_json()
    assert (answer.status_code, told["status"], told["type"]) == (status, status, "about:blank")
    assert "xin thử lại sau" in told["detail"].lower()
    assert answer.headers.get("Retry-After") == ("60" if status == 503 else None)


def test_a_merged_away_record_leads_on_and_a_withdrawn_one_is_gone(client: FlaskClient):
    gone = [
        each
        for page in pages(client, f"{ROOT}/changes?limit=1000")
        for each in page["changes"]
        if each["deleted"]
    ]
    moved = next(each for each in gone if each["successor"])
    withdrawn = next(each for each in gone if not each["successor"])
    led = client.get(f"{ROOT}/records/{moved['id']}/holdings")
    with_format = client.get(f"{ROOT}/records/{moved['id']}?format=mods")

    assert problem(led) == (307, "record-moved")
    assert led.headers["Location"] == f"{HOST}{ROOT}/records/{moved['successor']}/holdings"
    assert with_format.headers["Location"].endswith(f"/records/{moved['successor']}?format=mods")
    assert led.get_json()["successor"] == moved["successor"]
    assert problem(client.get(f"{ROOT}/records/{withdrawn['id']}")) == (410, "record-withdrawn")


def test_libraries_and_their_sources_tell_what_may_be_told(client: FlaskClient):
    [hust, nlv] = get(client, f"{ROOT}/libraries")["libraries"]
    one = get(client, f"{ROOT}/libraries/NLV")
    sources = get(client, f"{ROOT}/sources")["sources"]

    assert (hust["code"], nlv["name"]) == ("HUST", "Thư viện Quốc gia Việt Nam")
    assert one == {**nlv, "records": 27}
    assert [(each["name"], each["library"], each["state"]) for each in sources] == [
        ("hust", "HUST", "good"),
        ("nlv", "NLV", "good"),
    ]
    assert sources[0] == get(client, f"{ROOT}/sources/hust")
    assert "/HUST" not in json.dumps(sources).replace("/libraries/HUST", "")


def test_a_key_opens_a_wider_view_and_the_narrower_ones(database: Database):
    for code, sharing in (("A", Sharing.PUBLIC), ("B", Sharing.MEMBERS)):
        add_library(database, code, f"Thư viện {code}")
        libraries.change(database, code, sharing=sharing)
    key = store.add(database, Consumer(name="m", view=Sharing.MEMBERS))
    deliver(database, "A", {"a": book("Cho mọi người")})
    deliver(database, "B", {"b": book("Chỉ cho thành viên")})
    settle(database)
    waiting.settle(database)
    client = opened(database)
    wide = {"headers": bearer(key)}

    assert get(client, f"{ROOT}/records")["total"] == 1
    assert get(client, f"{ROOT}/records", **wide)["total"] == 2
    assert get(client, f"{ROOT}/views/public/records", **wide)["total"] == 1
    assert get(client, f"{ROOT}/views/public/changes", **wide)["total"] == 1
    assert [each["name"] for each in get(client, f"{ROOT}/sources")["sources"]] == ["a"]
    assert len(get(client, f"{ROOT}/sources", **wide)["sources"]) == 2
    assert problem(client.get(f"{ROOT}/views/members/records")) == (404, "no-such-resource")
    [hit] = get(client, f"{ROOT}/views/members/records?q=thành", **wide)["records"]
    assert (hit["page"], hit["url"].startswith(f"{HOST}{ROOT}/views/members/")) == (None, True)
    refused = client.get(f"{ROOT}/clusters/{hit['id']}", headers=bearer(key))
    assert problem(refused) == (403, "key-too-narrow")
    page = get(client, f"{ROOT}/records?limit=1", **wide)
    other = client.get(page["next"].removeprefix(HOST))
    assert problem(other) == (400, "bad-cursor")


def test_why_records_are_one_is_told_to_keys_of_the_staff(database: Database):
    for code in ("A", "B"):
        add_library(database, code, code)
        parts = {"author": "Nguyễn Du", "isbn": "9786046977711"}
        deliver(database, code, {"1": book("Truyện Kiều", **parts)})
    libraries.change(database, "B", sharing=Sharing.MEMBERS)
    key = store.add(database, Consumer(name="staff", view=Sharing.HUB))
    settle(database)
    client = opened(database)
    told = get(client, f"{ROOT}/clusters/000000001", headers=bearer(key))
    seen = get(client, f"{ROOT}/records/000000001/sources")

    assert [each["record"] for each in told["records"]] == ["a/1", "b/1"]
    [link] = told["links"]
    assert (link["a"], link["b"]) == ("a/1", "b/1")
    assert any(reason.startswith("author-equal") for reason in link["reasons"])
    assert [each["record"] for each in seen["records"]] == ["a/1"]
    assert "b/1" not in json.dumps(seen)


def test_a_key_that_is_none_is_refused(client: FlaskClient):
    answer = client.get(ROOT, headers=bearer("lt_nobody"))

    assert problem(answer) == (401, "key-unknown")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_key_for_some_sets_lists_changes_of_these_alone(database: Database):
    add_library(database, "A", "A")
    deliver(database, "A", {str(number): book(f"Sách {number}") for number in range(3)})
    settle(database)
    key = store.add(database, Consumer(name="s", sets=("library:A",)))
    client, mine = opened(database), {"headers": bearer(key)}

    refused = client.get(f"{ROOT}/changes", **mine)
    assert problem(refused) == (403, "key-too-narrow")
    assert "library:A" in refused.get_json()["detail"]
    assert get(client, f"{ROOT}/changes?set=library:A", **mine)["total"] == 3
    assert [each["set"] for each in get(client, f"{ROOT}/sets", **mine)["sets"]] == ["library:A"]
    store.change(database, Consumer(name="s", sets=("material",)))
    page = get(client, f"{ROOT}/changes?set=material&limit=1", **mine)
    store.change(database, Consumer(name="s", sets=("library:A",)))
    assert problem(client.get(page["next"].removeprefix(HOST), **mine)) == (403, "key-too-narrow")


def test_who_asks_too_often_waits(filled: Database):
    client = opened(filled, per_minute=3, searches=1)

    answers = [client.get(f"{ROOT}/{what}") for what in ("records", "records", "sets", "sets")]

    assert [each.status_code for each in answers] == [200, 429, 200, 429]
    for each in (answers[1], answers[3]):
        assert problem(each) == (429, "too-often")
        assert 0 < int(each.headers["Retry-After"]) <= 60


def test_what_is_taken_is_counted(database: Database):
    add_library(database, "A", "A")
    deliver(database, "A", {str(number): book(f"Sách {number}") for number in range(5)})
    settle(database)
    key = store.add(database, Consumer(name="m"))
    client = opened(database)
    get(client, f"{ROOT}/records")
    list(pages(client, f"{ROOT}/changes?limit=2", headers=bearer(key)))
    client.get(ROOT, headers=bearer("lt_nobody"))
    site_of(client.application).tally.flush()

    days = {(day.consumer, day.door): (day.requests, day.records) for day in usage.days(database)}
    assert days == {("", "api"): (2, 5), ("m", "api"): (3, 5)}
    [harvest] = usage.harvests(database)
    assert (harvest.page.verb, harvest.page.reached, harvest.is_complete) == ("changes", 5, True)


@SQLITE_USUALLY
def test_what_stays_comes_once_however_much_comes_and_goes_meanwhile(engine: Engine):
    chance = random.Random("pages")
    with engine.fresh() as url:
        database = Database.open(url)
        add_library(database, "A", "A")
        names = [f"{number:02}" for number in range(20)]
        years = {name: str(chance.randrange(1990, 1994)) for name in names}
        made = {
            name: book(f"Sách {chance.choice('abc')} {name}", year=years[name]) for name in names
        }
        client = opened(database)
        for number, query in enumerate(
            ("q=sách", "q=sách+and+a&sort=-year,title", "sort=-changed")
        ):
            deliver(database, "A", made)
            settle(database)
            before = ids(client, f"{ROOT}/records?{query}&limit=100")
            touched = chance.sample(names, 6)
            came: Counter[str] = Counter()
            for page in pages(client, f"{ROOT}/records?{query}&limit=4"):
                came.update(each["id"] for each in page["records"])
                for name in touched[-2:]:
                    touched.remove(name)
                    fresh = {f"new{number}{name}": book(f"Sách a {name} mới", year="1991")}
                    deliver(database, "A", {name: None, **fresh})
                place_all(database)
            stayed = before & ids(client, f"{ROOT}/records?{query}&limit=100")

            assert 5 <= len(stayed) < len(before)
            assert {came[each] for each in stayed} == {1}, query
            assert max(came.values()) == 1
        database.close()


def ids(client: FlaskClient, address: str) -> set[str]:
    return {each["id"] for page in pages(client, address) for each in page["records"]}


@SQLITE_USUALLY
def test_who_follows_the_changes_has_what_there_is(engine: Engine):
    chance = random.Random("changes")
    with engine.fresh() as url:
        database = Database.open(url)
        for code in ("A", "B"):
            add_library(database, code, code)
        client = opened(database)
        has: dict[str, bool] = {}
        since = ""
        for _ in range(4):
            for code in ("A", "B"):
                deliver(database, code, some(chance))
            settle(database)
            for page in pages(client, f"{ROOT}/changes?limit=3{since}"):
                for each in page["changes"]:
                    has[each["id"]] = not each["deleted"]
                if chance.random() < 0.5:
                    # What changes while the list is read is in the next one.
                    deliver(database, "A", some(chance))
                    place_all(database)
                since = f"&since={page['until']}"
        settle(database)
        for page in pages(client, f"{ROOT}/changes?limit=3{since}"):
            has |= {each["id"]: not each["deleted"] for each in page["changes"]}

        assert {name for name, live in has.items() if live} == ids(client, f"{ROOT}/records")
        assert not all(has.values())
        database.close()


def some(chance: random.Random) -> dict[str, Any]:
    return {
        str(number): book(f"Sách {number}", author=chance.choice("XY"), isbn="")
        if chance.random() < 0.7
        else None
        for number in chance.sample(range(12), 3)
    }


def test_a_page_asks_as_often_however_long_it_and_the_list_are(filled: Database):
    client = opened(filled)
    for address in ("records?q=sách", "records?sort=title", "changes", "libraries", "sources"):
        asked = []
        for limit in ("1", "20"):
            with counted(filled) as sent:
                page = get(client, f"{ROOT}/{address}{'&' if '?' in address else '?'}limit={limit}")
                asked.append(sent())
        if page["next"]:
            with counted(filled) as sent:
                get(client, page["next"])
                asked.append(sent())

        # Each rank that hits may have is a question of its own.
        assert max(asked) <= 10, (address, asked)
