"""Who may sign in: names, passwords, roles, sessions, and how often one may try."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from catalogue import libraries, passwords, sign_in, users
from catalogue.accounts import tickets
from catalogue.accounts.errors import (
    BadUserName,
    LastAdministrator,
    NoSuchUser,
    SignInRefused,
    TooManyTries,
    WeakPassword,
)
from catalogue.alerts.store import mark_read
from catalogue.database import Database, downgrade, upgrade
from catalogue.errors import NameTaken
from catalogue.model import Library
from catalogue.people_tables import SignInRow, UserRow
from catalogue.users import Role
from support.passwords import hashed_at_once
from support.processes import function, run

PASSWORD = "mot mat khau dai"
HERE = "127.0.0.1"
cheap_passwords = pytest.fixture(scope="module", autouse=True)(hashed_at_once)


def add(database: Database, name: str = "Lan", role: Role = Role.VIEWER) -> users.User:
    return users.add(database, name, PASSWORD, role)


def make_first(url: str) -> str | None:
    database = Database.open(url)
    try:
        return users.first(database)
    finally:
        database.close()


def test_a_user_signs_in_whatever_the_capitals_of_the_name(database: Database):
    added = add(database, "Ngọc.Lan")
    entered = users.enter(database, "ngọc.lan", PASSWORD, HERE)

    assert entered == added
    assert users.get(database, "NGỌC.LAN").last_login is not None


def test_a_password_is_the_same_composed_or_decomposed(database: Database):
    users.add(database, "Lan", "mật khẩu rất dài", Role.VIEWER)

    assert users.enter(database, "lan", "mật khẩu rất dài", HERE)


def test_a_password_is_kept_as_a_hash_only(database: Database):
    add(database)
    with database.reading() as connection:
        kept = connection.execute(select(UserRow.password)).scalar_one()

    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept


def test_to_guess_a_password_costs_memory_and_time():
    [outcome] = run(function(passwords.hashed, PASSWORD))

    assert outcome.value.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.parametrize("name", ["", " ", "a b", "a/b", "a\0b", "x" * 65, "a\nb"])
def test_a_name_that_breaks_lists_and_addresses_is_refused(database: Database, name: str):
    with pytest.raises(BadUserName):
        add(database, name)


@pytest.mark.parametrize("password", ["", "elevensigns", "nguyenvanlan", "x" * 129])
def test_a_weak_password_is_refused(database: Database, password: str):
    with pytest.raises(WeakPassword):
        users.add(database, "NguyenVanLan", password, Role.VIEWER)


def test_a_name_is_taken_once(database: Database):
    add(database, "Lan")

    with pytest.raises(NameTaken):
        add(database, "LAN")


@pytest.mark.parametrize("name", ["Lan", "nobody", "a\0b", "\ud800", "x" * 10_000])
def test_who_has_another_password_or_no_account_is_refused_alike(database: Database, name: str):
    add(database)

    with pytest.raises(SignInRefused):
        users.enter(database, name, "another password\ud800\0", HERE)


def test_a_password_without_end_is_not_worked_on(database: Database):
    add(database)

    with pytest.raises(SignInRefused):
        users.enter(database, "Lan", "x" * 1_000_000, HERE)


def test_the_sixth_try_has_to_wait_even_with_the_right_password(database: Database):
    add(database)
    for _ in range(sign_in.OF_BOTH):
        with pytest.raises(SignInRefused):
            users.enter(database, "Lan", "another password", HERE)

    with pytest.raises(TooManyTries):
        users.enter(database, "Lan", PASSWORD, HERE)
    assert users.enter(database, "Lan", PASSWORD, "192.0.2.7")


def test_tries_are_counted_by_address_and_by_name_too(database: Database):
    for number in range(sign_in.OF_ADDRESS):
        sign_in.begin(database, f"name{number}", HERE)
    for number in range(sign_in.OF_NAME):
        sign_in.begin(database, "lan", f"192.0.2.{number}")

    with pytest.raises(TooManyTries):
        sign_in.begin(database, "somebody", HERE)
    with pytest.raises(TooManyTries):
        sign_in.begin(database, "lan", "198.51.100.1")


def test_old_tries_are_forgotten_and_a_name_is_not_written_down(database: Database):
    sign_in.begin(database, "my password by mistake", HERE)
    with database.reading() as connection:
        kept = connection.execute(select(SignInRow.who)).scalar_one()
    database.writing(lambda c: c.execute(update(SignInRow).values(at=SignInRow.at - 901)))
    sign_in.begin(database, "lan", HERE)

    assert "password" not in kept
    with database.reading() as connection:
        assert len(connection.execute(select(SignInRow.id)).all()) == 1


def test_signing_in_forgets_the_tries_before(database: Database):
    add(database)
    for _ in range(3):
        for _ in range(sign_in.OF_BOTH - 1):
            with pytest.raises(SignInRefused):
                users.enter(database, "Lan", "another password", HERE)

        assert users.enter(database, "Lan", PASSWORD, HERE)


def test_another_password_role_or_end_closes_open_sessions(database: Database):
    add(database, "Minh", Role.ADMIN)
    before = add(database)
    changes = [
        lambda: users.set_password(database, "Lan", "quite another one"),
        lambda: users.set_role(database, "Lan", Role.OPERATOR),
        lambda: users.end_sessions(database, "lan"),
        lambda: users.remove(database, "Lan"),
    ]
    for change in changes:
        epoch = users.get(database, "Lan").epoch

        assert users.in_session(database, before.id, epoch) is not None
        change()
        assert users.in_session(database, before.id, epoch) is None


def test_who_was_taken_away_may_not_sign_in_and_can_come_back(database: Database):
    add(database, "Minh", Role.ADMIN)
    add(database)
    users.remove(database, "Lan")
    with pytest.raises(SignInRefused):
        users.enter(database, "Lan", PASSWORD, HERE)
    back = users.add(database, "lan", PASSWORD, Role.OPERATOR)

    assert (back.name, back.role, back.active) == ("Lan", Role.OPERATOR, True)
    assert users.enter(database, "Lan", PASSWORD, HERE) == back


def test_the_last_administrator_stays(database: Database):
    add(database, "Minh", Role.ADMIN)
    add(database)

    with pytest.raises(LastAdministrator):
        users.remove(database, "Minh")
    with pytest.raises(LastAdministrator):
        users.set_role(database, "Minh", Role.OPERATOR)
    assert users.set_password(database, "Minh", "quite another one").active
    assert users.get(database, "Minh").role is Role.ADMIN


def test_who_is_not_there_cannot_be_changed(database: Database):
    with pytest.raises(NoSuchUser):
        users.remove(database, "nobody")


def test_a_hash_of_other_costs_is_made_anew_when_its_owner_comes(database: Database):
    from argon2 import PasswordHasher

    add(database)
    cheap = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    database.writing(lambda c: c.execute(update(UserRow).values(password=cheap)))
    users.enter(database, "Lan", PASSWORD, HERE)
    with database.reading() as connection:
        kept = connection.execute(select(UserRow.password)).scalar_one()

    assert passwords.outdated(cheap)
    assert not passwords.outdated(kept)


def test_of_processes_that_start_together_one_makes_the_administrator(database_url: str):
    made = [each.value for each in run(*[function(make_first, database_url)] * 3)]
    [password] = [each for each in made if each]
    database = Database.open(database_url)

    assert users.enter(database, "admin", password, HERE).role is Role.ADMIN
    assert users.first(database) is None
    database.close()


def test_a_role_includes_those_before_it():
    assert Role.ADMIN.may(Role.VIEWER)
    assert Role.OPERATOR.may(Role.OPERATOR)
    assert not Role.CATALOGUER.may(Role.OPERATOR)


def test_a_hub_with_users_goes_one_step_down_and_up(database_url: str):
    database = Database.open(database_url)
    add(database)
    database.close()
    downgrade(database_url, "0011")
    upgrade(database_url)
    database = Database.open(database_url)

    assert users.all(database) == []
    database.close()


def test_a_step_below_members_and_factors_the_users_of_before_are_as_they_were(database_url: str):
    database = Database.open(database_url)
    libraries.add(database, Library(code="NLV"))
    add(database, "Minh", Role.ADMIN)
    users.add(database, "nlv", PASSWORD, Role.MEMBER, library="NLV")
    tickets.renew(database, "Minh", 60)
    mark_read(database, users.get(database, "Minh").id, 0)
    database.close()
    downgrade(database_url, "0035")
    upgrade(database_url)
    database = Database.open(database_url)
    minh, nlv = users.all(database)

    assert users.enter(database, "minh", PASSWORD, HERE) == minh
    assert (nlv.role, nlv.active, nlv.library) == (Role.VIEWER, False, "")
    database.close()
