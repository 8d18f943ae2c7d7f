"""The second factor of an account: a code of a telephone, or one of the codes kept for its loss.

The secret is sealed with the hub's key, of the other codes hashes are kept. No code is taken twice.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Connection, select, update

from catalogue import passwords, sign_in
from catalogue.accounts import totp
from catalogue.accounts.errors import FactorSetUpAnew, WrongCode
from catalogue.database import Database
from catalogue.people_tables import UserRow

CODES = 8
"""Kept for the day the telephone is lost."""
_SETTING_UP = 1800
"""Seconds that setting up may take."""


def begin(key: bytes) -> tuple[bytes, str]:
    """Return a new secret, and the same sealed: what a form carries until a code proves it."""
    secret = totp.made_up()
    return secret, _box(key).encrypt(secret).decode()


def opened(key: bytes, sealed: str) -> bytes:
    """Return the secret of a form. Raises FactorSetUpAnew where it is too old, or not of ours."""
    try:
        return _box(key).decrypt(sealed.encode(), ttl=_SETTING_UP)
    except (InvalidToken, UnicodeError) as error:
        raise FactorSetUpAnew from error


def set_up(database: Database, key: bytes, user_id: int, sealed: str, code: str) -> list[str]:
    """Keep a factor once a code proves that it works, and return the codes for its loss.

    Raises FactorSetUpAnew or WrongCode.
    """
    secret = opened(key, sealed)
    step = totp.step_of(secret, _digits(code), time.time(), 0)
    if step is None:
        raise WrongCode
    codes = [passwords.made_up() for _ in range(CODES)]
    values = {
        "factor": _box(key).encrypt(secret).decode(),
        "factor_step": step,
        "recovery": json.dumps([_hash(each) for each in codes]),
    }
    database.writing(
        lambda connection: connection.execute(
            update(UserRow).where(UserRow.id == user_id).values(values)
        )
    )
    return codes


def take_away(database: Database, user_id: int) -> None:
    """Let somebody sign in with the password alone."""
    gone = {"factor": "", "recovery": "", "factor_step": 0}
    database.writing(
        lambda connection: connection.execute(
            update(UserRow).where(UserRow.id == user_id).values(gone)
        )
    )


def check(database: Database, key: bytes, user_id: int, code: str, address: str) -> None:
    """Take a code. Raises WrongCode, or TooManyTries: guessing is slowed down as at passwords."""
    tried = sign_in.begin(database, f"second factor {user_id}", address)
    given = _digits(code)
    if not database.writing(lambda connection: _taken(connection, key, user_id, given)):
        raise WrongCode
    sign_in.succeed(database, tried)


def left(database: Database, user_id: int) -> int:
    """Return how many of the codes for the loss of a telephone are left."""
    with database.reading_primary() as connection:
        kept = connection.execute(select(UserRow.recovery).where(UserRow.id == user_id)).scalar()
    return len(json.loads(kept)) if kept else 0


def _taken(connection: Connection, key: bytes, user_id: int, given: str) -> bool:
    """Take a code, once: of two who give the same at the same moment, one."""
    columns = (UserRow.factor, UserRow.factor_step, UserRow.recovery)
    row = connection.execute(
        select(*columns).where(UserRow.id == user_id).with_for_update()
    ).one_or_none()
    if row is None or not row.factor:
        return False
    step = totp.step_of(_secret(key, row.factor), given, time.time(), row.factor_step)
    kept: list[str] = json.loads(row.recovery or "[]")
    values: dict[str, object] = {"factor_step": step}
    if step is None:
        hashed = _hash(given)
        if hashed not in kept:
            return False
        values = {"recovery": json.dumps([each for each in kept if each != hashed])}
    connection.execute(update(UserRow).where(UserRow.id == user_id).values(values))
    return True


def _secret(key: bytes, sealed: str) -> bytes:
    try:
        return _box(key).decrypt(sealed.encode())
    except InvalidToken:
        # The hub has another key: no code fits, the kept ones still do.
        return totp.made_up()


def _digits(code: str) -> str:
    return "".join(code.split()).lower()


def _hash(code: str) -> str:
    # Of eighty random bits: nothing that could be guessed from a fast hash.
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()


def _box(key: bytes) -> Fernet:
    return Fernet(urlsafe_b64encode(hmac.digest(key, b"second factor", "sha256")))
