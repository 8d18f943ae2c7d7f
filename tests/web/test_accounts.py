"""Accounts on screen: a second factor, links that let in once, a forgotten password, a new hub."""

from __future__ import annotations

import re
from base64 import b32encode
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from catalogue import users
from catalogue.accounts import tickets
from catalogue.database import Database
from catalogue.model import HubIdentity
from catalogue.users import Role
from harvester.mailing import NONE, MailSettings
from scheduler.alerts.model import Teller
from support.factor import code_of, give_code, later, secret_of, set_up
from support.filled import add_library
from support.lines import wait_until
from support.qr import drawn, read
from support.receivers import Postbox, mail_server
from support.staff import (
    PASSWORD,
    boxes,
    document,
    hub,
    inside,
    line,
    post,
    sign_in,
    sign_in_at,
    text,
)
from web.alerts.letters import Letters
from web.qrcode import picture
from web.staff.room import Accounts

NEW = "thuyen giay qua song"


def test_after_the_password_comes_the_code_and_only_then_one_is_in(database: Database):
    secret, kept = set_up(inside(database))
    later(database)
    client = hub(database)
    halfway = sign_in(client, "operator", to="/staff/runs")
    outside = client.get("/staff/sources")
    wrong = give_code(client, "000000")
    right = give_code(client, code_of(secret))

    assert len(document(kept).xpath("//main//li/code")) == 8
    assert halfway.location.startswith("/staff/code")
    assert outside.status_code == 302
    assert (wrong.status_code, "This code is not right" in text(wrong)) == (403, True)
    assert right.status_code == 302
    assert client.get("/staff/sources").status_code == 200


def test_setting_it_up_ends_the_other_sessions_and_asks_for_the_password(database: Database):
    here, elsewhere = inside(database), hub(database)
    sign_in(elsewhere, "operator")
    _, refused = set_up(here, old="not my password")
    _, kept = set_up(here)

    assert (refused.status_code, kept.status_code) == (400, 200)
    assert here.get("/staff/sources").status_code == 200
    assert elsewhere.get("/staff/sources").status_code == 302


def test_the_code_can_be_of_those_kept_for_the_loss_of_the_telephone(database: Database):
    _, kept = set_up(inside(database))
    code = document(kept).xpath("string(//main//li/code)")
    client = hub(database)
    sign_in(client, "operator")

    assert give_code(client, code).status_code == 302
    assert "7 of the codes" in text(client.get("/staff/account"))


@pytest.mark.parametrize("door", ["staff", "member"])
def test_a_telephone_scans_the_address_that_has_the_secret(database: Database, door: str):
    add_library(database, "HUST", "Thư viện Tạ Quang Bửu")
    role = Role.MEMBER if door == "member" else Role.VIEWER
    users.add(database, "Mỹ", PASSWORD, role, library="HUST" if door == "member" else "")
    client = hub(database)
    sign_in_at(client, door, "Mỹ")
    page = client.get(f"/{door}/account/factor")
    [address] = document(page).xpath("//a[starts-with(@href, 'otpauth:')]/@href")
    [told] = document(page).xpath("//main//svg[@role='img']/title/text()")

    assert read(*drawn(document(page))) == address
    assert parse_qs(urlsplit(address).query)["secret"] == [b32encode(secret_of(page)).decode()]
    assert told == "QR code of the secret that stands below"


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=75, max_size=180))
@settings(max_examples=20, deadline=None)
def test_what_is_drawn_reads_back(name: str):
    text = f"otpauth://totp/{name}"
    shown = html.document_fromstring(f"<body>{picture(text, 'a < b')}</body>")

    assert read(*drawn(shown)) == text


def test_a_hub_whose_name_no_code_holds_still_tells_the_secret():
    assert picture("x" * 3000, "title") == ""


def test_nobody_comes_to_the_code_without_the_password(database: Database):
    set_up(inside(database))
    client = hub(database)

    assert client.get("/staff/code").location.startswith("/staff/login")


def test_who_took_too_long_between_password_and_code_begins_anew(database: Database):
    set_up(inside(database))
    client = hub(database)
    sign_in(client, "operator")
    with client.session_transaction(path="/staff") as session:
        session["half"][2] -= 301
        session.modified = True

    assert client.get("/staff/code").location.startswith("/staff/login")


def test_a_role_that_cannot_do_without_sets_it_up_before_anything_else(database: Database):
    accounts = Accounts(factor_for=frozenset({Role.OPERATOR}))
    client = inside(database, accounts=accounts)
    before = [client.get(each).location for each in ("/staff/sources", "/staff/runs")]
    page = text(client.get("/staff/account/factor"))
    set_up(client)
    form = {"old": PASSWORD}
    kept = text(client.get(post(client, "/staff/account/factor/off", **form).location))

    assert before == ["/staff/account/factor"] * 2
    assert "Your role cannot do without one" in page
    assert client.get("/staff/sources").status_code == 200
    assert "Your role cannot do without a second factor." in kept
    assert users.get(database, "operator").has_factor


def test_it_is_given_up_with_the_password_or_taken_away_by_an_administrator(database: Database):
    client = inside(database)
    set_up(client)
    post(client, "/staff/account/factor/off", old="not my password")
    still = users.get(database, "operator").has_factor
    post(client, "/staff/account/factor/off", old=PASSWORD)
    given_up = users.get(database, "operator").has_factor
    set_up(client)
    admin = inside(database, Role.ADMIN)
    post(admin, "/staff/users/operator/factor")

    assert (still, given_up) == (True, False)
    assert not users.get(database, "operator").has_factor
    assert post(admin, "/staff/users/operator/factor").status_code == 400


