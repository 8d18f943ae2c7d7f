"""Corrections by the REST interface: with a person's key, by role, written down, at every door."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from catalogue import users
from catalogue.accounts import keys
from catalogue.accounts.errors import NoSuchPersonKey
from catalogue.audit import store as audit
from catalogue.audit.store import Wanted
from catalogue.consumers import store
from catalogue.consumers.model import Consumer
from catalogue.database import Database
from catalogue.model import HubIdentity
from catalogue.users import Role
from support.engines import Engine
from support.filled import add_library, book, deliver, settle
from support.passwords import hashed_at_once
from support.staff import PASSWORD
from web.app import create_app
from web.security import LARGEST_BODY

cheap_passwords = pytest.fixture(scope="module", autouse=True)(hashed_at_once)

RECORDS = "/api/v1/records/000000001"
AT = f"{RECORDS}/corrections"
ADDED = "650 #7 $a Văn học $2 bkt"
REASON = "theo bộ từ khóa"


class Hub:
    """A hub of one record, as programs of its staff meet it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        add_library(database, "NLV", "Thư viện Quốc gia Việt Nam")
        deliver(database, "NLV", {"1": book("Số đỏ", author="Vũ Trọng Phụng", subject="Sai")})
        settle(database)
        self.client: FlaskClient = create_app(database, HubIdentity(), b"k" * 32).test_client()
        self.keys = {role: self.key_of(role.value, role) for role in (Role.VIEWER, Role.CATALOGUER)}

    def key_of(self, name: str, role: Role) -> str:
        users.add(self.database, name, PASSWORD, role)
        return keys.make(self.database, name, "thử", 30)[1]

    def ask(self, method: str, address: str, key: str | None = None, **more: Any) -> Any:
        bearer = self.keys[Role.CATALOGUER] if key is None else key
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        return self.client.open(address, method=method, headers=headers, **more)

    def correct(self, key: str | None = None, **sent: str) -> Any:
        return self.ask("POST", AT, key, json=sent)

    def subjects(self) -> list[str]:
        found: list[str] = self.client.get(RECORDS).get_json()["subjects"]
        return found


@pytest.fixture
def hub(sqlite_engine: Engine) -> Iterator[Hub]:
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        yield Hub(database)
        database.close()


@pytest.fixture(scope="module")
def standing(sqlite_engine: Engine) -> Iterator[Hub]:
    """Give a hub for what changes nothing in it."""
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        yield Hub(database)
        database.close()


def kind(answer: Any) -> tuple[int, str]:
    assert answer.mimetype == "application/problem+json"
    return answer.status_code, answer.get_json()["type"].rpartition("#")[2]


def test_a_correction_is_at_the_doors_before_it_is_answered_and_off_again(hub: Hub):
    before = hub.ask("GET", AT).get_json()
    made = hub.correct(kind="add", over=ADDED, reason=REASON, seen=before["seen"])
    told = made.get_json()

    assert made.status_code == 201
    assert made.headers["Location"] == told["url"]
    assert (told["person"], told["over"], told["state"]) == ("cataloguer", ADDED, "applied")
    assert hub.subjects() == ["Sai", "Văn học"]
    assert [each["number"] for each in hub.ask("GET", AT).get_json()["corrections"]] == [1]

    undone = hub.ask("DELETE", f"/api/v1/corrections/{told['number']}")

    assert undone.get_json()["undone_by"] == "cataloguer"
    assert hub.subjects() == ["Sai"]
    again = hub.ask("DELETE", f"/api/v1/corrections/{told['number']}")
    assert again.get_json() == undone.get_json()
    assert hub.ask("GET", "/api/v1/corrections/1").get_json() == undone.get_json()


