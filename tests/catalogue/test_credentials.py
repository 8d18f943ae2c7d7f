"""Credentials of sources: kept sealed, told by name only."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from catalogue import credentials, sources
from catalogue.credential_tables import CredentialsRow
from catalogue.credentials import Credentials, Kind
from catalogue.errors import (
    BadCredentials,
    CredentialsInUse,
    CredentialsSealed,
    NoSuchCredentials,
)
from catalogue.model import Source
from catalogue.options import Connection

KEY = bytes(range(32))
BASIC = Credentials(name="tvqg", kind=Kind.BASIC, user="hub", secret="mật khẩu: 1")
QUERY = Credentials(name="khoa", kind=Kind.QUERY, where="api_key", secret="s3cr3t")


def user_of(name: str) -> Source:
    return Source(
        name="s1",
        library="TVQG",
        protocol="oai-pmh",
        url="http://127.0.0.1/oai",
        connection=Connection(credentials=name),
    )


def sealed(database):
    with database.reading() as connection:
        return connection.execute(select(CredentialsRow.sealed)).scalar_one()


@pytest.mark.parametrize("given", [BASIC, QUERY], ids=lambda each: each.name)
def test_credentials_open_as_they_were_kept(database, given):
    credentials.put(database, KEY, given)

    assert credentials.get(database, KEY, given.name) == given


def test_setting_them_again_takes_the_place_of_the_old(database):
    credentials.put(database, KEY, QUERY)
    credentials.put(database, KEY, replace(BASIC, name="khoa"))

    assert credentials.get(database, KEY, "khoa").secret == BASIC.secret
    assert len(credentials.all(database)) == 1


def test_a_row_that_was_changed_does_not_send_a_secret_in_another_way(database):
    credentials.put(database, KEY, BASIC)
    otherwise = update(CredentialsRow).values(kind="query")
    database.writing(lambda connection: connection.execute(otherwise))

    assert credentials.get(database, KEY, BASIC.name) == BASIC


def test_nothing_of_a_secret_is_in_the_database_or_in_what_is_told(database):
    credentials.put(database, KEY, QUERY)

    assert b"s3cr3t" not in sealed(database)
    assert "s3cr3t" not in repr(credentials.all(database))
    assert "s3cr3t" not in repr(credentials.get(database, KEY, "khoa"))


@pytest.mark.parametrize("key", [bytes(32), b""])
def test_another_key_opens_nothing_and_says_what_to_do(database, key):
    credentials.put(database, KEY, QUERY)

    with pytest.raises(CredentialsSealed, match="credentials set khoa"):
        credentials.get(database, key, "khoa")


def test_a_row_cannot_pass_for_another(database):
    credentials.put(database, KEY, QUERY)
    database.writing(
        lambda connection: connection.execute(update(CredentialsRow).values(name="other"))
    )

    with pytest.raises(CredentialsSealed):
        credentials.get(database, KEY, "other")


def test_who_uses_them_is_told_and_keeps_them(database):
    credentials.put(database, KEY, QUERY)
    sources.add(database, user_of("khoa"))

    assert credentials.all(database)[0].sources == ("s1",)
    with pytest.raises(CredentialsInUse, match="s1"):
        credentials.remove(database, "khoa")


def test_removed_credentials_are_gone(database):
    credentials.put(database, KEY, QUERY)
    credentials.remove(database, "khoa")

    with pytest.raises(NoSuchCredentials):
        credentials.get(database, KEY, "khoa")
    with pytest.raises(NoSuchCredentials):
        credentials.remove(database, "khoa")


@pytest.mark.parametrize(
    "odd",
    [
        replace(BASIC, name="a/b"),
        replace(BASIC, user=""),
        replace(BASIC, user="a:b"),
        replace(BASIC, secret=""),
        replace(BASIC, secret="a\r\nHost: b"),
        replace(QUERY, where=""),
        replace(QUERY, where="a b"),
    ],
    ids=lambda each: f"{each.name} {each.user} {each.where}",
)
def test_credentials_that_cannot_be_sent_are_refused(database, odd):
    with pytest.raises(BadCredentials) as refusal:
        credentials.put(database, KEY, odd)

    assert not odd.secret or odd.secret not in str(refusal.value)
