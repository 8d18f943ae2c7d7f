"""Signing in by a service of others: whom it lets in here, and whom not whatever it says."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from catalogue import users
from catalogue.accounts import identities, tickets
from catalogue.accounts.identities import Identity
from catalogue.audit import store
from catalogue.audit.store import Entry, Wanted
from catalogue.database import Database
from catalogue.people_tables import UserRow
from catalogue.users import Role
from harvester.oidc.errors import IssuerDeclined
from support.factor import code_of, give_code, later, set_up
from support.filled import add_library
from support.loopback import serving
from support.oidc import Crooked, Peer, crooked, single_sign_on
from support.staff import PASSWORD, boxes, document, hub, post, sign_in, sign_in_at, text
from web.staff.room import Accounts

BACK = "https://hub.example.vn/staff/sso/back"
LIBRARIANS = {"role_claim": "groups", "roles": {"thu-thu": Role.CATALOGUER, "ql": Role.ADMIN}}


def at(database: Database, service: Peer, accounts: Accounts | None = None, **rules: Any):
    """Return a client of a hub that lets people in by the service."""
    made = single_sign_on(service.issuer, **rules)
    return hub(database, single_sign_on=made, accounts=accounts or Accounts())


def elsewhere(client: FlaskClient) -> FlaskClient:
    """Return a client of the same hub that is another browser."""
    other: FlaskClient = client.application.test_client()
    other.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return other


def come(
    client: FlaskClient, service: Peer, subject: str, begin: str = "/staff/sso"
) -> TestResponse:
    """Go to the service, sign in there, and come back."""
    away = client.get(begin)
    assert away.status_code == 302, text(away)
    back = urlsplit(service.signs_in(away.location, subject))
    return client.get(f"{back.path}?{back.query}")


def is_inside(client: FlaskClient, door: str = "staff") -> bool:
    return client.get(f"/{door}/account").status_code == 200


def told(database: Database, **wanted: str) -> list[Entry]:
    return store.entries(database, Wanted(**wanted), limit=50)


def test_somebody_comes_back_from_a_service_that_others_wrote(service: Peer):
    service.knows("lan", preferred_username="lan", email="lan@example.vn", email_verified=True)
    door = single_sign_on(service.issuer).service
    address, begun = door.begin(BACK)
    answer = dict(parse_qsl(urlsplit(service.signs_in(address, "lan")).query))
    person = door.finish(begun, BACK, answer)

    assert (person.issuer, person.subject, person.mail) == (service.issuer, "lan", "lan@example.vn")
    assert person.claims["preferred_username"] == "lan"
    # The code was taken: who has read it over a shoulder gets nothing for it.
    with pytest.raises(IssuerDeclined, match="invalid_grant"):
        door.finish(begun, BACK, answer)


def test_who_says_no_there_is_told_so(service: Peer):
    door = single_sign_on(service.issuer).service
    address, begun = door.begin(BACK)
    answer = dict(parse_qsl(urlsplit(service.denies(address)).query))

    with pytest.raises(IssuerDeclined, match="access_denied"):
        door.finish(begun, BACK, {"state": begun.state, **answer})


def test_who_was_invited_signs_in_without_ever_having_a_password(database: Database, service: Peer):
    _, token = tickets.invite(database, "lan", users.Wanted(Role.OPERATOR), 60)
    client = at(database, service)
    page = client.get(f"/staff/link/{token}")
    [link] = document(page).xpath("//a[contains(@class, 'button')]/@href")
    entered = come(client, service, "sub-1", begin=link)
    again = elsewhere(client)
    come(again, service, "sub-1", begin="/staff/sso?next=/staff/runs")

    assert (entered.status_code, entered.location) == (302, "/staff")
    assert is_inside(client)
    assert is_inside(again)
    assert client.get(link).status_code == 409
    [user] = users.all(database)
    assert (user.name, user.linked, user.invited) == ("lan", True, True)
    assert user.last_login


def test_one_goes_on_to_the_page_that_was_wanted_and_to_no_other_site(
    database: Database, service: Peer
):
    user = users.add(database, "lan", PASSWORD, Role.VIEWER)
    identities.link(database, user.id, Identity(service.issuer, "sub-1"))
    places = ("/staff/runs?source=a", "https://elsewhere.example/staff", "//elsewhere.example")
    client = at(database, service)
    went = [come(client, service, "sub-1", f"/staff/sso?next={each}").location for each in places]

    assert went == ["/staff/runs?source=a", "/staff", "/staff"]


def test_whom_nobody_invited_stays_outside_whatever_the_service_says(
    database: Database, service: Peer
):
    users.add(database, "lan", PASSWORD, Role.ADMIN, mail="lan@example.vn")
    service.knows("thief", preferred_username="lan", email="lan@example.vn", email_verified=True)
    client = at(database, service)
    refused = come(client, service, "thief")

    assert (refused.status_code, "you have no account here yet" in text(refused)) == (403, True)
    assert document(refused).xpath("//input[@type='password']")
    assert not is_inside(client)
    assert len(users.all(database)) == 1


@pytest.mark.parametrize("verified", [None, False, "true"])
def test_an_address_that_was_not_verified_takes_over_no_account(
    database: Database, service: Peer, verified: object
):
    users.add(database, "lan", PASSWORD, Role.ADMIN, mail="lan@example.vn")
    service.knows("thief", email="lan@example.vn", email_verified=verified)
    client = at(database, service, by_mail=True)
    refused = come(client, service, "thief")

    assert (refused.status_code, is_inside(client)) == (403, False)


def test_a_verified_address_finds_an_account_where_the_hub_allows_it(
    database: Database, service: Peer
):
    users.add(database, "lan", PASSWORD, Role.VIEWER, mail="Lan@Example.vn")
    for name in ("an", "binh"):
        users.add(database, name, PASSWORD, Role.VIEWER, mail="chung@example.vn")
    for subject, mail in (("sub-1", "lan@example.vn"), ("sub-2", "chung@example.vn")):
        service.knows(subject, email=mail, email_verified=True)
    found = at(database, service, by_mail=True)
    shared = elsewhere(found)
    come(found, service, "sub-1")
    refused = come(shared, service, "sub-2")
    service.knows("sub-3", email="lan@example.vn", email_verified=True)
    second = come(elsewhere(found), service, "sub-3")

    assert is_inside(found)
    assert refused.status_code == 403
    assert "linked to another account" in text(second)


def test_one_links_the_account_by_signing_in_to_both(database: Database, service: Peer):
    users.add(database, "lan", PASSWORD, Role.VIEWER)
    service.knows("sub-1", preferred_username="nguyen.lan")
    client = at(database, service)
    sign_in(client, "lan")
    [link] = document(client.get("/staff/account")).xpath("//a[text()='Link it']/@href")
    asked = client.get(come(client, service, "sub-1", begin=link).location)
    form = boxes(document(asked))
    wrong = client.post("/staff/account/sso/found", data=form | {"old": "not my password"})
    before = identities.holder(database, Identity(service.issuer, "sub-1"))
    kept = client.post("/staff/account/sso/found", data=form | {"old": PASSWORD})
    twice = client.post("/staff/account/sso/found", data=form | {"old": PASSWORD})
    other = elsewhere(client)
    come(other, service, "sub-1")

    assert "nguyen.lan" in text(asked)
    assert (wrong.status_code, before, kept.location) == (400, None, "/staff/account")
    assert twice.location == "/staff/account"
    assert is_inside(other)
    [entry] = told(database, kind="account_identity")
    assert (entry.who, entry.object, entry.act) == ("lan", "lan", "staff.sso_keep")
    assert entry.after
    assert entry.after["subject"] == "sub-1"


def test_an_account_of_the_service_belongs_to_one_here(database: Database, service: Peer):
    first = users.add(database, "lan", PASSWORD, Role.VIEWER)
    users.add(database, "binh", PASSWORD, Role.VIEWER)
    identities.link(database, first.id, Identity(service.issuer, "sub-1"))
    client = at(database, service)
    sign_in(client, "binh")
    asked = client.get(come(client, service, "sub-1", begin="/staff/account/sso").location)
    form = boxes(document(asked)) | {"old": PASSWORD}
    refused = client.post("/staff/account/sso/found", data=form)

    assert (refused.status_code, "linked to another account here" in text(refused)) == (400, True)


def test_what_one_person_began_another_cannot_end(database: Database, service: Peer):
    for name in ("lan", "binh"):
        users.add(database, name, PASSWORD, Role.VIEWER)
    client = at(database, service)
    sign_in(client, "lan")
    away = client.get("/staff/account/sso")
    with client.session_transaction(path="/staff") as session:
        begun = session["away"]
    post(client, "/staff/logout")
    sign_in(client, "binh")
    with client.session_transaction(path="/staff") as session:
        session["away"] = begun
    back = urlsplit(service.signs_in(away.location, "sub-1"))
    client.get(f"{back.path}?{back.query}")

    assert client.get("/staff/account/sso/found").status_code == 302


def test_whose_role_the_service_gives_gets_an_account_and_follows_it(
    database: Database, service: Peer
):
    users.add(database, "admin", PASSWORD, Role.ADMIN)
    hub_here = at(database, service, **LIBRARIANS)
    roles = []
    for groups in (["thu-thu"], ["thu-thu", "ql", "khac"], "thu-thu"):
        service.knows("sub-1", preferred_username="lan", groups=groups)
        client = elsewhere(hub_here)
        come(client, service, "sub-1")
        roles.append((users.get(database, "lan").role, is_inside(client)))
    service.knows("sub-1", preferred_username="lan", groups=["khac"])
    refused = come(elsewhere(hub_here), service, "sub-1")

    assert roles == [(Role.CATALOGUER, True), (Role.ADMIN, True), (Role.CATALOGUER, True)]
    assert "gives you no role here" in text(refused)
    # What was open with the higher role is over.
    assert users.get(database, "lan").epoch == 2


def test_a_role_takes_over_no_account_that_has_the_name(database: Database, service: Peer):
    users.add(database, "lan", PASSWORD, Role.VIEWER)
    users.add(database, "cu", PASSWORD, Role.VIEWER)
    users.remove(database, "cu")
    client = at(database, service, **LIBRARIANS)
    refused = []
    for subject, name in (("sub-1", "LAN"), ("sub-2", "cu"), ("sub-3", "tên có dấu cách")):
        service.knows(subject, preferred_username=name, groups=["ql"])
        refused.append(come(elsewhere(client), service, subject).status_code)

    assert refused == [403] * 3
    assert {each.name: each.role for each in users.all(database)} == {
        "lan": Role.VIEWER,
        "cu": Role.VIEWER,
    }


def test_the_last_administrator_stays_one(database: Database, service: Peer):
    service.knows("sub-1", preferred_username="lan", groups=["ql"])
    client = at(database, service, **LIBRARIANS)
    come(client, service, "sub-1")
    service.knows("sub-1", preferred_username="lan", groups=["thu-thu"])
    refused = come(elsewhere(client), service, "sub-1")

    assert "only administrator" in text(refused)
    assert users.get(database, "lan").role is Role.ADMIN


def test_a_closed_account_stays_closed_and_a_new_one_of_its_name_is_not_linked(
    database: Database, service: Peer
):
    user = users.add(database, "lan", PASSWORD, Role.VIEWER)
    identities.link(database, user.id, Identity(service.issuer, "sub-1"))
    open_one = at(database, service)
    come(open_one, service, "sub-1")
    users.remove(database, "lan")
    closed = text(come(elsewhere(open_one), service, "sub-1"))
    users.add(database, "lan", PASSWORD, Role.ADMIN)
    anew = text(come(elsewhere(open_one), service, "sub-1"))

    assert not is_inside(open_one)
    assert "account here was closed" in closed
    assert "no account here yet" in anew


def test_an_administrator_parts_both_and_ends_the_sessions(database: Database, service: Peer):
    user = users.add(database, "lan", PASSWORD, Role.VIEWER)
    identities.link(database, user.id, Identity(service.issuer, "sub-1"))
    client = at(database, service)
    come(client, service, "sub-1")
    admin = elsewhere(client)
    users.add(database, "admin", PASSWORD, Role.ADMIN)
    sign_in(admin, "admin")
    said = text(admin.get(post(admin, "/staff/users/lan/unlink").location))
    twice = post(admin, "/staff/users/lan/unlink")
    refused = come(elsewhere(client), service, "sub-1")

    assert "lan can no longer sign in with the account of the organisation." in said
    assert (twice.status_code, refused.status_code, is_inside(client)) == (400, 403, False)


@pytest.mark.parametrize(("factors", "code"), [(set(), True), ({"otp"}, False), ({"mfa"}, True)])
def test_the_code_is_asked_for_unless_the_service_did_and_the_hub_knows_how_it_says_so(
    database: Database, service: Peer, factors: set[str], *, code: bool
):
    user = users.add(database, "operator", PASSWORD, Role.OPERATOR)
    identities.link(database, user.id, Identity(service.issuer, "sub-1"))
    service.knows("sub-1", amr=["pwd", "otp"])
    client = at(database, service, factors=frozenset(factors))
    own = elsewhere(client)
    sign_in(own, "operator")
    secret, _ = set_up(own)
    later(database)
    came = come(client, service, "sub-1")

    assert came.location.startswith("/staff/code") is code
    assert is_inside(client) is not code
    if code:
        give_code(client, code_of(secret))
        assert is_inside(client)


@pytest.mark.parametrize("factors", [set(), {"otp"}])
def test_a_role_that_cannot_do_without_sets_one_up_without_a_password(
    database: Database, service: Peer, factors: set[str]
):
    accounts = Accounts(factor_for=frozenset({Role.CATALOGUER}))
    service.knows("sub-1", preferred_username="lan", groups=["thu-thu"], amr=["otp"])
    client = at(database, service, accounts, factors=frozenset(factors), **LIBRARIANS)
    come(client, service, "sub-1")
    led = client.get("/staff/runs")
    if factors:
        assert led.status_code == 200
        return
    with client.session_transaction(path="/staff") as session:
        came = session["service"]
        session["service"] = came - 301
    late = set_up(client)[1]
    with client.session_transaction(path="/staff") as session:
        session["service"] = came
    kept = set_up(client)[1]

    assert led.location == "/staff/account/factor"
    assert (late.status_code, "Sign out and in again" in text(late)) == (400, True)
    assert kept.status_code == 200
    assert client.get("/staff/runs").status_code == 200


def test_who_has_no_password_gives_the_factor_up_just_after_coming_in(
    database: Database, service: Peer
):
    service.knows("sub-1", preferred_username="lan", groups=["thu-thu"])
    client = at(database, service, **LIBRARIANS)
    come(client, service, "sub-1")
    secret, _ = set_up(client)
    later(database)
    client = elsewhere(client)
    come(client, service, "sub-1")
    give_code(client, code_of(secret))
    post(client, "/staff/account/factor/off")

    assert not users.get(database, "lan").has_factor


def test_members_have_the_same_at_their_own_door(database: Database, service: Peer):
    add_library(database, "HUST", "Thư viện Tạ Quang Bửu")
    wanted = users.Wanted(Role.MEMBER, "HUST")
    _, token = tickets.invite(database, "hust", wanted, 60)
    client = at(database, service)
    come(client, service, "sub-1", f"/member/link/{token}/sso")
    wrong_door = come(elsewhere(client), service, "sub-1")
    [entry] = told(database, kind="sign_in")[:1]
    service.knows("sub-2", preferred_username="moi", groups=["ql"])
    made = come(at(database, service, **LIBRARIANS), service, "sub-2", "/member/sso")

    assert is_inside(client, "member")
    assert (wrong_door.status_code, "Member libraries sign in here" in text(wrong_door)) == (
        403,
        True,
    )
    assert (made.status_code, len(users.all(database))) == (403, 1)
    assert (entry.who, entry.after) == (
        "hust",
        {"single_sign_on": False, "refused": "other-door"},
    )


def test_signing_out_ends_the_session_here(database: Database, service: Peer):
    user = users.add(database, "lan", PASSWORD, Role.VIEWER)
    identities.link(database, user.id, Identity(service.issuer, "sub-1"))
    client = at(database, service)
    come(client, service, "sub-1")
    post(client, "/staff/logout")

    assert not is_inside(client)


def test_an_answer_counts_once_and_in_the_browser_that_began(database: Database, service: Peer):
    user = users.add(database, "lan", PASSWORD, Role.VIEWER)
    identities.link(database, user.id, Identity(service.issuer, "sub-1"))
    client = at(database, service)
    thief = elsewhere(client)
    back = urlsplit(service.signs_in(client.get("/staff/sso").location, "sub-1"))
    answer = f"{back.path}?{back.query}"
    stolen = thief.get(answer)
    first = client.get(answer)
    second = client.get(answer)

    assert (stolen.status_code, is_inside(thief)) == (403, False)
    assert first.status_code == 302
    assert "was not begun here" in text(client.get(second.location))


def test_who_was_away_for_too_long_begins_anew(database: Database, service: Peer):
    client = at(database, service)
    away = client.get("/staff/sso")
    with client.session_transaction(path="/staff") as session:
        session["away"][3] -= 601
        session.modified = True
    back = urlsplit(service.signs_in(away.location, "sub-1"))

    assert "took too long" in text(client.get(f"{back.path}?{back.query}"))


def test_signing_in_by_a_service_is_written_down_whether_it_succeeded_or_not(
    database: Database, service: Peer
):
    user = users.add(database, "lan", PASSWORD, Role.VIEWER)
    identities.link(database, user.id, Identity(service.issuer, "sub-1"))
    client = at(database, service)
    come(client, service, "sub-1")
    come(elsewhere(client), service, "sub-2")
    failed, entered = told(database, kind="sign_in")

    assert (entered.who, entered.object, entered.address) == ("lan", "lan", "127.0.0.1")
    assert entered.after == {"single_sign_on": True, "second_factor_there": False}
    assert (failed.who, failed.after) == (
        "",
        {"single_sign_on": False, "refused": "not-invited"},
    )


def test_who_keeps_failing_is_told_to_wait(database: Database):
    with crooked(claims={"nonce": "another"}) as service:
        made = single_sign_on(service.issuer)
        client = hub(database, single_sign_on=made)
        answers = []
        for number in range(31):
            away = client.get("/staff/sso")
            service.took(away.location)
            state = dict(each.split("=") for each in urlsplit(away.location).query.split("&"))
            answers.append(client.get(f"/staff/sso/back?state={state['state']}&code=c{number}"))

    assert "cannot be trusted: invalid_claim" in text(answers[0])
    assert [each.status_code for each in answers] == [403] * 30 + [429]


def test_a_service_that_is_down_leaves_the_password(database: Database):
    users.add(database, "lan", PASSWORD, Role.VIEWER)
    with serving(Crooked()) as gone:
        pass
    client = hub(database, single_sign_on=single_sign_on(gone))
    refused = client.get("/staff/sso")
    sign_in(client, "lan")

    assert (refused.status_code, "127.0.0.1 does not answer" in text(refused)) == (503, True)
    assert is_inside(client)


def test_a_hub_without_a_service_has_no_button_and_no_address(database: Database):
    client = hub(database)
    pages = [client.get(f"/staff/{each}").status_code for each in ("sso", "sso/back")]

    assert pages == [404, 404]
    assert not document(client.get("/staff/login")).xpath("//a[contains(@href, '/sso')]")


def test_the_button_says_what_the_hub_calls_it(database: Database):
    made = single_sign_on("http://127.0.0.1:9", buttons={"en": "Sign in as staff of the library"})
    client = hub(database, single_sign_on=made)
    [link] = document(client.get("/staff/login?next=/staff/runs")).xpath("//main//a[@class]")
    other = document(client.get("/staff/login?lang=vi")).xpath("string(//main//a[@class])")

    assert (link.text, link.get("href")) == (
        "Sign in as staff of the library",
        "/staff/sso?next=/staff/runs",
    )
    assert other == "Đăng nhập bằng tài khoản của cơ quan"


def test_only_who_was_invited_takes_up_an_invitation(database: Database, service: Peer):
    users.add(database, "lan", PASSWORD, Role.VIEWER)
    _, token = tickets.renew(database, "lan", 60)
    client = at(database, service)
    offered = document(client.get(f"/staff/link/{token}")).xpath("//a[contains(@href, 'sso')]")
    refused = come(client, service, "sub-1", f"/staff/link/{token}/sso")

    assert (offered, refused.status_code, is_inside(client)) == ([], 403, False)


def test_a_session_that_a_service_began_ends_with_the_others(database: Database, service: Peer):
    user = users.add(database, "lan", PASSWORD, Role.VIEWER)
    identities.link(database, user.id, Identity(service.issuer, "sub-1"))
    client = at(database, service)
    come(client, service, "sub-1")
    database.writing(lambda connection: connection.execute(update(UserRow).values(epoch=7)))

    assert not is_inside(client)
    assert sign_in_at(client, "staff", "lan").status_code == 302
