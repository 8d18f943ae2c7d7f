"""What a member sees of itself, page by page; whatever number is asked for, no other's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from threading import Event

import pytest
from flask.testing import FlaskClient

from catalogue import records, sources, users
from catalogue.database import Database
from catalogue.joining import checks
from catalogue.joining import store as applications
from catalogue.joining.model import Application, By
from catalogue.model import RunStatus, Source
from catalogue.quality.counting import count_next
from catalogue.store import close_run, open_run, put_page
from catalogue.users import Role
from crosswalks.checks.shares import NAMES
from crosswalks.model import Problem, Severity
from support.counted import counted
from support.engines import Engine
from support.pages import Book, Delivery, deliver, page, place_all
from support.staff import PASSWORD, document, hub, inside, sign_in_at, text
from web.alerts.members import own_step
from web.member import harvests
from web.member.harvests import window
from web.member.systems import ADVICE, SYSTEMS, system_for, system_named, system_of
from web.quality.shares import FIELDS
from web.quality.words import WORDS

BAD = Problem(code="bad-isbn", severity=Severity.WARNING, field="020", sample="123")
AGAIN = Problem(code="bad-isbn", severity=Severity.WARNING, field="022", sample="456")
KOHA = "http://127.0.0.1:9/cgi-bin/koha/oai.pl"
MOST = 20
"""Questions that any page may ask."""


@pytest.fixture(scope="module")
def database(sqlite_engine: Engine) -> Iterator[Database]:
    """Give a hub of two libraries, each with a source, a record that is bad and one unreadable."""
    with sqlite_engine.fresh() as url:
        opened = Database.open(url)
        for code in ("A", "B"):
            add(opened, code.lower(), code)
            users.add(opened, code, PASSWORD, Role.MEMBER, library=code)
        deliver(opened, "a", Delivery(identifier="a:late", book=Book(title="Đến sau")))
        deliver(opened, "a", Delivery(identifier="a:late", broken=True))
        place_all(opened)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def client(database: Database) -> FlaskClient:
    """Give somebody of library A who has signed in."""
    return member(database)


def add(database: Database, name: str, library: str, size: int = 1) -> None:
    sources.add(database, Source(name=name, library=library, protocol="oai-pmh", url=KOHA))
    title = f"Sách của {library}"
    bad = [
        Delivery(identifier=f"{name}:{n}", book=Book(title=title), problems=(BAD, AGAIN))
        for n in range(size)
    ]
    unread = Problem(code="empty-record", severity=Severity.ERROR, field="", sample="")
    broken = Delivery(identifier=f"{name}:x", broken=True, problems=(unread,))
    deliver(database, name, *bad, broken)


def member(database: Database, name: str = "A") -> FlaskClient:
    client = hub(database)
    assert sign_in_at(client, "member", name).status_code == 302
    return client


def keys(database: Database, name: str) -> tuple[int, int]:
    """Return the run and the record of a source's first delivery."""
    return {"a": 1, "b": 2}[name], records.get(database, name, f"{name}:0").id


OF_RUN = ("/member/runs/{run}", "/member/runs/{run}/problems/bad-isbn")
OF_RECORD = ("/member/records/{record}", "/member/records/{record}/raw")


@pytest.mark.parametrize("address", [*OF_RUN, *OF_RECORD])
def test_what_is_another_s_is_not_there_even_if_its_number_is_guessed(
    database: Database, client: FlaskClient, address: str
):
    own, theirs = (
        client.get(address.format(run=run, record=record))
        for run, record in (keys(database, "a"), keys(database, "b"))
    )

    assert (own.status_code, theirs.status_code) == (200, 404)
    assert client.get(address.format(run=2**63, record=2**63)).status_code == 404
    assert "Sách của B" not in theirs.get_data(as_text=True)


@pytest.mark.parametrize("place", ["runs", "problems", "problems/records.csv"])
def test_another_s_source_has_nothing_for_a_member(client: FlaskClient, place: str):
    assert client.get(f"/member/{place}?source=a").status_code == 200
    assert client.get(f"/member/{place}?source=b").status_code == 404
    assert "b:" not in client.get(f"/member/{place}?library=B").get_data(as_text=True)


