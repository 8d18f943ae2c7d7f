"""Who asks at a machine door.

A key comes as a bearer token or as the password of basic authentication (RFC 6750, RFC 7617), whose
user name is not looked at: harvesters have a place for one or the other.
"""

from __future__ import annotations

from werkzeug.datastructures import Authorization

from catalogue.accounts import keys
from catalogue.consumers import store
from catalogue.consumers.model import EVERYBODY, Consumer
from catalogue.database import Database
from catalogue.users import User


def asking(database: Database, header: str, *, strict: bool) -> Consumer | None:
    """Return who asks, by the Authorization of a request; None where the key is nobody's.

    Search clients send whatever name and password they were once set up with: where that is not
    ``strict`` only what looks like a key is taken for one.
    """
    if not header:
        return EVERYBODY
    given = Authorization.from_header(header)
    if given is None:
        # What cannot be read is no key.
        return None if strict else EVERYBODY
    key = given.token if given.type == "bearer" else given.password
    if not strict and not (key or "").startswith(store.PREFIX):
        return EVERYBODY
    return store.by_key(database, key) if key else None


def person(database: Database, header: str) -> User | None:
    """Return whose key a bearer token is, if it is one of somebody of the staff.

    Never as a password: browsers send those again by themselves, whoever has them ask.
    """
    given = Authorization.from_header(header) if header else None
    key = given.token if given is not None and given.type == "bearer" else None
    return keys.holder(database, key) if key and key.startswith(keys.PREFIX) else None
