"""ResourceSync: lists by the schema, and a copy kept by them alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from lxml import etree

from catalogue import crosswalks, published
from catalogue.database import Database
from catalogue.querysets import defining
from catalogue.querysets.model import Language, QuerySet
from catalogue.walks import walk
from provider.records import Files
from provider.records import respond as record_at
from provider.resourcesync.respond import Publication, respond
from support.dumped import shown
from support.filled import add_library, book, deliver, settle
from support.resourcesync_client import NAMES, Client

BASE = "http://hub.example.vn"


@pytest.fixture(scope="session")
def rs_schema(shared: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(shared / "data/xsd/rs-all.xsd"))


def shelved(database: Database) -> None:
    for code in ("NLV", "HUST"):
        add_library(database, code, code)
    deliver(database, "NLV", {f"n{number}": book(f"Sách {number}") for number in range(7)})
    settle(database)
    deliver(database, "HUST", {f"h{number}": book(f"Báo {number}") for number in range(3)})
    settle(database)


def changed(database: Database, number: int) -> None:
    gone = {f"n{number}": None}
    deliver(database, "NLV", {f"n{number + 1}": book(f"Sửa {number}"), **gone})
    deliver(database, "HUST", {f"mới{number}": book(f"Mới {number}")})
    settle(database)


def publication(database: Database, width: int = 3) -> Publication:
    return Publication(walk=partial(walk, database), base_url=BASE, width=width)


def getting(
    database: Database, width: int = 3, meanwhile: Callable[[int], object] = lambda _count: None
) -> Callable[[str], bytes | None]:
    """Return what fetches an address; ``meanwhile`` is called before each, with its number."""
    count = 0

    def get(address: str) -> bytes | None:
        nonlocal count
        count += 1
        meanwhile(count)
        path = address.removeprefix(BASE).removeprefix("/")
        if path.startswith("record/"):
            with published.snapshot(database) as now:
                found = record_at(files(database, now), path.removeprefix("record/"))
        else:
            found = respond(publication(database, width), path)
        return found.body if found is not None and found.status == 200 else None

    return get


def files(database: Database, now: published.Snapshot) -> Files:
    """Return what gives out records as files."""
    return Files(
        base_url=BASE,
        shown=now,
        shelf=partial(crosswalks.shelf, database),
        successor=lambda _: "",
        unfit="{} {}".format,
    )


def wanted(database: Database, set_spec: str = "") -> dict[str, bytes]:
    found = shown(database, set_spec=set_spec)
    return {f"{BASE}/record/{name}.xml": body for name, body in found.items()}


@pytest.mark.parametrize(
    ("engine", "width", "set_spec"),
    [
        ("sqlite", 3, ""),
        ("sqlite", 1000, "library:NLV"),
        ("postgresql", 3, "library:NLV"),
        pytest.param("postgresql", 1000, "", marks=pytest.mark.soak),
    ],
    indirect=["engine"],
)
def test_a_copy_kept_by_the_lists_is_the_catalogue_deletions_included(
    database: Database, rs_schema: etree.XMLSchema, width: int, set_spec: str
) -> None:
    shelved(database)
    client = Client(getting(database, width), rs_schema, set_spec)
    client.baseline()
    assert client.has == wanted(database, set_spec)

    changed(database, 1)
    client.update()

    assert client.has == wanted(database, set_spec)
    assert {"deleted", "updated"} <= set(client.changes.values())
    assert ("created" in client.changes.values()) == (not set_spec)
    client.update()
    assert client.changes == {}


def test_a_copy_misses_no_change_that_comes_while_the_lists_are_read(
    database: Database, rs_schema: etree.XMLSchema
) -> None:
    shelved(database)
    steps = iter(range(4))

    def meanwhile(count: int) -> None:
        if count % 4 == 0 and (step := next(steps, None)) is not None:
            changed(database, step)

    client = Client(getting(database, 3, meanwhile), rs_schema)
    client.baseline()
    while next(steps, None) is not None:
        client.update()
    client.update()
    client.update()

    assert client.has == wanted(database)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_did_not_change_since_it_was_made_is_told_as_created(
    database: Database, rs_schema: etree.XMLSchema
) -> None:
    shelved(database)
    client = Client(getting(database, 1000), rs_schema)
    client.update()

    assert set(client.changes.values()) == {"created"}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_list_of_too_many_changes_says_up_to_when_it_goes(database: Database) -> None:
    shelved(database)
    open_list = respond(publication(database), "resourcesync/changelist/20200101T000000Z-.xml")
    assert open_list is not None
    root = etree.fromstring(open_list.body)
    md = root.find("rs:md", NAMES)

    assert md is not None
    assert md.get("until") is not None
    assert len(root.findall("s:url", NAMES)) == 7
    assert root.findall("s:url/s:lastmod", NAMES)[-1].text == md.get("until")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_catalogue_of_nothing_has_lists_of_nothing(database: Database) -> None:
    for name in ("resourcelist", "changelist"):
        found = respond(publication(database), f"resourcesync/{name}.xml")

        assert found is not None
        assert etree.fromstring(found.body).findall("s:url", NAMES) == []


NOTHING = (
    "resourcesync/",
    "resourcesync/nothing.xml",
    "resourcesync/capabilitylist/1.xml",
    "resourcesync/resourcelist/x.xml",
    "resourcesync/resourcelist/01.xml",
    "resourcesync/changelist/20260101T000000Z.xml",
    "resourcesync/changelist/20269901T000000Z-.xml",
    "resourcesync/set/library:NONE/resourcelist.xml",
    "resourcesync/set/a/b/resourcelist.xml",
    "resourcesync/set/\0/resourcelist.xml",
)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_where_there_is_no_list_nothing_is_found(database: Database) -> None:
    found = [path for path in NOTHING if respond(publication(database), path) is not None]

    assert found == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_set_by_a_query_that_holds_nothing_yet_has_lists_of_nothing(database: Database) -> None:
    wanted = QuerySet(name="kieu", title="Kiều", language=Language.WORDS, query="kieu")
    defining.add(database, wanted)
    found = respond(publication(database), "resourcesync/set/query:kieu/resourcelist.xml")

    assert found is not None
    assert etree.fromstring(found.body).findall("s:url", NAMES) == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_who_may_take_one_set_alone_is_led_to_that_one(database: Database) -> None:
    shelved(database)
    narrow = Publication(
        walk=partial(walk, database), base_url=BASE, gives=lambda spec: spec == "library:NLV"
    )
    found = respond(narrow, ".well-known/resourcesync")

    assert found is not None
    locs = etree.fromstring(found.body).findall("s:url/s:loc", NAMES)
    assert [each.text for each in locs] == [
        f"{BASE}/resourcesync/set/library:NLV/capabilitylist.xml"
    ]
    assert respond(narrow, "resourcesync/resourcelist.xml") is None
