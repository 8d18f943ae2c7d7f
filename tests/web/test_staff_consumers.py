"""Consumers on screen: a key given and shown once, changed, taken back, and what was taken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete
from werkzeug.test import TestResponse

from catalogue.consumers import store, usage
from catalogue.consumers.model import Consumer, Served, Taken
from catalogue.database import Database
from catalogue.model import Sharing
from catalogue.people_tables import UserRow
from catalogue.sql import table
from catalogue.tables import ConsumerRow, TakenListRow, UsageRow
from catalogue.users import Role
from support.engines import Engine
from support.pages import Book, add_source, books, deliver, place_all
from support.staff import boxes, document, inside, post, text

FORM = {"name": "vufind", "title": "VuFind thử", "view": "members", "per_minute": "60"}
PAGE = "/staff/consumers/consumer/vufind"
NOW = 1_790_000_000


@pytest.fixture(scope="module")
def kept(sqlite_engine: Engine) -> Iterator[Database]:
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        add_source(database)
        deliver(database, "s1", *books([("a", Book())]))
        place_all(database)
        yield database
        database.close()


@pytest.fixture
def union(kept: Database) -> Database:
    """Give a hub without consumers; those of other tests are gone, names and all."""
    for each in (ConsumerRow, UsageRow, TakenListRow, UserRow):
        kept.writing(lambda connection, each=each: connection.execute(delete(table(each))))
    return kept


@pytest.fixture
def admin(union: Database) -> FlaskClient:
    return inside(union, Role.ADMIN)


def key_of(page: TestResponse) -> str:
    return str(document(page).xpath("string(//input[@id='key']/@value)"))


def cells(page: TestResponse) -> list[list[str]]:
    rows = document(page).xpath("//tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]


def test_a_key_is_shown_once_and_opens_the_door(union: Database, admin: FlaskClient) -> None:
    given = post(admin, "/staff/consumers/add", **FORM, sets="material:book")
    key = key_of(given)
    found = store.by_key(union, key)

    assert found is not None
    assert (found.title, found.view, found.sets, found.prefixes, found.per_minute) == (
        *("VuFind thử", Sharing.MEMBERS),
        *(("material:book",), (), 60),
    )
    assert given.headers["Cache-Control"] == "no-store"
    assert "shown only this once" in text(given)
    assert "a worker fills it" in text(given)
    assert key not in admin.get(PAGE).text + admin.get("/staff/consumers").text


def test_who_presses_twice_has_one_consumer_with_the_key_shown_last(
    union: Database, admin: FlaskClient
) -> None:
    keys = [key_of(post(admin, "/staff/consumers/add", **FORM)) for _ in range(2)]
    other = post(admin, "/staff/consumers/add", **FORM | {"title": "Bên khác"})

    assert [store.by_key(union, key) is None for key in keys] == [True, False]
    assert len(store.all(union)) == 1
    assert other.status_code == 400
    assert "There is, or was, a consumer vufind" in text(other)
    assert boxes(document(other))["title"] == "Bên khác"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "VuFind!"}, "cannot be the name of a consumer"),
        ({"sets": "no:such"}, "The hub has no set no:such"),
        ({"per_minute": "-1"}, "-1 is no limit"),
        ({"per_minute": "99999999999999999999"}, "is no limit of requests"),
        ({"per_minute": "2000000"}, "2000000 is no limit"),
        ({"per_minute": "٣"}, "is no limit"),
    ],
)
def test_what_cannot_be_is_told_and_what_was_typed_stays(
    union: Database, admin: FlaskClient, wrong: dict[str, str], said: str
) -> None:
    refused = post(admin, "/staff/consumers/add", **FORM | wrong)

    assert refused.status_code == 400
    assert said in text(refused)
    assert boxes(document(refused)).items() >= (FORM | wrong).items()
    assert store.all(union) == []


def test_what_a_consumer_may_is_changed_as_it_was_seen(union: Database, admin: FlaskClient) -> None:
    store.add(union, Consumer(name="vufind", prefixes=("marc21", "oai_dc")))
    form = boxes(document(admin.get(f"{PAGE}/change")))
    del form["csrf_token"]
    changed = post(admin, f"{PAGE}/change", **form | {"per_minute": "5"})
    stale = post(admin, f"{PAGE}/change", **form | {"per_minute": "7"})

    assert changed.headers["Location"] == PAGE
    assert stale.status_code == 400
    assert "Somebody changed consumer vufind" in text(stale)
    found = store.get(union, "vufind")
    # A form that a browser sends names each ticked box; a dict only the last one.
    assert (found.per_minute, found.prefixes) == (5, ("oai_dc",))


def test_the_form_names_the_sets_there_are(union: Database, admin: FlaskClient) -> None:
    page = document(admin.get("/staff/consumers/add"))
    told = [" ".join(each.text_content().split()) for each in page.xpath("//details//li")]

    assert "material:book Sách (books)" in told
    assert {each.split()[0] for each in told} >= {"library", "material", "material:book"}


def test_another_key_is_given_only_where_it_is_meant(union: Database, admin: FlaskClient) -> None:
    first = store.add(union, Consumer(name="vufind"))
    post(admin, f"{PAGE}/key")
    assert store.by_key(union, first) is not None

    second = key_of(post(admin, f"{PAGE}/key", sure="yes"))

    assert store.by_key(union, first) is None
    assert store.by_key(union, second) is not None


def test_a_key_is_taken_back_after_it_was_said_what_that_does(
    union: Database, admin: FlaskClient
) -> None:
    key = store.add(union, Consumer(name="vufind", title="VuFind"))

    assert "Its key is void at once" in text(admin.get(f"{PAGE}/remove"))
    assert post(admin, f"{PAGE}/remove").status_code == 302
    assert store.by_key(union, key) is None
    assert "Nobody has a key yet" in text(admin.get("/staff/consumers"))
    assert admin.get(PAGE).status_code == 404


def filled(database: Database) -> None:
    """Have a consumer take two lists, one of them whole, and somebody without a key search."""
    store.add(database, Consumer(name="vufind"))
    one = store.get(database, "vufind").id
    whole = Taken("ListRecords", "oai_dc", "", 0, NOW, 100, 100)
    part = Taken("ListIdentifiers", "marc21", "library:A", NOW - 9, NOW, 4200, 96000)
    usage.keep(
        database,
        [
            Served(one, NOW, "oai", 100, 20_000, whole),
            Served(one, NOW, "oai", 100, 20_000, part),
            Served(0, NOW, "sru", 3, 1000),
        ],
    )


def test_what_was_taken_is_told_by_day_door_and_list(union: Database) -> None:
    filled(union)
    client = inside(union, Role.VIEWER)
    shown = cells(client.get(PAGE))
    everybody = cells(client.get("/staff/consumers/usage?lang=vi"))
    day = datetime.fromtimestamp(NOW, UTC)

    assert shown[0] == [f"{day:%-d %b %Y}", "OAI-PMH", "2", "200", "40,000"]
    assert [row[-3:] for row in shown[1:]] == [["4,200", "96,000", "no"], ["100", "100", "yes"]]
    assert everybody[0] == [f"{day:%d/%m/%Y}", "không có khóa", "SRU", "1", "3", "1.000"]
    assert cells(client.get("/staff/consumers?lang=en"))[0][-1] == f"{day:%-d %b %Y}"


def test_who_may_do_what(union: Database) -> None:
    store.add(union, Consumer(name="vufind"))
    operator = inside(union)

    assert "Give a key" not in text(operator.get("/staff/consumers"))
    assert "Another key" not in text(operator.get(PAGE))
    for address in ("/staff/consumers/add", f"{PAGE}/change", f"{PAGE}/remove"):
        assert operator.get(address).status_code == 403
        assert post(operator, address, **FORM, sure="yes").status_code == 403
    assert post(operator, f"{PAGE}/key", sure="yes").status_code == 403
    assert store.get(union, "vufind").view is Sharing.PUBLIC
