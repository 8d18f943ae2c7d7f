"""The feed of changes and the sitemaps: by their standards, and complete."""

from __future__ import annotations

import pytest
from lxml import etree

from catalogue.database import Database
from catalogue.model import HubIdentity
from catalogue.walks import walk
from provider.feed import ATOM, TOMBSTONES, Feed, respond
from provider.model import Request
from provider.sitemaps import respond as sitemap
from provider.sitemaps import robots
from support.dumped import shown
from support.engines import SQLITE_USUALLY
from support.filled import add_library, book, deliver, settle

A = {"a": ATOM, "at": TOMBSTONES}
S = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
BASE = "http://hub.example.vn"
FEED = Feed(identity=HubIdentity(base_url=f"{BASE}/", rights="CC0 & hơn nữa"), page=3)
HOSTILE = "<b> & ]]> \"'"


def shelved(database: Database) -> None:
    for code in ("NLV", "HUST"):
        add_library(database, code, code)
    deliver(database, "NLV", {f"n{number}": book(f"Sách {number}") for number in range(4)})
    deliver(database, "HUST", {"h": book(HOSTILE, author="Nguyễn Du", year="2015")})
    settle(database)
    deliver(database, "NLV", {"n1": None, "n2": book("Sửa")})
    settle(database)


def page(database: Database, query: str = "") -> etree._Element:
    with walk(database) as now:
        found = respond(FEED, now, Request.parse(query.encode()))
    assert found is not None
    return etree.fromstring(found.body)


def link(root: etree._Element, rel: str) -> str | None:
    found = root.find(f"a:link[@rel='{rel}']", A)
    return None if found is None else found.get("href")


def walked(database: Database, query: str = "") -> list[etree._Element]:
    """Return all pages from the newest change on."""
    pages = [page(database, query)]
    while address := link(pages[-1], "next"):
        pages.append(page(database, address.partition("?")[2]))
    return pages


def test_the_feed_leads_from_the_newest_change_to_the_first_record(database: Database) -> None:
    shelved(database)
    pages = walked(database)
    live = [each for root in pages for each in root.iterfind("a:entry", A)]
    gone = [each for root in pages for each in root.iterfind("at:deleted-entry", A)]
    moments = [
        each.findtext("a:updated", namespaces=A) or each.get("when")
        for root in pages
        for each in root.iterfind("*")
        if each.tag in (f"{{{ATOM}}}entry", f"{{{TOMBSTONES}}}deleted-entry")
    ]

    ids = [str(each.findtext("a:id", namespaces=A)) for each in live]
    assert sorted(ids) == sorted(f"oai:lienthong.localhost:{name}" for name in shown(database))
    assert len(gone) == 1
    assert str(gone[0].get("ref")).startswith("oai:lienthong.localhost:")
    assert moments == sorted(moments, reverse=True)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_page_says_what_atom_wants_of_it(database: Database) -> None:
    """RFC 4287 s4.1: id, title, updated of the feed and each entry, an author, links."""
    shelved(database)
    root = page(database)

    assert root.tag == f"{{{ATOM}}}feed"
    assert [len(root.findall(f"a:{name}", A)) for name in ("id", "title", "updated")] == [1, 1, 1]
    assert root.findtext("a:author/a:name", namespaces=A) == "Liên Thông"
    assert root.findtext("a:rights", namespaces=A) == "CC0 & hơn nữa"
    assert link(root, "self") == link(root, "first") == f"{BASE}/changes.atom"
    for entry in root.iterfind("a:entry", A):
        assert all(entry.findtext(f"a:{name}", namespaces=A) for name in ("id", "title", "updated"))
        hrefs = [str(each.get("href")) for each in entry.iterfind("a:link", A)]
        assert hrefs[1] == f"{hrefs[0]}.xml"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_a_record_holds_cannot_break_the_feed(database: Database) -> None:
    shelved(database)
    entries = [entry for root in walked(database) for entry in root.iterfind("a:entry", A)]
    titles = [entry.findtext("a:title", namespaces=A) for entry in entries]
    hostile = entries[titles.index(HOSTILE)]

    assert hostile.findtext("a:summary", namespaces=A) == "Nguyễn Du. Nxb. Văn học, 2015"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_set_has_a_feed_of_its_own_and_nonsense_has_none(database: Database) -> None:
    shelved(database)
    roots = walked(database, "set=library:HUST")

    assert sum(len(root.findall("a:entry", A)) for root in roots) == 1
    assert link(roots[0], "self") == f"{BASE}/changes.atom?set=library:HUST"
    with walk(database) as now:
        for query in ("set=library:NONE", "before=x", "before=1", "set=%00", "before=9.9.9"):
            assert respond(FEED, now, Request.parse(query.encode())) is None


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_catalogue_of_nothing_has_a_feed_of_nothing(database: Database) -> None:
    root = page(database)

    assert root.find("a:entry", A) is None
    assert root.findtext("a:updated", namespaces=A)


@SQLITE_USUALLY
def test_sitemaps_name_the_page_of_each_live_record_once(database: Database) -> None:
    shelved(database)
    with walk(database) as now:
        index = sitemap(now, BASE, "sitemap.xml", width=2)
        assert index is not None
        paths = [str(each.text) for each in etree.fromstring(index.body).iterfind("*/s:loc", S)]
        locs = []
        for path in paths:
            part = sitemap(now, BASE, path.removeprefix(f"{BASE}/"), width=2)
            assert part is not None
            root = etree.fromstring(part.body)
            assert 0 < len(root) <= 2
            assert all(each.findtext("s:lastmod", namespaces=S) for each in root)
            locs += [str(each.text) for each in root.iterfind("*/s:loc", S)]

        assert sorted(locs) == sorted(f"{BASE}/record/{name}" for name in shown(database))
        assert sitemap(now, BASE, "sitemap/x.xml") is None


def test_robots_are_told_where_the_sitemap_is() -> None:
    assert f"Sitemap: {BASE}/sitemap.xml" in robots(BASE).splitlines()
