"""Tokens that let in once, and the second factor, on both engines."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select, update

from catalogue import users
from catalogue.accounts import factor, tickets, totp
from catalogue.accounts.errors import (
    CommonPassword,
    FactorSetUpAnew,
    NoSuchUser,
    SignInRefused,
    TicketUsed,
    TooManyTries,
    WrongCode,
)
from catalogue.database import Database
from catalogue.errors import NameTaken
from catalogue.people_tables import TicketRow, UserRow
from catalogue.users import Role, Wanted
from support.engines import Engine
from support.passwords import hashed_at_once

cheap_passwords = pytest.fixture(scope="module", autouse=True)(hashed_at_once)
PASSWORD = "thuyen giay qua song"
KEY = b"k" * 32
HERE = "192.0.2.7"
VIEWER = Wanted(Role.VIEWER)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Give one database of each engine for all of these tests: each has users of its own."""
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    with engine.fresh() as url:
        opened = Database.open(url)
        yield opened
        opened.close()


def test_who_is_invited_chooses_the_password_and_cannot_sign_in_before(database: Database):
    user, token = tickets.invite(database, "an", VIEWER, 60)
    with pytest.raises(SignInRefused):
        users.enter(database, "an", "", HERE)
    tickets.use(database, token, PASSWORD)

    assert user.invited
    assert users.enter(database, "an", PASSWORD, HERE).role is Role.VIEWER


def test_a_token_works_once(database: Database):
    _, token = tickets.invite(database, "binh", VIEWER, 60)
    tickets.use(database, token, PASSWORD)

    with pytest.raises(TicketUsed):
        tickets.use(database, token, "another one of mine")
    with pytest.raises(TicketUsed):
        tickets.holder(database, token)


def test_a_token_works_once_for_two_at_the_same_moment(database: Database):
    _, token = tickets.invite(database, "doi", VIEWER, 60)
    together = Barrier(2)

    def use(number: int) -> bool:
        together.wait()
        try:
            tickets.use(database, token, f"{PASSWORD} {number}")
        except TicketUsed:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        used = list(threads.map(use, range(2)))

    assert sorted(used) == [False, True]


def test_a_token_that_is_too_old_or_replaced_lets_nobody_in(database: Database):
    _, old = tickets.invite(database, "chi", VIEWER, 0)
    _, replaced = tickets.renew(database, "chi", 60)
    _, good = tickets.renew(database, "chi", 60)
    for token in (old, replaced, "made up", ""):
        with pytest.raises(TicketUsed):
            tickets.use(database, token, PASSWORD)

    assert tickets.use(database, good, PASSWORD).name == "chi"


def test_of_a_token_only_a_hash_is_kept(database: Database):
    _, token = tickets.invite(database, "dung", VIEWER, 60)
    with database.reading() as connection:
        kept = connection.execute(select(TicketRow.digest)).scalars().all()

    assert token not in kept
    assert {len(each) for each in kept} == {64}


def test_a_forgotten_password_works_on_until_another_is_chosen_which_ends_sessions(
    database: Database,
):
    users.add(database, "giang", PASSWORD, Role.VIEWER)
    before = users.enter(database, "giang", PASSWORD, HERE)
    _, token = tickets.renew(database, "giang", 60)
    users.enter(database, "giang", PASSWORD, HERE)
    tickets.use(database, token, "another one of mine")

    assert users.in_session(database, before.id, before.epoch) is None
    with pytest.raises(SignInRefused):
        users.enter(database, "giang", PASSWORD, HERE)


def test_what_cannot_be_a_password_leaves_the_token(database: Database):
    _, token = tickets.invite(database, "hanh", VIEWER, 60)
    with pytest.raises(CommonPassword):
        tickets.use(database, token, "matkhau202611")

    assert tickets.use(database, token, PASSWORD).name == "hanh"


