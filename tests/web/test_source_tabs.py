"""The tabs of a source: its harvests, records, problems, mapping and notes."""

from __future__ import annotations

from dataclasses import replace

from lxml import html

from catalogue import options, source_records, sources
from catalogue.members import contacts
from catalogue.members.model import Contact
from catalogue.model import Source
from catalogue.source_notes import get as noted
from catalogue.users import Role
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest, settle
from support.lines import Hub
from support.oai_source import Item, Repository, items
from support.staff import boxes, document, inside, post, text
from web.staff.sources import tabs

SOURCE = "/staff/sources/s1"
BROKEN = Item(identifier="x", payload="<q xmlns='urn:q'/>")


def filled(members: Hub, count: int = 2, *more: Item) -> None:
    """Harvest a source of some records."""
    members.add("s1", Repository(items=[*items(count), *more]))
    harvest(members.line, "s1", HarvestOptions())
    settle(members.line)


def lines(page: html.HtmlElement) -> list[str]:
    """Return the rows of a page's table, each on one line."""
    return [" ".join(row.text_content().split()) for row in page.xpath("//tbody/tr")]


def test_each_tab_has_an_address_and_says_that_it_is_the_one_shown(members: Hub):
    filled(members)
    client = inside(members.database, Role.VIEWER)
    bar = document(client.get(SOURCE)).xpath("//nav[@aria-label='About this source']/a/@href")
    shown = [
        document(client.get(address)).xpath("//nav/a[@aria-current='page'][ancestor::main]/@href")
        for address in bar
    ]

    assert bar[0] == SOURCE
    assert len(bar) == 7
    assert shown == [[address] for address in bar]


def test_the_harvests_of_a_source_are_listed_a_page_at_a_time(members: Hub, monkeypatch):
    monkeypatch.setattr(tabs, "PER_PAGE", 2)
    filled(members)
    for _ in range(2):
        harvest(members.line, "s1", HarvestOptions())
    client = inside(members.database, Role.VIEWER)
    first = document(client.get(f"{SOURCE}/runs"))
    second = document(client.get(first.xpath("string(//a[@rel='next']/@href)")))

    assert [len(lines(page)) for page in (first, second)] == [2, 1]
    assert second.xpath("//a[@rel='next']") == []


def test_the_records_of_a_source_are_listed_a_page_at_a_time(members: Hub, monkeypatch):
    monkeypatch.setattr(tabs, "PER_PAGE", 2)
    filled(members, 3)
    client = inside(members.database, Role.VIEWER)
    first = document(client.get(f"{SOURCE}/records"))
    second = document(client.get(first.xpath("string(//a[@rel='next']/@href)")))
    shown = [*lines(first), *lines(second)]

    assert [f"Nhan đề {number}" in line for number, line in enumerate(shown)] == [True] * 3
    assert all("in the catalogue" in line for line in shown)
    assert first.xpath("//td/a[contains(@href, '/staff/matches/cluster/')]")


def test_a_record_is_found_by_its_identifier_and_tells_how_far_it_came(members: Hub):
    filled(members)
    client = inside(members.database, Role.VIEWER)
    [first, _] = source_records.listing(members.database, "s1")
    found = client.get(f"{SOURCE}/records", query_string={"find": f" {first.identifier} "})
    page = document(client.get(found.location))
    steps = page.xpath("//ol[@class='steps']/li")

    assert found.location == f"{SOURCE}/records/{first.key}"
    assert [step.get("class") for step in steps] == ["ok"] * 4
    assert [step.xpath("string(strong)") for step in steps] == [
        "Delivered",
        "Mapped",
        "Matched",
        "Given out",
    ]
    assert f"/record/{first.cluster}" in page.xpath("//a/@href")
    assert "=245" in page.xpath("string(//div[@class='columns']/div[2])")


def test_an_identifier_that_is_not_there_is_said_so_and_stays_in_its_box(members: Hub):
    filled(members)
    page = document(inside(members.database).get(f"{SOURCE}/records?find=<b>nothing"))

    assert "s1 has no record with the identifier <b>nothing" in page.text_content()
    assert page.xpath("//input[@id='find']/@value") == ["<b>nothing"]
    assert len(lines(page)) == 2


def test_a_record_of_another_source_or_none_is_not_shown(members: Hub):
    filled(members)
    members.add("s2", Repository())
    client = inside(members.database)
    [first, _] = source_records.listing(members.database, "s1")
    addresses = [f"/staff/sources/s2/records/{first.key}", f"{SOURCE}/records/{2**63}"]

    assert [client.get(address).status_code for address in addresses] == [404, 404]


def test_a_record_that_cannot_be_read_leads_to_quarantine(members: Hub):
    filled(members, 1, BROKEN)
    client = inside(members.database)
    broken = source_records.find(members.database, "s1", "x")
    assert broken is not None
    page = document(client.get(f"{SOURCE}/records/{broken.key}"))

    assert "in quarantine" in text(client.get(f"{SOURCE}/records"))
    assert f"/staff/quarantine/record/{broken.key}" in page.xpath("//a/@href")
    assert "urn:q" in page.xpath("string(//pre)")


def test_problems_are_told_of_what_is_stored_and_of_the_last_harvest(members: Hub):
    filled(members, 1, BROKEN)
    client = inside(members.database, Role.VIEWER)
    page = document(client.get(f"{SOURCE}/problems"))
    [now, then] = page.xpath("//ul[@class='kinds']")

    assert "x" in now.text_content()
    assert now.xpath("string(.//strong)") == then.xpath("string(.//strong)") == "1"
    assert "In quarantine: 1" in page.text_content()
    assert "/staff/quarantine/source/s1" in page.xpath("//a/@href")


