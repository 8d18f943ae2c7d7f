"""Quarantine on screen: by source and reason, one record with its bytes, and reading it again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalogue import quarantine, quarantine_lists, sources
from catalogue.database import Database
from catalogue.users import Role
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from support.lines import Hub
from support.oai_source import Item, Repository, items
from support.staff import document, inside, post, text
from web.staff.shown import shown

UNREADABLE = Item(
    identifier="oai:x/1", payload="<q xmlns='urn:q'>&lt;script&gt;\u202etxet\u200b</q>"
)


@pytest.fixture
def aside(members: Hub) -> int:
    """Give the key of a record in quarantine, beside three that are sound."""
    members.add("s1", Repository(items=[*items(3), UNREADABLE], page_size=9))
    harvest(members.line, "s1", HarvestOptions())
    [line] = quarantine_lists.lines(members.database, "s1")
    return line.key


def test_an_empty_quarantine_is_said_so(database: Database):
    assert "Nothing is in quarantine" in text(inside(database).get("/staff/quarantine"))


def test_what_is_aside_is_found_by_source_and_reason(members: Hub, aside: int):
    client = inside(members.database, Role.VIEWER)
    page = document(client.get("/staff/quarantine"))
    reason = page.xpath("//tbody/tr[1]/td[1]/a/@href")[0]
    listed = document(client.get(reason)).xpath("//tbody//th/a/@href")

    assert page.xpath("//tbody/tr[1]/td[2]/text()") == ["1"]
    assert listed == [f"/staff/quarantine/record/{aside}"]
    assert "Nothing of it" in text(client.get("/staff/quarantine/source/s1?reason=other"))


def test_a_record_is_shown_with_reason_place_and_bytes(members: Hub, aside: int):
    page = document(inside(members.database).get(f"/staff/quarantine/record/{aside}"))
    told = " ".join(page.text_content().split())

    assert page.xpath("string(//h1)") == "oai:x/1"
    assert "page 1, record 4" in told
    assert "urn:q" in page.xpath("string(//pre)")
    assert "\\u202etxet" in page.xpath("string(//q)")
    assert not {"\u202e", "\u200b"} & set(page.text_content())
    assert page.xpath("//main//script") == []
    assert page.xpath("//ul[@class='problems']/li/p")


def test_the_bytes_come_as_a_file_that_no_browser_opens(members: Hub, aside: int):
    client = inside(members.database)
    answer = client.get(f"/staff/quarantine/record/{aside}/raw")
    kept = quarantine.get(members.database, "s1", "oai:x/1").raw

    assert answer.get_data() == kept
    assert answer.headers["Content-Disposition"] == 'attachment; filename="oai-x-1.bin"'
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_what_still_cannot_be_read_stays(members: Hub, aside: int):
    client = inside(members.database, Role.CATALOGUER, line=members.line)
    answer = post(client, f"/staff/quarantine/record/{aside}/retry")

    assert answer.location == f"/staff/quarantine/record/{aside}"
    assert "0 can be read now, 1 still cannot" in text(client.get(answer.location))


@pytest.mark.parametrize("what", ["record/{key}", "source/s1"])
def test_what_can_be_read_by_other_settings_leaves_quarantine(members: Hub, what: str):
    damaged = Item(identifier="oai:x/1", payload=items(1)[0].payload)
    members.add("s1", Repository(items=[damaged]))
    source = sources.get(members.database, "s1")
    sources.change(members.database, replace(source, crosswalk="dim-marc21"))
    harvest(members.line, "s1", HarvestOptions())
    [line] = quarantine_lists.lines(members.database, "s1")
    sources.change(members.database, source)
    client = inside(members.database, Role.CATALOGUER, line=members.line)
    answer = post(client, f"/staff/quarantine/{what.format(key=line.key)}/retry")

    assert "1 can be read now, 0 still cannot" in text(client.get(answer.location))
    assert quarantine.count(members.database) == 0


def test_a_viewer_reads_nothing_again(members: Hub, aside: int):
    client = inside(members.database, Role.VIEWER)
    page = document(client.get(f"/staff/quarantine/record/{aside}"))

    assert page.xpath("//main//form") == []


@pytest.mark.parametrize("address", ["record/99", "record/9223372036854775808", "source/none"])
def test_what_is_not_there_is_said_so(database: Database, address: str):
    assert inside(database).get(f"/staff/quarantine/{address}").status_code == 404


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        (b"plain <b>", "plain <b>"),
        ("Truyện Kiều".encode(), "Truyện Kiều"),
        (b"00026nam\x1e245\x1f\x1d", "00026nam␞245␟␝"),
        (b"Nguy\xd4n Du, Truy\xd6n", "Nguy\\xd4n Du, Truy\\xd6n"),
        (b"\x00\x01\x02\xff\xfe", "000000  00 01 02 ff fe"),
        (b"", ""),
        ("a\u202eb\u200b\ufeff\u00ad".encode(), "a\\u202eb\\u200b\\ufeff\\u00ad"),
    ],
)
def test_bytes_are_shown_so_that_all_of_them_can_be_seen(data: bytes, seen: str):
    assert shown(data).startswith(seen)


def test_only_the_beginning_of_much_is_shown():
    assert shown(b"x" * 100, most=10) == "x" * 10 + " …"


def test_a_letter_that_is_cut_in_two_is_left_out():
    assert shown(("a" * 30 + "ề").encode(), most=32) == "a" * 30 + " …"
