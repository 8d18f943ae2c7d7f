"""The table of permissions against the application: each address with each role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalogue import libraries, users
from catalogue.database import Database
from catalogue.model import Library
from catalogue.users import Role
from hub.sourcecheck import check
from support.engines import Engine
from support.staff import PASSWORD, boxes, document, hub, line
from support.staff import sign_in_at as sign_in
from web.staff.permissions import Permission, permissions

ROLES = (None, *Role)
CLIENTS = dict[Role | None, FlaskClient]
BEHIND = [each for each in permissions() if each.address.startswith(("/staff", "/member"))]
STAFF = [role for role in Role if role is not Role.MEMBER]


@pytest.fixture(scope="module")
def clients(sqlite_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CLIENTS]:
    """Give somebody of each role who has signed in, and somebody who has not."""
    folder = tmp_path_factory.mktemp("instance")
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        own = {"line": line(database, incoming=folder), "baskets": folder, "check": check}
        libraries.add(database, Library(code="NLV"))
        entered: CLIENTS = {None: hub(database, **own)}
        for role in Role:
            library = "NLV" if role is Role.MEMBER else ""
            users.add(database, role.value, PASSWORD, role, library=library)
            entered[role] = hub(database, **own)
            door = "member" if role is Role.MEMBER else "staff"
            assert sign_in(entered[role], door, role.value).status_code == 302
        yield entered
        database.close()


def routes(app: Flask) -> set[tuple[str, str, str]]:
    return {
        (rule.endpoint, method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not rule.build_only
    }


def address(permission: Permission) -> str:
    chosen = re.sub(r"<any\((\w+).*?>", r"\1", permission.address)
    return re.sub("<[^>]+>", "x", re.sub(r"<int(\(.*?\))?:\w+>", "1", chosen))


def may(role: Role | None, permission: Permission) -> bool:
    wanted = permission.role
    if wanted == "everybody":
        return True
    door = "member" if role is Role.MEMBER else "staff"
    if wanted == "signed-in":
        return role is not None and permission.address.startswith(f"/{door}")
    return role is not None and role.may(Role(wanted))


TOKENS: dict[FlaskClient, str] = {}


def token_of(client: FlaskClient) -> str:
    """Return what the forms of a client's session carry, asked for once."""
    if client not in TOKENS:
        pages = (client.get(where) for where in ("/staff/account", "/member/account"))
        shown = [page for page in pages if page.status_code == HTTPStatus.OK]
        TOKENS[client] = boxes(document(shown[0]), 0)["csrf_token"] if shown else ""
    return TOKENS[client]


def ask(client: FlaskClient, role: Role | None, permission: Permission) -> int:
    if permission.method == "GET":
        return client.get(address(permission), buffered=True).status_code
    # No session at the other door, hence no form from there that could be sent.
    door = "/member" if role is Role.MEMBER else "/staff"
    data = {"csrf_token": token_of(client)} if permission.address.startswith(door) else {}
    status = client.post(address(permission), data=data, buffered=True).status_code
    if permission.role == "signed-in":
        # Some of these begin a new session.
        TOKENS.pop(client, None)
    return status


def refused(permission: Permission, role: Role | None, status: int) -> bool:
    """Tell whether an answer is a closed door: no right, no session, or no form of this session."""
    door = "/member" if role is Role.MEMBER else "/staff"
    if role is None or not permission.address.startswith(door):
        return status in (302, 400) if permission.method == "POST" else status == 302
    return status == 403


def test_every_address_is_in_the_table_and_nothing_else(clients: CLIENTS):
    told = {(each.endpoint, each.method, each.address) for each in permissions()}

    assert told == routes(clients[None].application)


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_each_role_may_what_the_table_says_and_no_more(clients: CLIENTS, role: Role | None):
    # Whoever signs out can try nothing else; signing in and out is open to all.
    tried = [each for each in BEHIND if each.role != "everybody"]
    differing = []
    for permission in tried:
        status = ask(clients[role], role, permission)
        if refused(permission, role, status) is may(role, permission):
            differing.append((permission.method, permission.address, status))

    assert differing == []


def test_what_is_for_everybody_is_open_to_who_is_not_signed_in(clients: CLIENTS):
    # Who comes to the code without a password is led back to the door.
    pages = [
        each
        for each in permissions()
        if (each.role, each.method) == ("everybody", "GET") and not each.address.endswith("/code")
    ]
    answers = {each.address: clients[None].get(address(each)) for each in pages}

    assert [where for where, answer in answers.items() if answer.status_code in (302, 403)] == []


def test_every_role_can_be_had_and_is_named_in_the_table():
    assert {each.role for each in BEHIND} == {*map(str, Role), "signed-in", "everybody"}


def test_what_changes_something_says_what_and_what_does_not_says_why():
    posted = [each for each in permissions() if each.method != "GET"]
    reasons = {"audit", "own file", "own session", "asks only"}

    assert [each for each in posted if each.kept not in reasons or not each.label] == []
    assert [each for each in permissions() if each.method == "GET" and each.kept] == []


@pytest.mark.parametrize("role", [None, Role.ADMIN, Role.MEMBER], ids=str)
def test_nothing_is_posted_without_the_token_of_the_session(clients: CLIENTS, role: Role | None):
    posted = [address(each) for each in BEHIND if each.method != "GET"]
    # As htmx does, and as a form.
    headers = {"HX-Request": "true"} if role else {}
    answers = {where: clients[role].post(where, headers=headers).status_code for where in posted}

    assert {where: status for where, status in answers.items() if status != 400} == {}


@pytest.mark.parametrize("where", ["/staff", "/staff/sources", "/staff/users", "/member/"])
def test_who_is_not_signed_in_is_led_to_the_door(clients: CLIENTS, where: str):
    door = where.split("/")[1]

    assert clients[None].get(where).location.startswith(f"/{door}/login?next=")
