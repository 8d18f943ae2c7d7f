"""The members' door: a member library sees its own and no other's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from catalogue import libraries, records, users
from catalogue.database import Database
from catalogue.model import Library
from catalogue.overlays import making
from catalogue.overlays.making import By
from catalogue.overlays.model import Change, Kind
from catalogue.overlays.notation import read
from catalogue.users import Role
from support.engines import Engine
from support.filled import add_library, book, deliver, settle
from support.staff import PASSWORD, document, hub, sign_in_at, text
from support.staff import sign_in as sign_in_as_staff


@pytest.fixture(scope="module")
def database(sqlite_engine: Engine) -> Iterator[Database]:
    """Give a hub of two libraries, each with one source and one user."""
    with sqlite_engine.fresh() as url:
        opened = Database.open(url)
        for code, name in (("NLV", "Thư viện Quốc gia"), ("HUST", "Thư viện Tạ Quang Bửu")):
            add_library(opened, code, name)
            deliver(opened, code, {"one": book("Sách")})
            users.add(opened, code, PASSWORD, Role.MEMBER, library=code)
        users.add(opened, "minh", PASSWORD, Role.ADMIN)
        yield opened
        opened.close()


def member(database: Database, name: str = "HUST") -> FlaskClient:
    client = hub(database)
    assert sign_in_at(client, "member", name).location == "/member/"
    return client


def test_a_member_sees_its_own_sources_and_harvests_only(database: Database):
    said = text(member(database).get("/member/"))
    theirs = text(member(database, "NLV").get("/member/"))

    assert "Thư viện Tạ Quang Bửu" in said
    assert "Thư viện Quốc gia" not in said
    assert [run in said for run in ("Harvest 1", "Harvest 2")] == [False, True]
    assert [run in theirs for run in ("Harvest 1", "Harvest 2")] == [True, False]


def test_a_member_gets_no_page_of_staff_and_no_link_to_one(database: Database):
    client = member(database)
    links = document(client.get("/member/")).xpath("//a/@href | //form/@action")

    assert client.get("/staff/sources").location.startswith("/staff/login")
    assert [link for link in links if link.startswith("/staff")] == []


PLACES = ("", "/file.csv", "/file.mrc", "/file.xml")


@pytest.fixture(scope="module")
def corrected(database: Database) -> Database:
    """Give the same with a correction of a record of each library."""
    for code in ("NLV", "HUST"):
        deliver(database, code, {"two": book(f"Sách của {code}")})
    settle(database)
    for code in ("NLV", "HUST"):
        cluster = records.get(database, code.lower(), "two").cluster
        line = f"500 ## $a Sửa cho {code}"
        making.make(database, cluster, Change(kind=Kind.ADD, over=read(line)), By("lan", "sai"))
    settle(database)
    return database


@pytest.mark.parametrize("place", PLACES)
def test_a_member_is_given_what_was_corrected_of_its_own_records_only(
    corrected: Database, place: str
):
    mine, theirs = (
        member(corrected, name).get(f"/member/corrections{place}?code=NLV&library=NLV")
        for name in ("HUST", "NLV")
    )

    assert "Sửa cho HUST" in mine.get_data(as_text=True)
    assert "Sửa cho NLV" not in mine.get_data(as_text=True)
    assert "Sửa cho NLV" in theirs.get_data(as_text=True)
    assert member(corrected).get("/staff/corrections").status_code == 302


def test_corrections_of_one_s_own_records_are_paged(corrected: Database):
    client = member(corrected)
    cluster = records.get(corrected, "hust", "two").cluster

    assert "Nothing that you have not" in text(client.get("/member/corrections?after=99999"))
    assert client.get(f"/member/corrections?after={2**63}").status_code == 404
    assert "Sửa cho HUST" in text(client.get(f"/member/corrections?after={int(cluster) - 1}"))


def test_nothing_in_an_address_names_another_library(database: Database):
    client = member(database)

    assert "Thư viện Quốc gia" not in text(client.get("/member/?library=NLV&code=NLV"))
    assert client.get("/member/NLV").status_code == 404


@pytest.mark.parametrize(("door", "name"), [("staff", "NLV"), ("member", "minh")])
def test_who_comes_to_the_wrong_door_is_shown_the_other_and_not_let_in(
    database: Database, door: str, name: str
):
    client = hub(database)
    answer = sign_in_at(client, door, name)
    other = {"staff": "/member/login", "member": "/staff/login"}[door]

    assert answer.status_code == 403
    assert other in document(answer).xpath("//main//a/@href")
    assert client.get("/staff/sources").status_code == 302
    assert client.get("/member/").status_code == 302


def test_the_session_of_one_door_is_not_sent_to_the_other(database: Database):
    sent = sign_in_at(hub(database), "member", "NLV").headers["Set-Cookie"]
    staff = sign_in_as_staff(hub(database), "minh").headers["Set-Cookie"]

    assert "Path=/member" in sent
    assert "Path=/staff" in staff


def test_a_member_changes_the_own_password_behind_the_own_door(database: Database):
    libraries.add(database, Library(code="NEW"))
    users.add(database, "moi", PASSWORD, Role.MEMBER, library="NEW")
    client = member(database, "moi")
    form = document(client.get("/member/account"))
    token = form.xpath("string(//input[@name='csrf_token']/@value)")
    new = "mot mat khau khac han"
    data = {"csrf_token": token, "old": PASSWORD, "new": new, "again": new}

    assert client.post("/member/account/password", data=data).location == "/member/account"
    assert sign_in_at(hub(database), "member", "moi", new).status_code == 302
