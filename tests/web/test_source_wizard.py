"""Adding a source in five steps: nothing typed is lost, nothing is stored before the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from catalogue import credentials, libraries, sources
from catalogue.database import Database
from catalogue.model import Source
from catalogue.users import Role
from hub.sourcecheck import check
from support.files import books
from support.loopback import replying
from support.oai_source import Item, Repository, items
from support.staff import boxes, document, inside, line, post, text
from support.wizard import begin, onward, through

BROKEN = Item(identifier="x", payload="<q xmlns='urn:q'/>")
CHOSEN = {"name": "thu-vien", "library": "TV-1"}


@pytest.fixture
def client(database: Database) -> FlaskClient:
    return inside(database, check=check)


@pytest.fixture
def repository() -> Repository:
    return Repository(items=[*items(3), BROKEN], page_size=2)


@pytest.fixture
def url(repository: Repository) -> Iterator[str]:
    with replying(repository) as address:
        yield address


def test_a_source_is_added_step_by_step(client: FlaskClient, database: Database, url: str):
    page = begin(client, url)
    said = []
    for given in ({}, CHOSEN, {}):
        said.append(page.xpath("string(//p[@class='path'])"))
        page = document(onward(client, page, **given))
    said.append(page.xpath("string(//p[@class='path'])"))
    saved = onward(client, page, schedule="daily", at="03:15")

    assert said == [f"Step {number} of 5" for number in (2, 3, 4, 5)]
    assert saved.location == "/staff/sources/thu-vien"
    assert "Library TV-1 was not known and has been added" in text(client.get(saved.location))
    assert sources.get(database, "thu-vien").schedule == "daily 03:15"


def test_the_address_is_tested_and_its_formats_are_offered(client: FlaskClient, url: str):
    tested = begin(client, url)
    page = document(onward(client, tested))

    assert tested.xpath("count(//ol[@class='steps']/li)") == 8
    assert "Everything answers as it should" in tested.text_content()
    assert boxes(page)["name"] == "127.0.0.1"
    assert "oai_dc" in page.xpath("//select[@id='prefix']/option/@value")


def test_an_address_that_does_not_answer_is_explained_and_can_be_added_all_the_same(
    client: FlaskClient, database: Database
):
    address = "http://127.0.0.1:9/oai"
    page = begin(client, address)
    saved = through(client, address, **CHOSEN)

    assert page.xpath("//ol[@class='steps']/li[@class='failed']//p[@class='failure']/text()")
    assert "see what failed above" in page.text_content()
    assert saved.location == "/staff/sources/thu-vien"
    assert sources.get(database, "thu-vien").url == address


def test_records_are_shown_before_the_source_is_kept(
    client: FlaskClient, database: Database, url: str
):
    page = document(onward(client, begin(client, url)))
    shown = document(onward(client, page, **CHOSEN))

    assert len(shown.xpath("//section[@class='record']")) == 4
    assert "=245" in shown.xpath("string(//section[1]//div[@class='columns']/div[3]/pre)")
    assert "It could not be mapped" in shown.text_content()
    assert sources.all(database) == []


def test_a_dry_run_stores_nothing_and_says_what_it_would_store(
    client: FlaskClient, database: Database, url: str
):
    page = document(onward(client, begin(client, url)))
    page = document(onward(client, page, **CHOSEN))
    tried = document(onward(client, document(onward(client, page)), "Dry run", schedule="daily"))
    said = " ".join(tried.xpath("string(//div[@role='status'])").split())

    assert "3 would be stored, 0 are told to be deleted, 1 would go into quarantine." in said
    assert "That is all there is." in said
    assert tried.xpath("//div[@role='status']//span[contains(@class, 'badge')]/text()") == ["error"]
    assert boxes(tried)["schedule"] == "daily"
    assert sources.all(database) == []
    assert libraries.all(database) == []


def test_going_back_loses_nothing_that_was_typed(
    client: FlaskClient, repository: Repository, url: str
):
    repository.sets = ("van-hoc", "khoa-hoc")
    page = document(onward(client, begin(client, url)))
    page = document(onward(client, page, **CHOSEN, sets=["van-hoc"], encoding="tcvn3"))
    page = document(onward(client, page))
    typed = {"written": "thứ hai lúc 3h", "requests_per_minute": "30"}
    found = {}
    for _ in range(4):
        page = document(onward(client, page, "Back", **typed))
        typed = {}
        found[page.xpath("string(//p[@class='path'])")] = boxes(page)
    for _ in range(4):
        page = document(onward(client, page))
    last = boxes(page)

    assert list(found) == [f"Step {number} of 5" for number in (4, 3, 2, 1)]
    assert found["Step 1 of 5"]["url"] == url
    assert (last["name"], last["library"], last["encoding"]) == ("thu-vien", "TV-1", "tcvn3")
    assert (last["sets"], last["written"]) == ("van-hoc", "thứ hai lúc 3h")
    assert last["requests_per_minute"] == "30"


def test_sets_are_ticked_and_counted_where_the_server_tells(
    client: FlaskClient, database: Database, repository: Repository, url: str
):
    repository.sets = ("van-hoc", "khoa-hoc")
    page = document(onward(client, begin(client, url)))
    counted = document(onward(client, page, "Count", sets=["van-hoc"], **CHOSEN))
    saved = counted
    for _ in range(2):
        saved = document(onward(client, saved))
    onward(client, saved)

    assert len(counted.xpath("//input[@name='sets'][@type='checkbox']")) == 2
    assert counted.xpath("//label/span[@class='hint']")
    assert boxes(counted)["name"] == "thu-vien"
    assert sources.get(database, "thu-vien").sets == ("van-hoc",)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "a b"}, "cannot be a source's name"),
        ({"name": "taken"}, "taken"),
        ({"library": "no such code!"}, "code"),
    ],
)
def test_a_choice_that_cannot_be_is_said_at_its_step(
    client: FlaskClient, database: Database, url: str, wrong: dict[str, str], said: str
):
    taken = Source(name="taken", library="LIB", protocol="oai-pmh", url="http://x.vn/oai")
    sources.add(database, taken)
    page = document(onward(client, begin(client, url)))
    answer = onward(client, page, **CHOSEN | wrong)
    again = document(answer)

    assert answer.status_code == 400
    assert again.xpath("string(//p[@class='path'])") == "Step 3 of 5"
    assert said in again.xpath("string(//p[@role='alert'])")
    assert wrong.items() <= boxes(again).items()


@pytest.mark.parametrize("button", ["Add the source", "Dry run"])
def test_a_schedule_that_is_none_is_said_at_the_last_step(
    client: FlaskClient, database: Database, url: str, button: str
):
    page = document(onward(client, begin(client, url)))
    page = document(onward(client, document(onward(client, page, **CHOSEN))))
    answer = onward(client, page, button, written="now and then")
    again = document(answer)

    assert answer.status_code == 400
    assert again.xpath("string(//p[@class='path'])") == "Step 5 of 5"
    assert boxes(again)["written"] == "now and then"
    assert boxes(again)["name"] == "thu-vien"
    assert sources.all(database) == []


def test_the_last_button_pressed_twice_adds_once(client: FlaskClient, database: Database, url: str):
    page = document(onward(client, begin(client, url)))
    page = document(onward(client, document(onward(client, page, **CHOSEN))))
    places = {onward(client, page).location for _ in range(2)}

    assert places == {"/staff/sources/thu-vien"}
    assert [source.name for source in sources.all(database)] == ["thu-vien"]


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("file:", {"name", "library", "crosswalk", "encoding"}),
        ("sru+http://127.0.0.1:9/sru", {"name", "library", "prefix", "crosswalk", "encoding"}),
        ("z3950://127.0.0.1:9/db", {"name", "library", "prefix", "crosswalk", "encoding"}),
    ],
)
def test_other_protocols_are_asked_for_what_they_have(
    client: FlaskClient, database: Database, address: str, asked: set[str]
):
    page = document(onward(client, begin(client, address)))
    boxes_shown = page.forms[-1].xpath(".//*[self::input or self::select or self::textarea]")
    names = {box.get("name") for box in boxes_shown if box.get("type") != "hidden"}
    through(client, address, **CHOSEN)

    assert names == asked
    assert sources.get(database, "thu-vien").protocol == address.partition(":")[0].partition("+")[0]


def test_nobody_but_an_administrator_has_a_password_sent_to_a_new_server(database: Database):
    kept = credentials.Credentials(name="key", kind=credentials.Kind.BEARER, secret="x")
    credentials.put(database, b"k" * 32, kept)
    client = inside(database, Role.OPERATOR, check=check)
    given = {"url": "http://127.0.0.1:9/oai", "name": "a", "library": "L", "credentials": "key"}
    steps = ("look-source", "add-source/choice", "add-source/records", "add-source/dry-run")
    answers = [post(client, f"/staff/{step}", **given, count="yes") for step in steps]

    assert [answer.status_code for answer in answers] == [400] * 4
    assert all("only an administrator" in text(answer) for answer in answers)


def test_a_name_leads_to_no_folder_outside_of_the_inboxes(database: Database, tmp_path: Path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.mrc").write_bytes(books(1))
    (tmp_path / "incoming").mkdir()
    here = line(database, incoming=tmp_path / "incoming")
    client = inside(database, check=check, line=here)
    given = {"url": "file:", "name": "../outside", "library": "L", "count": "yes"}
    steps = ("look-source", "add-source/choice", "add-source/records", "add-source/dry-run")
    said = [text(post(client, f"/staff/{step}", **given)) for step in steps]

    assert [each for each in said if "secret" in each or "Sách số 1" in each] == []
    assert all("cannot be a source's name" in each for each in said[2:])


def test_a_step_without_a_form_leads_to_the_first(client: FlaskClient):
    steps = ("address", "choice", "records", "schedule", "dry-run")
    places = {client.get(f"/staff/add-source/{step}").location for step in steps}

    assert places == {"/staff/add-source"}


def test_where_many_are_asked_the_step_before_is_shown_with_all_that_was_typed(
    client: FlaskClient, url: str
):
    from web.staff.sources import outgoing

    page = document(onward(client, begin(client, url)))
    for _ in range(outgoing.AT_ONCE):
        assert outgoing.doors.acquire(blocking=False)
    try:
        answer = onward(client, page, **CHOSEN)
    finally:
        for _ in range(outgoing.AT_ONCE):
            outgoing.doors.release()

    assert answer.status_code == 503
    assert "try again in a minute" in text(answer)
    assert boxes(document(answer))["name"] == "thu-vien"


def test_markup_in_what_is_offered_is_text_all_the_way(
    client: FlaskClient, repository: Repository, url: str
):
    repository.items = [Item(identifier="<b>x</b>", payload=BROKEN.payload)]
    page = document(onward(client, begin(client, url)))
    page = document(onward(client, page, **CHOSEN))
    tried = document(onward(client, document(onward(client, page)), "Dry run"))

    assert tried.xpath("//main//b | //main//script") == []
    assert "<b>x</b>" in tried.text_content()