def test_a_field_is_replaced_or_left_out_as_it_is_listed(hub: Hub):
    [line] = [each for each in hub.ask("GET", AT).get_json()["fields"] if each[:3] == "650"]

    replaced = hub.correct(kind="replace", beneath=line, over=ADDED, reason=REASON)
    assert (replaced.status_code, hub.subjects()) == (201, ["Văn học"])
    left_out = hub.correct(kind="suppress", beneath=ADDED, reason=REASON)
    assert (left_out.status_code, hub.subjects()) == (201, [])


def test_who_corrected_is_written_down_under_the_name_of_the_person(hub: Hub):
    hub.correct(kind="add", over=ADDED, reason=REASON)
    hub.ask("DELETE", "/api/v1/corrections/1")

    found = audit.entries(hub.database, Wanted(kind="overlay"), limit=9)
    assert [(each.who, each.act, each.address) for each in found] == [
        ("cataloguer", "corrections.undo", "127.0.0.1"),
        ("cataloguer", "corrections.make", "127.0.0.1"),
    ]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({}, (400, "bad-body")),
        ({"kind": "mend", "over": ADDED}, (400, "bad-body")),
        ({"kind": "add"}, (400, "bad-body")),
        ({"kind": "add", "over": ADDED, "beneath": ADDED}, (400, "bad-body")),
        ({"kind": "replace", "over": ADDED}, (400, "bad-body")),
        ({"kind": "add", "over": 650}, (400, "bad-body")),
        ({"kind": "add", "over": ADDED, "colour": "red"}, (400, "bad-body")),
        ({"kind": "add", "over": ADDED, "reason": "\0"}, (400, "bad-body")),
        ({"kind": "add", "over": ADDED, "reason": " "}, (400, "wrong-use")),
        ({"kind": "add", "over": "Văn học"}, (400, "bad-field-line")),
        ({"kind": "add", "over": "001 9"}, (400, "not-overlaid")),
        ({"kind": "add", "over": "650 #4 $a Sai"}, (409, "nothing-changes")),
        ({"kind": "suppress", "beneath": ADDED}, (409, "no-such-field")),
        ({"kind": "add", "over": ADDED, "seen": "before"}, (409, "master-changed")),
    ],
)
def test_what_cannot_be_corrected_is_told(standing: Hub, sent: dict[str, str], told):
    answer = standing.correct(**{"reason": REASON, **sent})

    assert kind(answer) == told
    assert standing.subjects() == ["Sai"]


@pytest.mark.parametrize(
    ("body", "type_", "told"),
    [
        (b"{", "application/json", (400, "bad-body")),
        (b"[]", "application/json", (400, "bad-body")),
        (b"[" * 30_000, "application/json", (400, "bad-body")),
        (b"\xff", "application/json", (400, "bad-body")),
        (b"kind=add", "application/x-www-form-urlencoded", (415, "body-type-unknown")),
        (b"{}", "", (415, "body-type-unknown")),
        (b" " * (LARGEST_BODY + 1), "application/json", (413, "")),
    ],
)
def test_what_is_no_json_is_not_taken(standing: Hub, body: bytes, type_: str, told):
    answer = standing.ask("POST", AT, data=body, content_type=type_)

    assert kind(answer) == (told[0], told[1] or "about:blank")


def test_what_is_not_there_cannot_be_corrected_or_taken_off(hub: Hub):
    for address in ("/api/v1/records/999999999/corrections", "/api/v1/records/%00/corrections"):
        assert kind(hub.ask("GET", address)) == (404, "no-such-cluster")
    for number in ("9", "0", "x", "9" * 30):
        address = f"/api/v1/corrections/{number}"
        assert kind(hub.ask("DELETE", address)) == (404, "no-such-overlay")
    deliver(hub.database, "NLV", {"1": None})
    settle(hub.database)
    assert kind(hub.ask("GET", AT)) == (409, "nowhere-shown")


