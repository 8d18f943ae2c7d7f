"""Dumps, single records, lists, feed and sitemap at their addresses: who may, in part, counted."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient
from lxml import etree, html

from catalogue import libraries
from catalogue.consumers import store, usage
from catalogue.consumers.model import Consumer
from catalogue.database import Database
from catalogue.model import HubIdentity, Sharing
from provider.dumps.model import Kind, Series
from support.dumped import Taker, shown
from support.engines import Engine
from support.filled import add_library, book, deliver, settle
from support.resourcesync_client import Client
from web.app import create_app
from web.counting import Doors
from web.site import site_of

HUB = HubIdentity(base_url="http://hub.example.vn")
OF_ALL = "/dumps/union/marcxml"


@pytest.fixture
def hub(database: Database) -> Database:
    filled(database)
    return database


def filled(database: Database) -> None:
    for code, sharing in (("A", Sharing.PUBLIC), ("B", Sharing.MEMBERS)):
        add_library(database, code, f"Thư viện {code}")
        libraries.change(database, code, sharing=sharing)
    deliver(database, "A", {str(number): book(f"Sách {number}") for number in range(5)})
    deliver(database, "B", {"b": book("Chỉ cho thành viên")})
    settle(database)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dumps")


@pytest.fixture(scope="module")
def dumped(sqlite_engine: Engine, folder: Path) -> Iterator[Database]:
    """Give the hub with dumps of what the public and the members see, and of a set; to be read."""
    with sqlite_engine.fresh() as url, closing(Database.open(url)) as database:
        filled(database)
        store.add(database, Consumer(name="m", view=Sharing.MEMBERS))
        settle(database)
        for series in (Series(), Series(view="members"), Series(set_spec="library:A")):
            Taker(database, folder, series).make()
        yield database


def client_of(hub: Database, folder: Path | None) -> FlaskClient:
    return create_app(hub, HUB, b"k" * 32, doors=Doors(dumps=folder)).test_client()


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def newest(client: FlaskClient, at: str = OF_ALL, **more) -> tuple[str, dict]:
    """Return the address of the newest full dump and its manifest."""
    pointer = client.get(f"{at}/latest.json", **more)
    assert pointer.status_code == 200
    address = f"{at}/{pointer.json['full']['name']}"
    return address, client.get(f"{address}/manifest.json", **more).json


def test_what_everybody_may_take_is_listed_and_as_its_manifest_says(
    dumped: Database, folder: Path
) -> None:
    client = client_of(dumped, folder)
    [of_set, whole] = sorted(
        client.get("/dumps/index.json").json, key=lambda each: -len(each["set"])
    )
    address, manifest = newest(client)

    assert (of_set["path"], whole["path"]) == ("library=A/marcxml", "union/marcxml")
    assert manifest["records"] == len(shown(dumped)) == 5
    for part in manifest["parts"]:
        found = client.get(f"{address}/{part['name']}")
        assert found.content_type == "application/gzip"
        assert hashlib.sha256(found.data).hexdigest() == part["sha256"]
        assert len(etree.fromstring(gzip.decompress(found.data))) == part["records"]
    sums = client.get(f"{address}/SHA256SUMS").text
    assert hashlib.sha256(client.get(f"{address}/manifest.json").data).hexdigest() in sums


def test_latest_stands_for_the_newest_full_dump(dumped: Database, folder: Path) -> None:
    client = client_of(dumped, folder)
    address, _ = newest(client)
    led = client.get(f"{OF_ALL}/latest/manifest.json")

    assert led.status_code == 302
    assert urljoin(f"{OF_ALL}/latest/manifest.json", led.location) == f"{address}/manifest.json"


def test_a_file_is_sent_in_parts_and_not_again_where_it_is_known(
    dumped: Database, folder: Path
) -> None:
    client = client_of(dumped, folder)
    address, manifest = newest(client)
    path = f"{address}/{manifest['parts'][0]['name']}"
    whole = client.get(path)
    etag, size = whole.headers["ETag"], len(whole.data)

    def asked(byte_range: str, **headers: str):
        told = {
            "Range": byte_range,
            **{name.replace("_", "-"): each for name, each in headers.items()},
        }
        return client.get(path, headers=told, buffered=True)

    assert whole.headers["Accept-Ranges"] == "bytes"
    assert asked("bytes=10-19").data == whole.data[10:20]
    assert asked("bytes=10-19").headers["Content-Range"] == f"bytes 10-19/{size}"
    assert asked("bytes=100-").data == whole.data[100:]
    assert asked("bytes=-5").data == whole.data[-5:]
    assert asked("bytes=10-19", If_Range=etag).status_code == 206
    for refused in (
        asked("bytes=10-19", If_Range='"another"'),
        asked("bytes=0-1,4-5"),
        asked("lines=1-2"),
    ):
        assert (refused.status_code, len(refused.data)) == (200, size)
    beyond = asked(f"bytes={size}-")
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{size}")
    known = client.get(path, headers={"If-None-Match": etag})
    assert (known.status_code, known.data) == (304, b"")
    headed = client.head(path)
    assert (headed.headers["Content-Length"], headed.data) == (str(size), b"")


NOTHING = (
    "nothing.json",
    "union/pdf/latest.json",
    "union/iso2709/latest.json",
    "union/iso2709/latest/manifest.json",
    "union/marcxml/full-20200101T000000Z/manifest.json",
    "union/marcxml/{full}/state.json",
    "union/marcxml/{full}/../latest.json",
    "union/marcxml/.begun/state.json",
    "../../etc/passwd",
    "view/nowhere/union/marcxml/latest.json",
    "view/members/union/marcxml/latest.json",
    "view/hub/index.json",
    "library=NONE/marcxml/latest.json",
)


def test_nothing_else_is_found_there(dumped: Database, folder: Path) -> None:
    client = client_of(dumped, folder)
    full = newest(client)[0].rpartition("/")[2]
    found = {path: client.get(f"/dumps/{path.format(full=full)}").status_code for path in NOTHING}

    assert found == dict.fromkeys(NOTHING, 404)


def test_a_hub_without_a_folder_for_dumps_has_none(hub: Database) -> None:
    client = client_of(hub, None)

    assert client.get("/dumps/index.json").status_code == 404
    assert client.get("/dumps/").status_code == 200


def test_what_others_may_see_is_for_those_with_a_key(dumped: Database, folder: Path) -> None:
    client = client_of(dumped, folder)
    key = store.add(dumped, Consumer(name="vien", view=Sharing.MEMBERS))
    _, manifest = newest(client, "/dumps/view/members/union/marcxml", headers=bearer(key))

    assert manifest["records"] == 6
    assert client.get("/dumps/view/members/index.json").status_code == 404
    assert client.get("/dumps/view/members/index.json", headers=bearer("lt_no")).status_code == 401


def test_who_may_take_a_part_takes_that_part(dumped: Database, folder: Path) -> None:
    client = client_of(dumped, folder)
    key = store.add(dumped, Consumer(name="mot", sets=("library:A",)))
    other = store.add(dumped, Consumer(name="hai", prefixes=("oai_dc",)))

    assert [each["set"] for each in client.get("/dumps/index.json", headers=bearer(key)).json] == [
        "library:A"
    ]
    assert client.get(f"{OF_ALL}/latest.json", headers=bearer(key)).status_code == 404
    assert client.get("/dumps/index.json", headers=bearer(other)).json == []
    lists = "/resourcesync/resourcelist.xml"
    assert client.get(lists, headers=bearer(key)).status_code == 404
    assert client.get("/changes.atom", headers=bearer(key)).status_code == 404
    assert client.get("/changes.atom?set=library:A", headers=bearer(key)).status_code == 200


def test_what_is_taken_is_counted_by_consumer_and_door(dumped: Database, folder: Path) -> None:
    client = client_of(dumped, folder)
    key = store.add(dumped, Consumer(name="dem"))
    address, manifest = newest(client)
    part = manifest["parts"][0]
    taken = [f"{address}/{part['name']}", "/record/000000001.xml", "/changes.atom", "/sitemap.xml"]
    for path in [*taken, "/.well-known/resourcesync"]:
        assert client.get(path, headers=bearer(key), buffered=True).status_code == 200
    client.get(taken[0], headers={**bearer(key), "Range": "bytes=0-9"}, buffered=True)
    site_of(client.application).tally.flush()
    days = {each.door: each for each in usage.days(dumped, "dem")}

    assert sorted(days) == ["dumps", "feed", "record", "resourcesync", "sitemap"]
    dumps = days["dumps"]
    assert (dumps.requests, dumps.records, dumps.octets) == (2, part["records"], part["bytes"] + 10)
    assert days["record"].records == 1


def test_a_record_is_a_file_of_its_own_until_it_is_gone(hub: Database) -> None:
    client = client_of(hub, None)
    found = client.get("/record/000000001.xml")
    again = client.get("/record/000000001.xml", headers={"If-None-Match": found.headers["ETag"]})
    assert found.data == shown(hub)["000000001"]
    deliver(hub, "A", {"0": None})
    settle(hub)

    assert (found.content_type, again.status_code) == ("application/xml; charset=utf-8", 304)
    assert client.get("/record/000000001.xml").status_code == 410
    for name in ("000000006", "nothing", "%00", "a/b"):
        assert client.get(f"/record/{name}.xml").status_code == 404


def test_a_copy_is_kept_over_http_by_resourcesync(hub: Database, shared: Path) -> None:
    client = client_of(hub, None)

    def get(address: str) -> bytes | None:
        found = client.get(address.removeprefix(HUB.base_url))
        return found.data if found.status_code == 200 else None

    schema = etree.XMLSchema(etree.parse(shared / "data/xsd/rs-all.xsd"))
    copy = Client(get, schema)
    copy.baseline()
    deliver(hub, "A", {"1": None, "2": book("Sửa")})
    settle(hub)
    copy.update()

    expected = {f"{HUB.base_url}/record/{key}.xml": body for key, body in shown(hub).items()}
    assert copy.has == expected


def test_the_page_of_a_record_says_what_it_is_for_search_engines(hub: Database) -> None:
    deliver(hub, "A", {"0": book("</script><b> & Truyện", author="Nguyễn Du")})
    settle(hub)
    page = html.fromstring(client_of(hub, None).get("/record/000000001").data)
    [block] = page.xpath("//script")
    told = json.loads(block.text)

    assert block.get("type") == "application/ld+json"
    assert (told["@context"], told["@type"]) == ("https://schema.org", "Book")
    assert told["name"] == "</script><b> & Truyện"
    assert told["url"] == told["@id"] == "http://hub.example.vn/record/000000001"
    assert page.xpath("//link[@type='application/marcxml+xml']/@href") == ["/record/000000001.xml"]


def test_the_page_of_dumps_and_robots_say_where_what_is(dumped: Database, folder: Path) -> None:
    client = client_of(dumped, folder)
    page = html.fromstring(client.get("/dumps/").data)
    links = page.xpath("//main//a/@href")

    assert f"{newest(client)[0]}/manifest.json" in links
    assert any(link.endswith("/part-00001.xml.gz") for link in links)
    assert all(
        client.get(link, buffered=True).status_code == 200 for link in links if link.startswith("/")
    )
    assert not [link for link in links if "members" in link]
    assert "Sitemap: http://hub.example.vn/sitemap.xml" in client.get("/robots.txt").text
    assert Kind.FULL in newest(client)[0]
