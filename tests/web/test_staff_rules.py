"""What holds for every staff page: nothing inline, all of it labelled, our own files only."""

from __future__ import annotations

import hashlib
import re
from http import HTTPStatus

import pytest
from lxml import html

from support.everything import ELSEWHERE, MEMBER, OUTSIDE, STAFF, Everything
from support.processes import REPOSITORY
from support.staff import document, post, sign_in_at
from web.staff.permissions import permissions

STATIC = REPOSITORY / "web" / "static"
FURTHER = [
    "/staff/sources/s1",
    "/staff/sources/s1/records?find=nothing",
    "/staff/sources/s1/problems",
    "/staff/sources?health=late",
    "/staff/hidden",
    "/staff/live",
    "/staff/problems",
    "/staff/problems?run=1",
    "/staff/runs/99",
    "/staff/words?q=nothing+at+all",
    "/joining/nothing",
]
POSTED = [
    "/staff/crosswalks/of/oai_dc-marc21/edit",
    "/staff/look-source",
    "/staff/add-source/address",
    "/staff/add-source/choice",
    "/staff/add-source/records",
    "/staff/add-source/schedule",
    "/staff/add-source/dry-run",
    "/staff/sources/s1/test",
    "/staff/sources/s1/preview",
    "/staff/users/add",
]
AT = "http://127.0.0.1:9/oai"
# Part of a page, or no page at all.
PART = re.compile(r"/(progress|row|status|wait|raw|workbook|csv)\b|/file$|\.csv$|file\.")


@pytest.fixture(scope="module")
def pages(everything: Everything) -> list[html.HtmlElement]:
    outside, member, staff = (everything.app.test_client() for _ in range(3))
    sign_in_at(member, "member", "thu-vien")
    sign_in_at(staff, "staff", "lan")
    asked = [(outside, OUTSIDE), (member, MEMBER), (staff, STAFF)]
    answers = [
        client.get(address, buffered=True)
        for client, addresses in asked
        for address in everything.at(addresses)
        if not address.startswith(("/?", "/record"))
    ]
    lost = [each.request.path for each in answers if each.status_code != HTTPStatus.OK]
    assert lost == []
    found = [document(answer) for answer in answers]
    found += [document(staff.get(address, buffered=True)) for address in FURTHER]
    found += [document(post(staff, address, name="", role="viewer", url=AT)) for address in POSTED]
    return found


def test_every_page_there_is_to_look_at_is_looked_at():
    shown = {
        each.endpoint
        for each in permissions()
        if each.method == "GET" and not PART.search(each.address)
    }

    assert shown == set().union(STAFF, OUTSIDE, MEMBER, ELSEWHERE)


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(pages: list[html.HtmlElement]):
    for page in pages:
        # What a page only tells of, such as its feed or its own address, is not loaded.
        links = "//link[@rel='stylesheet' or @rel='icon']/@href"
        loaded = page.xpath(f"{links} | //img/@src | //script/@src")

        assert page.xpath("//style | //@style | //script[not(@src)]") == []
        assert page.xpath("//@*[starts-with(name(), 'on')]") == []
        assert all(address.startswith(("/static/", "/help/pictures/")) for address in loaded)


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
