"""The door to the staff pages: who comes in, what they may do, and how long they stay."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalogue import sign_in as tries
from catalogue import users
from catalogue.database import Database
from catalogue.errors import DatabaseUnreachable
from catalogue.users import Role
from support.staff import PASSWORD, boxes, document, hub, inside, post, sign_in, text
from web.staff.room import Accounts


def test_an_operator_does_not_say_who_may_sign_in(database: Database):
    client = inside(database, Role.OPERATOR)

    assert client.get("/staff/users").status_code == 403
    assert post(client, "/staff/users/add", name="x", role="admin").status_code == 403
    assert "Users" not in text(client.get("/staff/sources"))


def test_signing_in_leads_on_to_the_page_that_was_wanted(database: Database):
    users.add(database, "lan", PASSWORD, Role.VIEWER)
    client = hub(database)
    sent = client.get("/staff/runs?source=x").location
    form = document(client.get(sent))

    assert boxes(form)["next"] == "/staff/runs?source=x"
    assert sign_in(client, "lan", to="/staff/runs?source=x").location == "/staff/runs?source=x"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/staff",
        "//evil.example/staff",
        "/\\evil.example/staff",
        "/staff\\@evil.example",
        "javascript:alert(1)",
        "/oai",
        "/staffing",
        "/staff/\n/evil.example",
        "http:/staff/x",
    ],
)
def test_signing_in_leads_nowhere_else(database: Database, elsewhere: str):
    users.add(database, "lan", PASSWORD, Role.VIEWER)

    assert sign_in(hub(database), "lan", to=elsewhere).location == "/staff"


def test_a_wrong_name_and_a_wrong_password_look_alike(database: Database):
    users.add(database, "lan", PASSWORD, Role.VIEWER)
    client = hub(database)
    answers = [sign_in(client, "lan", "another password"), sign_in(client, "minh")]

    assert {answer.status_code for answer in answers} == {403}
    assert text(answers[0]) == text(answers[1])
    assert "The name or the password is wrong" in text(answers[0])


def test_guessing_is_slowed_down(database: Database):
    users.add(database, "lan", PASSWORD, Role.VIEWER)
    client = hub(database)
    for _ in range(tries.OF_BOTH):
        sign_in(client, "lan", "another password")
    answer = sign_in(client, "lan")

    assert answer.status_code == 429
    assert "Please wait 15 minutes" in text(answer)


def test_the_cookie_stays_on_staff_pages_and_out_of_scripts(database: Database):
    users.add(database, "lan", PASSWORD, Role.VIEWER)
    plain = sign_in(hub(database), "lan").headers["Set-Cookie"]
    secure = hub(database, base_url="https://hub.example.vn")
    sent = secure.get("/staff/login", base_url="https://hub.example.vn").headers["Set-Cookie"]

    assert all(each in plain for each in ("HttpOnly", "SameSite=Lax", "Path=/staff"))
    assert "Secure" not in plain
    assert "Secure" in sent


def test_public_pages_know_nothing_of_sessions(database: Database):
    client = inside(database)
    for address in ("/", "/oai?verb=Identify"):
        answer = client.get(address)

        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert "script-src" not in answer.headers["Content-Security-Policy"]


def test_staff_pages_are_kept_by_nobody_and_run_our_script_only(database: Database):
    headers = inside(database).get("/staff/sources").headers

    assert headers["Cache-Control"] == "no-store"
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_who_does_nothing_for_long_has_to_sign_in_again(database: Database):
    client = inside(database, accounts=Accounts(idle=1000))
    for seen, expected in ((900, 200), (1100, 302)):
        with client.session_transaction(path="/staff") as session:
            session["seen"] -= seen

        assert client.get("/staff/sources").status_code == expected


def test_an_open_page_that_asks_by_itself_keeps_nobody_in(database: Database):
    client = inside(database)
    with client.session_transaction(path="/staff") as session:
        session["seen"] -= 100
        before = session["seen"]
    client.get("/staff/sources/none/status")
    with client.session_transaction(path="/staff") as session:
        after = session["seen"]

    assert before == after


def test_nobody_stays_longer_than_a_working_day(database: Database):
    client = inside(database)
    with client.session_transaction(path="/staff") as session:
        session["opened"] -= 12 * 3600 + 1

    assert client.get("/staff/sources").status_code == 302


def test_htmx_is_led_to_the_door_and_back_to_the_page_it_is_on(database: Database):
    shown = "http://localhost/staff/runs/7"
    asked = {"HX-Request": "true", "HX-Current-URL": shown}
    answer = hub(database).get("/staff/runs/7/progress", headers=asked)

    assert answer.headers["HX-Redirect"] == "/staff/login?next=/staff/runs/7"


def test_signing_out_ends_the_session(database: Database):
    client = inside(database)
    post(client, "/staff/logout")

    assert client.get("/staff/sources").status_code == 302


def test_a_session_holds_nothing_of_one_before(database: Database):
    users.add(database, "lan", PASSWORD, Role.VIEWER)
    client = hub(database)
    document(client.get("/staff/login"))
    with client.session_transaction(path="/staff") as session:
        before = session["csrf_token"]
        session["planted"] = "x"
    sign_in(client, "lan")
    with client.session_transaction(path="/staff") as session:
        assert "planted" not in session
        assert session.get("csrf_token") != before


def change_password(client: FlaskClient, old: str, new: str, again: str) -> str:
    return text(post_and_follow(client, "/staff/account/password", old=old, new=new, again=again))


def post_and_follow(client: FlaskClient, address: str, **data: str):
    answer = post(client, address, **data)
    return client.get(answer.location) if answer.location else answer


def test_one_changes_the_own_password_and_is_signed_out_elsewhere(database: Database):
    here = inside(database)
    elsewhere = hub(database)
    sign_in(elsewhere, "operator")
    said = change_password(here, PASSWORD, "a quite new one", "a quite new one")

    assert "Your password has been changed" in said
    assert here.get("/staff/sources").status_code == 200
    assert elsewhere.get("/staff/sources").status_code == 302
    assert sign_in(hub(database), "operator", "a quite new one").status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("wrong", "a quite new one", "a quite new one", "not your present password"),
        (PASSWORD, "a quite new one", "another one", "not the same twice"),
        (PASSWORD, "short", "short", "12 to 128 characters"),
    ],
)
def test_a_password_that_cannot_be_changed_stays(
    database: Database, old: str, new: str, again: str, said: str
):
    client = inside(database)

    assert said in change_password(client, old, new, again)
    assert sign_in(hub(database), "operator").status_code == 302


def test_one_signs_out_everywhere_else(database: Database):
    here, elsewhere = inside(database), hub(database)
    sign_in(elsewhere, "operator")
    post(here, "/staff/account/everywhere")

    assert here.get("/staff/sources").status_code == 200
    assert elsewhere.get("/staff/sources").status_code == 302


def link_in(answer: TestResponse) -> str:
    """Return the address behind the host of the link that a page shows."""
    found = re.search(r"(/(?:staff|member)/link/\S+)", text(answer))
    assert found
    return found[1]


def choose(database: Database, link: str, password: str) -> TestResponse:
    """Choose a password by a link, in another browser."""
    client = hub(database)
    form = boxes(document(client.get(link)))
    return client.post(link, data=form | {"new": password, "again": password})


def test_an_administrator_invites_changes_and_takes_away(database: Database):
    client = inside(database, Role.ADMIN)
    invited = post(client, "/staff/users/add", name="Lan", role="viewer")
    chosen = choose(database, link_in(invited), "chim hot tren canh")
    first = sign_in(hub(database), "lan", "chim hot tren canh")
    post(client, "/staff/users/Lan/role", role="operator")
    renewed = link_in(post(client, "/staff/users/Lan/password"))
    before = sign_in(hub(database), "lan", "chim hot tren canh")
    choose(database, renewed, "ca boi duoi song")
    second = sign_in(hub(database), "lan", "ca boi duoi song")
    post(client, "/staff/users/Lan/remove")

    assert chosen.location == "/staff/login"
    assert {each.status_code for each in (first, before, second)} == {302}
    assert sign_in(hub(database), "lan", "chim hot tren canh").status_code == 403
    assert users.get(database, "lan").role is Role.OPERATOR
    assert sign_in(hub(database), "lan", "ca boi duoi song").status_code == 403


@pytest.mark.parametrize(
    ("address", "data", "status", "said"),
    [
        ("/staff/users/add", {"name": "a b", "role": "viewer"}, 400, "cannot be a user"),
        ("/staff/users/add", {"name": "Lan", "role": "king"}, 400, "no such role"),
        ("/staff/users/add", {"name": "admin", "role": "viewer"}, 400, "is taken already"),
        ("/staff/users/admin/remove", {}, 400, "only administrator"),
        ("/staff/users/nobody/remove", {}, 404, "There is no user nobody"),
        ("/staff/users/add", {"name": "..", "role": "viewer"}, 400, "cannot be a user"),
    ],
)
def test_what_cannot_be_done_with_users_is_said(
    database: Database, address: str, data: dict[str, str], status: int, said: str
):
    answer = post(inside(database, Role.ADMIN), address, **data)

    assert answer.status_code == status
    assert said in text(answer)


def test_who_is_invited_by_pressing_twice_gets_the_link_that_is_seen(database: Database):
    client = inside(database, Role.ADMIN)
    add = {"name": "Lan", "role": "viewer"}
    unseen, seen = (link_in(post(client, "/staff/users/add", **add)) for _ in range(2))

    assert hub(database).get(unseen).status_code == 409
    assert choose(database, seen, "chim hot tren canh").status_code == 302
    assert sign_in(hub(database), "lan", "chim hot tren canh").status_code == 302
    assert post(client, "/staff/users/add", **add).status_code == 400


@pytest.mark.parametrize(
    ("posted", "page"),
    [
        ("/staff/users/add", "/staff/users"),
        ("/staff/users/nobody/remove", "/staff/users"),
        ("/staff/account/password", "/staff/account"),
        ("/staff/sources/none/run", "/staff/sources/none"),
        ("/staff/runs/9/approve", "/staff/runs/9/approve"),
        ("/staff/runs/9/resume", "/staff/runs/9"),
    ],
)
def test_after_posting_the_other_language_is_that_of_a_page_that_can_be_asked_for(
    database: Database, posted: str, page: str
):
    client = inside(database, Role.ADMIN)
    shown = document(post(client, posted))

    assert shown.xpath("string(//a[@hreflang='vi']/@href)") == f"{page}?lang=vi"
    assert client.get(page).status_code != 405


def test_what_may_not_be_done_is_said_on_a_staff_page(database: Database):
    page = document(inside(database).get("/staff/users"))

    assert "You may not do this" in page.text_content()
    assert page.xpath("//body/@class") == ["staff"]


def test_a_database_that_does_not_answer_is_said_so_and_tried_again_later(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    client = inside(database)

    def unreachable(*_: object) -> None:
        raise DatabaseUnreachable(url="x", reason="y")

    monkeypatch.setattr(users, "in_session", unreachable)
    answer = client.get("/staff/sources")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"


@pytest.mark.parametrize(
    "address",
    ["sources/%00", "runs?source=%00", "quarantine/source/x?reason=a%00", "login?next=%00"],
)
def test_what_no_text_can_hold_is_refused(database: Database, address: str):
    assert inside(database).get(f"/staff/{address}").status_code == 400
