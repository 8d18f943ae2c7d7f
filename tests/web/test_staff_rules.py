"""What holds for every staff page: nothing inline, all of it labelled, our own files only."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC
from functools import partial

import pytest
from lxml import html

from catalogue import crosswalks, daily, quarantine_lists, sources
from catalogue.accounts import tickets
from catalogue.crosswalks import Version
from catalogue.joining import inviting
from catalogue.joining import store as applications
from catalogue.joining.model import Application
from catalogue.membership.hiding import Kind
from catalogue.membership.standing import By
from catalogue.membership.suppressing import Target, suppress
from catalogue.reports.periods import parse
from catalogue.users import Role, Wanted
from crosswalks.shelf import Written
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from scheduler.reports import make_now
from support.lines import Hub
from support.oai_source import Item, Repository, items
from support.processes import REPOSITORY
from support.staff import PASSWORD, document, hub, inside, post, sign_in_at

STATIC = REPOSITORY / "web" / "static"
MAP = "oai_dc-marc21"
DRAFTED = f"crosswalk {MAP} version 1\nfrom oai_dc to marc21\n# mine\ninclude shipped/{MAP}\n"
PAGES = [
    "/staff/members",
    "/staff/members/{library}",
    "/staff/members/{library}/change",
    "/staff/members/{library}/contact",
    "/staff/members/{library}/agreement",
    "/staff/groups",
    "/staff/joining",
    "/staff/joining/MOI",
    "/staff/add-joining",
    "/joining/{token}",
    "/joining/nothing",
    "/staff/add-group",
    "/staff/sources",
    "/staff/sources?health=late",
    "/staff",
    "/staff/hidden",
    "/staff/hidden?all=1",
    "/staff/standing/{library}",
    "/staff/sources/s1",
    "/staff/sources/s1/settings",
    "/staff/add-source",
    "/staff/runs",
    "/staff/runs/1",
    "/staff/next",
    "/staff/problems",
    "/staff/problems?code=unknown-format",
    "/staff/problems?run=1",
    "/staff/problems/problem/1",
    "/staff/quarantine",
    "/staff/quarantine/source/s1",
    "/staff/quarantine/record/{key}",
    "/staff/crosswalks",
    "/staff/crosswalks/new",
    "/staff/crosswalks/of/{map}",
    "/staff/crosswalks/of/{map}/rules",
    "/staff/crosswalks/of/{map}/text",
    "/staff/crosswalks/of/{map}/edit",
    "/staff/crosswalks/of/{map}/compare?one=0&two=d1",
    "/staff/crosswalks/of/{map}/try",
    "/staff/crosswalks/of/{map}/effect",
    "post /staff/crosswalks/of/{map}/edit",
    "/staff/publishing",
    "/staff/sets",
    "/staff/sets/add",
    "/staff/consumers",
    "/staff/consumers/add",
    "/staff/consumers/usage",
    "/staff/reports",
    "/staff/reports/report/2024/1",
    "/staff/live",
    "/staff/live?q=sach",
    "/staff/live/basket",
    "/staff/users",
    "/staff/account",
    "/staff/account/factor",
    "/staff/audit",
    "/staff/forgotten",
    "/staff/runs/99",
    "post /staff/sources/s1/test",
    "post /staff/sources/s1/preview",
    "post /staff/users/add",
]


@pytest.fixture
def pages(members: Hub) -> list[html.HtmlElement]:
    broken = Item(identifier="x", payload="<q xmlns='urn:q'/>")
    members.add("s1", Repository(items=[*items(2), broken]))
    harvest(members.line, "s1", HarvestOptions())
    [line] = quarantine_lists.lines(members.database, "s1")
    make_now(members.database, UTC, parse("2024"), "admin")
    client = inside(members.database, Role.ADMIN, line=members.line)
    library = sources.get(members.database, "s1").library
    target = Target(kind=Kind.CLUSTER, name="000000001")
    suppress(members.database, target, By(person="lan", reason="thử"), until=3_900_000_000)
    daily.count_if_due(members.database)
    applications.add(members.database, Application(code="MOI", name="Mới"), "an")
    written = Written(text=DRAFTED)
    crosswalks.put_draft(members.database, Version(name=MAP, version=None, written=written))
    applied = inviting.invite(members.database, "MOI", "an")
    _, token = tickets.invite(members.database, "moi", Wanted(Role.MEMBER, "S1"), 60)
    outside = hub(members.database)
    found = [document(outside.get(f"/member/link/{token}"))]
    tickets.use(members.database, token, PASSWORD)
    sign_in_at(outside, "member", "moi")
    found.append(document(outside.get("/member/")))
    found.append(document(hub(members.database).get("/staff/login")))
    parts = {"key": line.key, "library": library, "token": applied}
    for address in PAGES:
        method, _, where = address.rpartition(" ")
        ask = (
            (lambda to: post(client, to, name="", role="viewer"))
            if method
            else partial(client.get, buffered=True)
        )
        found.append(document(ask(where.format(map=MAP, **parts))))
    return found


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(pages: list[html.HtmlElement]):
    for page in pages:
        loaded = page.xpath("//link/@href | //img/@src | //script/@src")

        assert page.xpath("//style | //@style | //script[not(@src)]") == []
        assert page.xpath("//@*[starts-with(name(), 'on')]") == []
        assert all(address.startswith("/static/") for address in loaded)


def test_every_page_can_be_read_by_ear(pages: list[html.HtmlElement]):
    for page in pages:
        headings = [int(heading.tag[1]) for heading in page.xpath("//h1 | //h2 | //h3")]
        boxes = page.xpath("//main//*[self::input or self::select or self::textarea]")
        named = [box for box in boxes if box.get("type") != "hidden"]
        labels = set(page.xpath("//label/@for"))

        assert headings[0] == 1
        assert headings.count(1) == 1
        assert all(
            box.get("id") in labels or box.get("aria-label") or box.xpath("ancestor::label")
            for box in named
        )
        assert page.xpath("//nav[not(@aria-label)] | //a[not(normalize-space())]") == []
        assert page.xpath("//button[not(normalize-space())]") == []
        assert page.xpath("//table[not(thead//th[@scope='col'])]") == []


def test_no_name_in_a_page_is_given_twice(pages: list[html.HtmlElement]):
    for page in pages:
        names = page.xpath("//@id")

        assert len(names) == len(set(names))
        described = " ".join(page.xpath("//@aria-describedby")).split()
        assert set(described) <= set(names)


def test_the_files_of_others_are_the_ones_that_are_written_down():
    told = (STATIC / "VENDORED.md").read_text("utf-8")
    [(name, digest)] = re.findall(r"\| `([^`]+\.js)` .*`([0-9a-f]{64})`", told)
    base = REPOSITORY / "web/staff/templates/staff/base.html"

    assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == digest
    assert f"filename='{name}'" in base.read_text("utf-8")