@pytest.fixture
def box() -> Iterator[Postbox]:
    with mail_server() as opened:
        yield opened


def with_mail(database: Database, box: Postbox) -> dict[str, Teller]:
    mail = MailSettings(host="127.0.0.1", port=box.port, tls=NONE, timeout=5)
    wording = Letters(identity=HubIdentity())
    return {"teller": Teller(line=line(database), wording=wording, mail=mail)}


def ask(client: FlaskClient, name: str) -> str:
    form = boxes(document(client.get("/staff/forgotten")))
    return text(client.post("/staff/forgotten", data=form | {"name": name}))


def test_who_forgot_the_password_gets_a_link_by_mail(database: Database, box: Postbox):
    users.add(database, "lan", PASSWORD, Role.VIEWER, mail="lan@example.vn")
    client = hub(database, **with_mail(database, box))
    said = ask(client, "Lan")
    wait_until(lambda: bool(box.letters))
    [letter] = box.letters
    found = re.search(r"(/staff/link/\S+)", box.texts[0])
    assert found
    chosen = client.post(
        found[1], data=boxes(document(client.get(found[1]))) | {"new": NEW, "again": NEW}
    )

    assert letter["To"] == "lan@example.vn"
    assert "a link is on its way" in said
    assert chosen.location == "/staff/login"
    assert sign_in(hub(database), "lan", NEW).status_code == 302


def test_whose_account_is_changed_is_told_at_the_old_address(database: Database, box: Postbox):
    made = with_mail(database, box)
    admin = inside(database, Role.ADMIN, **made)
    users.add(database, "operator", PASSWORD, Role.OPERATOR, mail="cu@example.vn")
    client = hub(database, **made)
    sign_in(client, "operator")
    changes: list[Callable[[], object]] = [
        lambda: post(client, "/staff/account/password", old=PASSWORD, new=NEW, again=NEW),
        lambda: set_up(client, NEW),
        lambda: post(admin, "/staff/users/operator/factor"),
        lambda: post(admin, "/staff/users/operator/mail", mail="moi@example.vn"),
    ]
    for number, change in enumerate(changes, 1):
        change()
        wait_until(lambda number=number: len(box.letters) >= number)  # type: ignore[misc]
    said = ["another password", "new second factor", "no second factor", "another address"]

    assert [letter["To"] for letter in box.letters] == ["cu@example.vn"] * 4
    assert [word for word, told in zip(said, box.texts, strict=True) if word not in told] == []
    assert all("tell an administrator" in " ".join(told.split()) for told in box.texts)


def test_the_answer_is_the_same_for_every_name(database: Database, box: Postbox):
    users.add(database, "lan", PASSWORD, Role.VIEWER, mail="lan@example.vn")
    users.add(database, "minh", PASSWORD, Role.VIEWER)
    client = hub(database, **with_mail(database, box))
    said = {ask(client, name) for name in ("minh", "nobody", "lan")}
    wait_until(lambda: bool(box.letters))

    assert len(said) == 1
    assert [letter["To"] for letter in box.letters] == ["lan@example.vn"]


def test_nobody_is_flooded_with_mail(database: Database, box: Postbox):
    client = hub(database, **with_mail(database, box))
    said = [ask(client, "lan") for _ in range(6)]

    assert "Please wait 15 minutes" in said[5]
    assert "Please wait" not in said[4]


def test_who_is_invited_gets_the_link_by_mail_where_mail_is_sent(database: Database, box: Postbox):
    admin = inside(database, Role.ADMIN, **with_mail(database, box))
    said = text(post(admin, "/staff/users/add", name="Mai", role="viewer", mail="mai@example.vn"))

    assert "Mai gets a link by mail" in said
    assert "/staff/link/" not in said
    assert "/staff/link/" in box.texts[0]


def test_a_hub_without_mail_says_whom_to_ask(database: Database):
    assert "ask an administrator" in text(hub(database).get("/staff/forgotten"))


@pytest.mark.parametrize(
    ("new", "again", "said"),
    [
        ("matkhau202611", "matkhau202611", "tried first"),
        ("short", "short", "12 to 128 characters"),
        (NEW, "another one", "not the same twice"),
    ],
)
def test_what_cannot_be_a_password_is_said_and_the_link_works_on(
    database: Database, new: str, again: str, said: str
):
    _, token = tickets.invite(database, "lan", users.Wanted(Role.VIEWER), 60)
    client = hub(database)
    address = f"/staff/link/{token}"
    form = boxes(document(client.get(address)))
    answer = client.post(address, data=form | {"new": new, "again": again})

    assert (answer.status_code, said in text(answer)) == (400, True)
    assert client.get(address).status_code == 200


def test_the_first_administrator_is_made_at_an_address_that_lets_in_once(database: Database):
    token = tickets.setup(database, 60)
    client = hub(database)
    address = f"/staff/setup/{token}"
    elsewhere = client.get("/staff/setup/guessed").status_code
    page = client.get(address)
    form = boxes(document(page)) | {"name": "Hoa", "new": NEW, "again": NEW}
    weak = client.post(address, data=form | {"new": "matkhau202611", "again": "matkhau202611"})
    made = client.post(address, data=form)

    assert elsewhere == 404
    assert (weak.status_code, made.location) == (400, "/staff/login")
    assert [(each.name, each.role) for each in users.all(database)] == [("Hoa", Role.ADMIN)]
    assert sign_in(client, "hoa", NEW).status_code == 302
    assert client.get(address).status_code == 404
    assert client.post(address, data=form).status_code in (400, 404)