def test_a_harvest_is_told_with_its_counts_problems_and_records(
    database: Database, client: FlaskClient
):
    page = document(client.get("/member/runs/1"))
    told = [page.xpath(f"string(//*[@data-count='{each}'])") for each in ("delivered", "added")]
    links = page.xpath("//a/@href")

    assert told == ["2", "1"]
    assert "/member/runs/1/problems/bad-isbn" in links
    assert f"/member/records/{keys(database, 'a')[1]}" in links
    assert [link for link in links if link.startswith("/staff")] == []


def test_a_harvest_tells_of_which_time_changes_were_asked_for(database: Database):
    run = open_run(database, "b")
    assert run is not None
    asked = "http://b.vn/oai?verb=ListRecords&metadataPrefix=oai_dc&from=2024-03-01"
    put_page(database, run, replace(page([]), url=asked), {}, {})
    close_run(database, run, RunStatus.SUCCEEDED)
    said = text(member(database, "B").get(f"/member/runs/{run.run_id}"))

    assert "Your server was asked for what changed from 2024-03-01." in " ".join(said.split())
    assert "It changed nothing." in said


def test_harvests_are_listed_newest_first_a_page_at_a_time(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(harvests, "PER_PAGE", 1)
    address, seen = "/member/runs?source=a", []
    while address:
        page = document(client.get(address))
        seen += page.xpath("//tbody//th/a/@href")
        address = page.xpath("string(//a[@rel='next']/@href)")

    assert seen == [f"/member/runs/{number}" for number in (4, 3, 1)]


def test_problems_are_told_with_how_they_are_mended_and_their_records(
    database: Database, client: FlaskClient
):
    kinds = text(client.get("/member/problems"))
    page = client.get("/member/problems?code=bad-isbn")
    bare = text(client.get("/member/problems?code=bad-isbn&system=other"))

    assert "Not an ISBN with a right check digit" in kinds
    assert "The next harvest" not in kinds
    assert "Batch record modification" in text(page)
    assert "Batch record modification" not in bare
    assert "Correct the record in your catalogue" in bare
    assert document(page).xpath("string(//select[@id='system']/option[@selected])") == "Koha"
    assert f"/member/records/{keys(database, 'a')[1]}" in document(page).xpath("//th/a/@href")


def test_the_file_of_a_problem_has_a_row_for_each_record(client: FlaskClient):
    answer = client.get("/member/problems/records.csv?code=bad-isbn")
    rows = answer.get_data(as_text=True).splitlines()

    assert rows[1:] == ['a:0,a,2,"020, 022",123,,1,bad-isbn']
    assert "attachment" in answer.headers["Content-Disposition"]


def test_a_record_is_shown_as_delivered_and_as_mapped_with_its_page_for_readers(
    database: Database, client: FlaskClient
):
    cluster = records.get(database, "a", "a:0").cluster
    page = client.get(f"/member/records/{keys(database, 'a')[1]}")
    unread = f"/member/records/{records.get(database, 'a', 'a:x').id}"

    assert "Sách của A" in text(page)
    assert document(page).xpath("//dd/a/@href") == [f"/record/{cluster}"]
    assert "could not be read, and is not in the catalogue" in text(client.get(unread))
    assert client.get(f"{unread}/raw").get_data() == b"<broken/>a:x"


def test_of_a_version_that_cannot_be_read_its_bytes_are_shown_beside_the_one_before(
    database: Database, client: FlaskClient
):
    page = client.get(f"/member/records/{records.get(database, 'a', 'a:late').id}")

    assert "the one before is in the catalogue" in text(page)
    assert "<broken/>a:late" in text(page)


def test_what_to_do_next_begins_with_what_keeps_records_out(database: Database):
    page = document(member(database, "B").get("/member/"))
    said = [" ".join(each.text_content().split()) for each in page.xpath("(//main//ul)[1]/li")]

    assert said[:2] == ["Records that could not be read: 1", "There is no record in it: 1"]
    assert {"/member/problems?code=bad-isbn"} < {*page.xpath("(//main//ul)[1]//a/@href")}


def test_quality_is_told_to_the_member_and_to_staff_alike(database: Database, client: FlaskClient):
    staff = inside(database, Role.VIEWER)
    before = text(client.get("/member/quality"))
    assert {"A", "B"} <= {*count_next(database, Event())}
    page, seen = client.get("/member/quality"), staff.get("/staff/members/A/quality")

    assert "Nothing was counted yet" in before
    assert document(page).xpath("//svg//polyline[contains(@class, 'first')]/@points")
    assert document(page).xpath("//tbody//text()") == document(seen).xpath("//tbody//text()")
    assert "/staff/members/A/quality" in document(staff.get("/staff/members/A")).xpath("//a/@href")


PAGES = (
    *("", "runs", "runs/1", "runs/1/problems/bad-isbn", "problems", "problems?code=bad-isbn"),
    *("records/1", "quality"),
)


def test_a_member_s_pages_ask_as_often_for_many_records_and_sources_as_for_one(
    sqlite_engine: Engine,
):
    with sqlite_engine.fresh() as url:
        opened = Database.open(url)
        add(opened, "a", "A")
        users.add(opened, "A", PASSWORD, Role.MEMBER, library="A")
        client = member(opened)
        own = [asked(opened, client)]
        for number in range(4):
            add(opened, f"a{number}", "A", size=4)
        own.append(asked(opened, client))
        opened.close()

    assert own[0] == own[1]
    assert max(own[0].values()) <= MOST


def asked(database: Database, client: FlaskClient) -> dict[str, int]:
    """Return how many statements each page takes, once a first one has been asked for."""
    counts = {}
    client.get("/member/")
    for place in PAGES:
        with counted(database) as sent:
            assert client.get(f"/member/{place}").status_code == 200
            counts[place] = sent()
    return counts


@pytest.mark.parametrize(
    ("crosswalk", "address", "system"),
    [
        ("", KOHA, "koha"),
        ("marc21-marc21.koha", "https://x.vn/oai", "koha"),
        ("", "https://x.vn/server/oai/request", "dspace"),
        ("", "https://x.vn/dspace-oai/request", "dspace"),
        ("", "https://x.vn/index.php/tapchi/oai", "ojs"),
        ("oai_dc-marc21.eprints", "https://x.vn/oai", "eprints"),
        ("", "https://x.vn/oai", ""),
    ],
)
def test_a_system_is_known_by_its_crosswalk_or_address(crosswalk: str, address: str, system: str):
    source = Source(name="s", library="L", protocol="oai-pmh", url=address, crosswalk=crosswalk)

    assert system_of(source) == system


def test_a_system_is_known_by_what_the_library_told_when_it_joined(database: Database):
    for told, system in (("Koha 23.05", "koha"), ("VTLS Virtua", "vtls"), ("Libol", "")):
        assert system_named(told) == system
    applications.add(
        database, Application(code="C", name="C", answers={"system": "DSpace 7"}), "an"
    )
    source = Source(name="c", library="C", protocol="oai-pmh", url="https://c.vn/oai")
    checks.stream(database, "C", source, By("an"))

    assert system_for(database, "C", "") == "dspace"
    assert system_for(database, "A", "") == "koha"


def test_only_changes_asked_for_are_told_as_a_window():
    asked = "http://x.vn/oai?verb=ListRecords&metadataPrefix=oai_dc"

    assert window(f"{asked}&from=2024-01-01&until=2024-02-01") == ("2024-01-01", "2024-02-01")
    assert window(asked) == ("", "")
    assert window("http://x.vn/oai?verb=ListRecords&resumptionToken=x") is None
    assert window("z3950://x.vn/db") is None


def test_advice_is_of_problems_and_systems_there_are_and_every_share_has_words():
    assert {code for code, _ in ADVICE} - set(WORDS) == set()
    assert {system for _, system in ADVICE} - set(SYSTEMS) == set()
    assert [code for code, _ in ADVICE if not own_step(code)] == []
    assert tuple(FIELDS) == NAMES
