"""The page of what people changed: who may look, what it shows, how it is cut down."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from catalogue import libraries
from catalogue.audit import acting
from catalogue.audit.acting import Act, Way
from catalogue.audit.watched import WATCHED
from catalogue.database import Database
from catalogue.model import Library
from catalogue.users import Role
from support.engines import Engine
from support.staff import document, inside, post, text
from web.staff.audit.words import KINDS

CHANGES = 60


@pytest.fixture(scope="module")
def admin(sqlite_engine: Engine) -> Iterator[FlaskClient]:
    """Give an administrator of a hub in which somebody renamed a library many times."""
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        client = inside(database, Role.ADMIN)
        libraries.add(database, Library(code="NLV", name="Tên 0"))
        for number in range(1, CHANGES + 1):
            act = Act(who="lan", way=Way.COMMAND, address="may-1", act="libraries change")
            with acting.during(act):
                libraries.change(database, "NLV", name=f"Tên {number}")
        yield client
        database.close()


def rows(client: FlaskClient, **asked: str) -> list[str]:
    page = document(client.get("/staff/audit", query_string=asked))
    return [" ".join(row.text_content().split()) for row in page.xpath("//tbody/tr")]


def test_what_was_and_what_is_stand_side_by_side(admin: FlaskClient):
    page = document(admin.get("/staff/audit?who=lan"))

    assert page.xpath("string(//tbody/tr[1]//del)") == "Tên 59"
    assert page.xpath("string(//tbody/tr[1]//ins)") == "Tên 60"
    assert "lienthong libraries change" in rows(admin, who="lan")[0]
    assert "library NLV" in rows(admin, who="lan")[0]


def test_it_is_turned_page_by_page(admin: FlaskClient):
    page = document(admin.get("/staff/audit?who=lan"))
    [older] = page.xpath("//a[contains(., 'Older')]/@href")
    rest = document(admin.get(older)).xpath("//tbody/tr//ins/text()")

    assert len(rows(admin, who="lan")) == 50
    assert rest == [f"Tên {number}" for number in range(10, 0, -1)]


def test_it_is_cut_down_by_kind_name_and_day(admin: FlaskClient):
    post(admin, "/staff/users/add", name="Minh", role="viewer")

    assert len(rows(admin, kind="user_account")) == 1
    assert "Invite a user user Minh" in rows(admin, object="Minh")[0]
    assert rows(admin, day="2020-01-01") == []
    assert rows(admin, day="no day") != []
    assert "Nothing like that" in text(admin.get("/staff/audit?who=nobody"))


def test_every_kind_of_thing_has_a_name():
    assert {*KINDS} == {*WATCHED, "sign_in"}


def test_it_is_told_in_vietnamese(admin: FlaskClient):
    said = text(admin.get("/staff/audit?kind=sign_in&lang=vi"))
    admin.get("/staff/audit?lang=en")

    assert "Nhật ký thay đổi" in said
    assert "đúng mật khẩu có" in said
    assert "Đăng nhập" in said


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
def test_only_administrators_see_it(database: Database, role: Role):
    client = inside(database, role)

    assert client.get("/staff/audit").status_code == 403
    assert "/staff/audit" not in document(client.get("/staff/sources")).xpath("//a/@href")