def test_only_a_person_s_key_opens_corrections_and_only_to_their_role(standing: Hub):
    service = store.add(standing.database, Consumer(name="m"))
    sent = {"kind": "add", "over": ADDED, "reason": REASON}
    viewer = standing.keys[Role.VIEWER]

    assert kind(standing.correct("", **sent)) == (401, "person-needed")
    assert kind(standing.correct(service, **sent)) == (401, "person-needed")
    assert kind(standing.correct("ltp_guessed", **sent)) == (401, "key-unknown")
    assert kind(standing.correct(viewer, **sent)) == (403, "role-too-low")
    assert kind(standing.ask("DELETE", "/api/v1/corrections/1", viewer)) == (403, "role-too-low")
    assert kind(standing.ask("GET", AT, "")) == (401, "person-needed")
    assert standing.ask("GET", AT, viewer).status_code == 200
    assert standing.subjects() == ["Sai"]


def test_a_person_s_key_is_no_password_that_a_browser_would_send_by_itself(standing: Hub):
    key = standing.keys[Role.CATALOGUER]
    basic = "Basic " + b64encode(f"cataloguer:{key}".encode()).decode()
    answer = standing.client.post(AT, json={}, headers={"Authorization": basic})
    asked = standing.client.options(AT, headers={"Access-Control-Request-Method": "POST"})

    assert kind(answer) == (401, "key-unknown")
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert asked.headers["Allow"] == "GET, HEAD, POST, OPTIONS"


def test_a_person_s_key_opens_no_more_than_the_public_sees_elsewhere(standing: Hub):
    key = standing.keys[Role.CATALOGUER]

    assert kind(standing.ask("GET", "/api/v1/views/hub/records", key)) == (404, "no-such-resource")
    assert kind(standing.ask("GET", "/api/v1/clusters/000000001", key)) == (401, "key-needed")
    assert standing.ask("GET", "/oai?verb=Identify", key).status_code == 401


def test_another_role_password_or_end_makes_keys_void(hub: Hub):
    def opens(key: str) -> bool:
        return hub.ask("GET", AT, key).status_code == 200

    database = hub.database
    for number, change in enumerate((users.set_role, users.set_password, users.remove)):
        name = f"user{number}"
        key = hub.key_of(name, Role.CATALOGUER)
        assert opens(key)
        more = {0: (Role.OPERATOR,), 1: (f"{PASSWORD} khac",)}.get(number, ())
        change(database, name, *more)  # type: ignore[operator]
        assert not opens(key)
    key = hub.key_of("tam", Role.CATALOGUER)
    newest = keys.all(database)[0]
    assert (newest.user, newest.valid, newest.used is not None) == ("tam", True, False)
    assert opens(key)
    keys.revoke(database, newest.id)
    assert not opens(key)
    with pytest.raises(NoSuchPersonKey):
        keys.revoke(database, newest.id)


def test_a_key_ends_with_its_day(standing: Hub, monkeypatch: pytest.MonkeyPatch):
    # They may have been made in different seconds.
    made = max(keys.all(standing.database), key=lambda each: each.expires)
    monkeypatch.setattr("catalogue.accounts.keys.wall_clock", lambda: made.expires)

    assert kind(standing.ask("GET", AT)) == (401, "key-unknown")
    assert not keys.all(standing.database)[0].valid


def test_of_a_key_only_a_digest_is_kept(standing: Hub):
    with standing.database.reading() as connection:
        kept = str(connection.exec_driver_sql("SELECT * FROM person_key").all())

    assert all(key.removeprefix(keys.PREFIX) not in kept for key in standing.keys.values())


def test_a_members_key_corrects_nothing(standing: Hub):
    users.add(standing.database, "thanhvien", PASSWORD, Role.MEMBER, library="NLV")
    _, key = keys.make(standing.database, "thanhvien", "", 1)

    assert kind(standing.ask("GET", AT, key)) == (403, "role-too-low")
    assert kind(standing.correct(key, kind="add", over=ADDED)) == (403, "role-too-low")
