"""Whose account it is that a sign-in service tells of, whatever happens at the same moment."""

from __future__ import annotations

import pytest

from catalogue import users
from catalogue.accounts import identities, tickets
from catalogue.accounts.errors import (
    AccountUnlinked,
    IdentityTaken,
    NotLinked,
    OtherIdentity,
    TicketUsed,
)
from catalogue.accounts.identities import Identity
from catalogue.database import Database
from catalogue.users import Role, User, Wanted
from support.passwords import hashed_at_once
from support.processes import function, run

cheap_passwords = pytest.fixture(scope="module", autouse=True)(hashed_at_once)
PASSWORD = "mot mat khau dai"
HERE = Identity("https://login.example.vn", "1")
THERE = Identity("https://elsewhere.example.vn", "1")


def add(database: Database, name: str) -> User:
    return users.add(database, name, PASSWORD, Role.VIEWER)


def holder(database: Database, identity: Identity) -> str:
    found = identities.holder(database, identity)
    return found.user.name if found else ""


def test_the_same_subject_of_another_service_is_somebody_else(database: Database):
    identities.link(database, add(database, "lan").id, HERE)
    identities.link(database, add(database, "binh").id, THERE)

    assert [holder(database, each) for each in (HERE, THERE)] == ["lan", "binh"]


def test_an_account_has_one_identity_of_a_service_and_an_identity_one_account(database: Database):
    lan, binh = add(database, "lan"), add(database, "binh")
    for _ in "12":
        identities.link(database, lan.id, HERE)
    with pytest.raises(IdentityTaken):
        identities.link(database, binh.id, HERE)
    with pytest.raises(OtherIdentity):
        identities.link(database, lan.id, HERE._replace(subject="2"))

    assert holder(database, HERE) == "lan"
    assert [each.linked for each in users.all(database)] == [False, True]


def test_an_invitation_that_cannot_be_taken_up_can_be_used_later(database: Database):
    identities.link(database, add(database, "lan").id, HERE)
    _, token = tickets.invite(database, "binh", Wanted(Role.VIEWER), 60)
    with pytest.raises(IdentityTaken):
        identities.take_up(database, token, HERE)
    taken = identities.take_up(database, token, THERE)
    with pytest.raises(TicketUsed):
        tickets.holder(database, token)

    assert (taken.name, holder(database, THERE)) == ("binh", "binh")


def admit(url: str, name: str) -> str:
    database = Database.open(url)
    try:
        return identities.admit(database, name, Wanted(Role.VIEWER), HERE).name
    except AccountUnlinked:
        return "refused"
    finally:
        database.close()


def test_of_two_pages_of_one_person_at_the_same_moment_one_makes_the_account(database_url: str):
    made = run(*(function(admit, database_url, "lan") for _ in "12"))
    database = Database.open(database_url)
    known = [(each.name, each.linked) for each in users.all(database)]
    database.close()

    assert "lan" in {each.value for each in made} <= {"lan", "refused"}
    assert known == [("lan", True)]


def test_who_was_parted_has_to_be_linked_anew(database: Database):
    lan = add(database, "lan")
    identities.link(database, lan.id, HERE)
    parted = identities.unlink(database, "lan")
    with pytest.raises(NotLinked):
        identities.unlink(database, "lan")

    assert (holder(database, HERE), parted.linked, parted.epoch) == ("", False, lan.epoch + 1)