def test_problems_are_given_as_a_file_that_a_spreadsheet_opens(members: Hub):
    filled(members, 1, Item(identifier="=cmd()", payload="<q xmlns='urn:q'/>"))
    client = inside(members.database, Role.VIEWER)
    answer = client.get(f"{SOURCE}/problems.csv")
    [heads, row] = answer.get_data().decode("utf-8-sig").splitlines()

    assert answer.mimetype == "text/csv"
    assert heads.startswith("Identifier,Problem,Meaning")
    assert row.startswith("'=cmd(),")
    assert client.get("/staff/sources/none/problems.csv").status_code == 404


def test_the_mapping_says_which_crosswalk_and_why(members: Hub):
    filled(members)
    client = inside(members.database)
    [usual] = lines(document(client.get(f"{SOURCE}/mapping")))
    source = sources.get(members.database, "s1")
    sources.change(members.database, replace(source, crosswalk="oai_dc-marc21.dspace"))
    chosen = document(client.get(f"{SOURCE}/mapping"))
    [changed] = lines(chosen)
    sources.change(members.database, replace(source, crosswalk="gone"))
    [gone] = lines(document(client.get(f"{SOURCE}/mapping")))

    assert "oai_dc-marc21 as shipped" in usual
    assert usual.endswith(" 0")
    assert "since its settings say so: oai_dc-marc21.dspace" in " ".join(
        chosen.text_content().split()
    )
    # Until a worker has mapped them again.
    assert changed.endswith(" 2")
    assert "none fits" in gone


def test_notes_stand_beside_the_contacts_of_the_library(members: Hub):
    members.add("s1", Repository())
    library = sources.get(members.database, "s1").library
    contacts.add(members.database, library, Contact(name="Lan", mail="lan@example.vn"))
    client = inside(members.database)
    form = boxes(document(client.get(f"{SOURCE}/notes")))
    sent = form | {"manager": "An", "note": "Koha 23.05\nBảo trì tối thứ sáu"}
    for _ in range(2):
        client.post(f"{SOURCE}/notes", data=sent)
    page = document(client.get(f"{SOURCE}/notes"))
    kept = noted(members.database, "s1")

    assert "mailto:lan@example.vn" in page.xpath("//a/@href")
    assert page.xpath("//dd/text()")[:3] == ["An", "Koha 23.05", "Bảo trì tối thứ sáu"]
    assert (kept.manager, kept.author) == ("An", "operator")


def test_of_two_who_write_at_once_the_later_is_told_and_loses_nothing(members: Hub):
    members.add("s1", Repository())
    client = inside(members.database)
    form = boxes(document(client.get(f"{SOURCE}/notes")))
    client.post(f"{SOURCE}/notes", data=form | {"note": "one"})
    later = client.post(f"{SOURCE}/notes", data=form | {"note": "two"})
    page = document(later)

    assert later.status_code == 409
    assert "was changed meanwhile by operator" in text(later)
    assert page.xpath("string(//dl//dd[1])") or "one" in page.text_content()
    assert boxes(page)["note"].strip() == "two"
    assert noted(members.database, "s1").note == "one"
    client.post(f"{SOURCE}/notes", data=boxes(page))
    assert noted(members.database, "s1").note == "two"


def test_a_note_that_is_too_long_is_refused_and_kept_in_its_box(members: Hub):
    members.add("s1", Repository())
    client = inside(members.database)
    form = boxes(document(client.get(f"{SOURCE}/notes")))
    answer = client.post(f"{SOURCE}/notes", data=form | {"note": "x" * 4001})

    assert answer.status_code == 400
    assert "longer than 4000 signs" in text(answer)
    assert len(boxes(document(answer))["note"].strip()) == 4001
    assert noted(members.database, "s1").changed == 0


def test_a_viewer_reads_notes_and_writes_none(members: Hub):
    members.add("s1", Repository())
    client = inside(members.database, Role.VIEWER)

    assert document(client.get(f"{SOURCE}/notes")).xpath("//main//form") == []
    assert post(client, f"{SOURCE}/notes", note="x").status_code == 403


def test_a_copy_has_all_settings_and_a_name_of_its_own(members: Hub):
    original = Source(
        name="s1",
        library="LIB",
        protocol="oai-pmh",
        url="http://x.vn/oai",
        prefix="marc21",
        weight=7,
        suppress=("942$n = '1'",),
        paused=True,
        connection=options.Connection(proxy="http://p.vn:1", quiet_hours="07:00-08:00"),
    )
    sources.add(members.database, original)
    client = inside(members.database)
    form = boxes(document(client.get(f"{SOURCE}/copy")))
    answer = client.post("/staff/add-source", data=form | {"name": "s2", "prefix": "oai_dc"})
    again = client.post("/staff/add-source", data=form | {"name": "s1"})
    copied = sources.get(members.database, "s2")

    assert form["name"] == ""
    assert answer.location == "/staff/sources/s2"
    assert (copied.prefix, copied.weight, copied.suppress) == ("oai_dc", 7, original.suppress)
    assert copied.connection == original.connection
    assert not copied.paused
    assert again.status_code == 400
    assert boxes(document(again))["copied"] == "s1"
