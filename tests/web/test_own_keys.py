"""Keys of one's own, made on a page of either door, and what a member's opens at ``/api/v1``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from catalogue import users
from catalogue.accounts import keys
from catalogue.audit import store as audit
from catalogue.audit.store import Wanted
from catalogue.consumers import store
from catalogue.consumers.model import Consumer
from catalogue.database import Database
from catalogue.holdings import listing
from catalogue.model import HubIdentity, Sharing
from catalogue.overlays import making
from catalogue.overlays.making import By
from catalogue.overlays.model import Change, Kind
from catalogue.overlays.notation import read
from catalogue.records import get
from catalogue.users import Role
from crosswalks.model import Control, Record
from harvester.mailing import NONE, MailSettings
from scheduler.alerts.model import Teller
from support import listed
from support.engines import Engine
from support.filled import add_library, book, deliver, settle
from support.lines import wait_until
from support.receivers import mail_server
from support.staff import PASSWORD, boxes, document, hub, line, sign_in_at, text, visitor
from web.alerts.letters import Letters

OWN = "/api/v1/own"


def record(number: str, title: str = "Truyện Kiều", **more: str) -> Record:
    made = book(title, author="Nguyễn Du", year="1985", **more)
    return replace(made, fields=(Control("001", number), *made.fields))


@pytest.fixture
def database(sqlite_engine: Engine) -> Iterator[Database]:
    """Give a hub in which B knows a subject that A does not, with people of both and of staff."""
    with sqlite_engine.fresh() as url:
        opened = Database.open(url)
        for code in "AB":
            add_library(opened, code, f"Thư viện {code}")
            users.add(opened, f"lib{code}", PASSWORD, Role.MEMBER, library=code)
        for role in (Role.CATALOGUER, Role.VIEWER):
            users.add(opened, role.value, PASSWORD, role)
        deliver(opened, "A", {"a1": record("a1")})
        deliver(opened, "B", {"b1": record("b1", subject="Văn học")})
        settle(opened)
        yield opened
        opened.close()


def signed_in(database: Database, name: str, door: str = "member") -> FlaskClient:
    client = visitor(database)
    sign_in_at(client, door, name)
    return client


def make(client: FlaskClient, door: str = "member", title: str = "Koha") -> str:
    form = boxes(document(client.get(f"/{door}/keys")))
    page = document(client.post(f"/{door}/keys", data=form | {"title": title}))
    return str(page.xpath("string(//input[@id='key']/@value)"))


def ask(database: Database, key: str, address: str, method: str = "GET", **more: Any) -> Any:
    headers = {"Authorization": f"Bearer {key}"}
    return visitor(database).open(f"{OWN}{address}", method=method, headers=headers, **more)


@pytest.mark.parametrize(("door", "name"), [("member", "libA"), ("staff", "cataloguer")])
def test_a_key_is_shown_once_and_revoked(database: Database, door: str, name: str):
    client = signed_in(database, name, door)
    link = document(client.get(f"/{door}/account")).xpath(f"//a[@href='/{door}/keys']")
    twice = [make(client, door), make(client, door)]
    page = client.get(f"/{door}/keys")
    [kept] = keys.all(database)
    held = [keys.holder(database, key) for key in twice]
    form = boxes(document(page), 1)
    gone = [client.post(f"/{door}/keys/revoke", data=form).status_code for _ in range(2)]

    assert link
    assert (kept.user, kept.title) == (name, "Koha")
    assert held[0] is None
    assert held[1] is not None
    assert twice[1] not in page.text
    assert "Koha" in text(page)
    assert gone == [302, 302]
    assert keys.all(database) == []
    acts = [each.act for each in audit.entries(database, Wanted(), limit=9)]
    assert {f"{door}.make_key", f"{door}.revoke_key"} <= set(acts)


def test_who_has_a_key_made_is_told_by_mail(database: Database):
    users.set_mail(database, "libA", "a@example.vn")
    with mail_server() as box:
        where = MailSettings(host="127.0.0.1", port=box.port, tls=NONE, timeout=5)
        wording = Letters(identity=HubIdentity())
        teller = Teller(line=line(database), wording=wording, mail=where)
        client = hub(database, teller=teller)
        sign_in_at(client, "member", "libA")
        make(client)
        wait_until(lambda: bool(box.letters))

    assert box.letters[0]["To"] == "a@example.vn"
    assert "A key for programs was made for libA" in " ".join(box.texts[0].split())


def test_nobody_sees_or_revokes_a_key_of_another(database: Database):
    make(signed_in(database, "libA"), title="Của A")
    other = signed_in(database, "libB")
    [number] = [str(each.id) for each in keys.all(database)]
    data = boxes(document(other.get("/member/keys"))) | {"number": number}

    assert "Của A" not in text(other.get("/member/keys"))
    assert other.post("/member/keys/revoke", data=data).status_code == 404
    assert len(keys.all(database)) == 1


def test_a_key_says_what_it_is_for_and_there_are_not_more_than_can_be_looked_after(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    client = signed_in(database, "libA")
    monkeypatch.setattr("catalogue.accounts.keys.MOST", 1)
    form = boxes(document(client.get("/member/keys")))
    nameless = client.post("/member/keys", data=form | {"title": "  "})
    make(client)
    full = client.post("/member/keys", data=form | {"title": "Khác"})

    assert (nameless.status_code, full.status_code) == (400, 400)
    assert "say what the key is for" in text(nameless)
    assert "You have 1 keys already" in text(full)
    assert 'value="Khác"' in full.text


def test_a_key_of_a_member_reads_its_own_records_and_no_others(database: Database):
    cluster = get(database, "a", "a1").cluster
    change = Change(kind=Kind.ADD, over=read("500 ## $a In lần đầu"))
    making.make(database, cluster, change, By("lan", "theo sách"))
    settle(database)
    mine, theirs = (make(signed_in(database, name)) for name in ("libA", "libB"))
    [better] = ask(database, mine, "/improved").get_json()["records"]
    offers = ask(database, mine, "/corrections").get_json()["corrections"]

    assert "Văn học" in str(better["marc"])
    assert [each["name"] for each in offers] == ["a/a1"]
    others = ask(database, theirs, "/corrections").get_json()["corrections"]
    assert [each["name"] for each in others] == ["b/b1"]
    assert ask(database, mine, "/improved?library=B").status_code == 400


def test_pages_of_a_members_list_go_on_in_its_own_list_alone(database: Database):
    titles = ("Tắt đèn", "Số đỏ")
    for code, more in (("A", {}), ("B", {"subject": "Thơ"})):
        some = {f"{code}{n}": record(f"{code}{n}", each, **more) for n, each in enumerate(titles)}
        deliver(database, code, some)
    settle(database)
    mine, theirs = (make(signed_in(database, name)) for name in ("libA", "libB"))
    address, numbers, refused = "/improved?limit=2", [], 0
    while address:
        page = ask(database, mine, address).get_json()
        numbers += [each["number"] for each in page["records"]]
        address = (page["next"] or "").partition(OWN)[2]
        refused += bool(address) and ask(database, theirs, address).status_code == 400

    assert sorted(numbers) == ["A0", "A1", "a1"]
    assert refused == 1


def test_a_member_says_by_a_key_what_it_has(database: Database):
    deliver(database, "B", {"b2": book("Tắt đèn")})
    settle(database)
    key = make(signed_in(database, "libA"))
    at = f"/holdings/{get(database, 'b', 'b2').cluster}"
    said = {"call_number": "895.9 N", "summary": "T.1"}
    made = [ask(database, key, at, "POST", json=said) for _ in range(2)]
    bad = [ask(database, key, at, "POST", json=body) for body in ({"x": "1"}, {"location": 1})]
    listed.settle(database)
    shown = ask(database, key, at).get_json()["holdings"]
    dropped = [ask(database, key, at, "DELETE").get_json()["holdings"] for _ in range(2)]

    assert [each.status_code for each in (*made, *bad)] == [201, 201, 400, 400]
    nothing = {"location": "", "local_number": ""}
    assert shown == [{**said, **nothing, "found": "matched"}]
    assert dropped == [[], []]
    assert [each.rows for each in listing.lists(database, "A")] == [0]
    acts = {each.act for each in audit.entries(database, Wanted(), limit=9)}
    assert {"own.say_held", "own.say_dropped"} <= acts
    assert ask(database, key, "/holdings/000000099").status_code == 404


def test_who_is_no_member_gets_nothing_of_a_members_own(database: Database):
    staff = make(signed_in(database, "viewer", "staff"), "staff")
    service = store.add(database, Consumer(name="vufind"))

    answers = [ask(database, key, "/problems") for key in (staff, service)]
    assert [each.status_code for each in answers] == [403, 401]
    assert "/member/keys" in answers[1].get_json()["detail"]


def test_a_member_sees_the_services_that_harvest_for_it(database: Database):
    for library in "AB":
        named = Consumer(name=f"portal-{library.lower()}", library=library, view=Sharing.PUBLIC)
        store.add(database, named)
    page = text(signed_in(database, "libA").get("/member/keys"))

    assert "portal-a" in page
    assert "portal-b" not in page
    assert "/oai" in page