def test_who_was_taken_away_gets_no_token_and_one_of_before_does_not_work(database: Database):
    _, token = tickets.invite(database, "khanh", VIEWER, 60)
    users.remove(database, "khanh")

    with pytest.raises(NoSuchUser):
        tickets.renew(database, "khanh", 60)
    with pytest.raises(TicketUsed):
        tickets.use(database, token, PASSWORD)


def test_a_name_is_invited_once(database: Database):
    tickets.invite(database, "loan", VIEWER, 60)

    with pytest.raises(NameTaken):
        tickets.invite(database, "Loan", VIEWER, 60)


def test_where_there_is_a_user_nobody_sets_the_hub_up(database: Database):
    users.add(database, "minh", PASSWORD, Role.ADMIN)

    assert tickets.setup(database, 60) is None


def with_factor(database: Database, name: str) -> tuple[int, bytes, list[str]]:
    user = users.add(database, name, PASSWORD, Role.VIEWER)
    secret, sealed = factor.begin(KEY)
    code = totp.code(secret, int(time.time()) // totp.STEP)
    return user.id, secret, factor.set_up(database, KEY, user.id, sealed, code)


def forget_codes(database: Database, user_id: int) -> None:
    """Set back which code was taken last: as if half a minute had passed."""
    older = update(UserRow).where(UserRow.id == user_id).values(factor_step=0)
    database.writing(lambda connection: connection.execute(older))


def test_a_code_lets_in_once(database: Database):
    user_id, secret, _ = with_factor(database, "nga")
    forget_codes(database, user_id)
    code = totp.code(secret, int(time.time()) // totp.STEP)
    factor.check(database, KEY, user_id, f" {code[:3]} {code[3:]} ", HERE)

    with pytest.raises(WrongCode):
        factor.check(database, KEY, user_id, code, HERE)


def test_the_code_that_proved_the_set_up_does_not_let_in(database: Database):
    user_id, secret, _ = with_factor(database, "oanh")
    step = users.get(database, "oanh")
    with database.reading() as connection:
        last = connection.execute(
            select(UserRow.factor_step).where(UserRow.id == step.id)
        ).scalar_one()

    with pytest.raises(WrongCode):
        factor.check(database, KEY, user_id, totp.code(secret, last), HERE)


def test_a_code_for_the_loss_lets_in_once_and_the_others_stay(database: Database):
    user_id, _, codes = with_factor(database, "phuc")
    factor.check(database, KEY, user_id, codes[0].upper(), HERE)

    assert factor.left(database, user_id) == factor.CODES - 1
    with pytest.raises(WrongCode):
        factor.check(database, KEY, user_id, codes[0], HERE)


def test_guessing_codes_is_slowed_down_whatever_the_password_does(database: Database):
    user_id, _, codes = with_factor(database, "quy")
    for _ in range(5):
        users.enter(database, "quy", PASSWORD, HERE)
        with pytest.raises(WrongCode):
            factor.check(database, KEY, user_id, "000000", HERE)

    with pytest.raises(TooManyTries):
        factor.check(database, KEY, user_id, codes[0], HERE)


def test_neither_secret_nor_codes_are_kept_readable(database: Database):
    user_id, secret, codes = with_factor(database, "son")
    with database.reading() as connection:
        row = connection.execute(select(UserRow).where(UserRow.id == user_id)).one()
    kept = str(tuple(row))

    assert totp.written(secret).replace(" ", "") not in kept
    assert [code for code in codes if code in kept] == []


def test_a_form_of_another_hub_or_that_was_changed_is_not_taken(database: Database):
    _, sealed = factor.begin(b"x" * 32)
    user = users.add(database, "tam", PASSWORD, Role.VIEWER)

    with pytest.raises(FactorSetUpAnew):
        factor.set_up(database, KEY, user.id, sealed, "123456")
    assert not users.get(database, "tam").has_factor


def test_who_comes_back_has_nothing_of_who_had_the_name_before(database: Database):
    with_factor(database, "uyen")
    users.remove(database, "uyen")

    assert not users.add(database, "uyen", PASSWORD, Role.VIEWER).has_factor
