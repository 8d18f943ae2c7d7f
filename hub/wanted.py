"""What each kind of setting must be, in one place: a test of it, and the words that say it."""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from protocols.oai import is_uri

T = TypeVar("T")

_DOMAIN = re.compile(r"[A-Za-z][A-Za-z0-9-]*(\.[A-Za-z][A-Za-z0-9-]*)+")
_DATABASES = ("sqlite:///", "postgresql+psycopg://", "postgresql://")
_CHOICES = {"true": True, "false": False}
_HIGHEST_PORT = 65535
_WHOLE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a value must be (for people), and whether one is (ValueError if its test raises it)."""

    wanted: str
    test: Callable[[Any], object]
    secret: bool = False
    """Whether a refused value must not be repeated: it may hold a password."""

    def accept(self, value: T) -> T:
        """Return the value, or raise ValueError where it cannot be."""
        if not self.test(value):
            raise ValueError(value)
        return value


def setting(default: T, check: Check) -> T:
    """Return a dataclass field for a setting with this default and check."""
    made: T = field(default=default, metadata={"check": check})
    return made


def convert(value: object, kind: Any) -> Any:
    """Return a value of the file or the environment as the kind its setting has, or ValueError."""
    if kind == tuple[str, ...]:
        return _many(value)
    if kind is bool and isinstance(value, str):
        return _chosen(value)
    if isinstance(value, str):
        return kind(value)
    # A whole number will do for seconds; true and false are no numbers, though Python thinks so.
    accepted = (int, float) if kind is float else (kind,)
    if type(value) not in accepted:
        raise ValueError(value)
    return kind(value)


def _chosen(value: str) -> bool:
    if value.lower() not in _CHOICES:
        raise ValueError(value)
    return _CHOICES[value.lower()]


def _many(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return tuple(value)
    raise ValueError(value)


def _is_http(value: str) -> bool:
    parts = urlsplit(value)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query


def _is_issuer(value: str) -> bool:
    """Tell whether a sign-in service is asked over HTTPS, or on this machine."""
    parts = urlsplit(value)
    safe = parts.scheme == "https" or parts.hostname in ("127.0.0.1", "::1", "localhost")
    return _is_http(value) and safe and not parts.fragment


def _give_roles(values: tuple[str, ...]) -> bool:
    from catalogue.users import Role  # noqa: PLC0415 - hardly anybody sets one

    pairs = [value.rpartition("=") for value in values]
    return all(value and Role(role) is not Role.MEMBER for value, _, role in pairs)


def _are_networks(values: tuple[str, ...]) -> bool:
    return all(ipaddress.ip_network(value) for value in values)


def _is_schedule(value: str) -> bool:
    from scheduler import wording  # noqa: PLC0415 - hardly anybody changes one
    from scheduler.errors import BadSchedule  # noqa: PLC0415 - as above

    try:
        wording.canonical(value)
    except BadSchedule as error:
        raise ValueError(value) from error
    return True


def _are_series(values: tuple[str, ...]) -> bool:
    from provider.dumps.errors import BadSeries  # noqa: PLC0415 - hardly anybody changes one
    from provider.dumps.model import Series  # noqa: PLC0415 - as above

    try:
        return all(Series.parse(value) for value in values)
    except BadSeries as error:
        raise ValueError(values) from error


def _are_roles(values: tuple[str, ...]) -> bool:
    from catalogue.users import Role  # noqa: PLC0415 - hardly anybody changes one

    return all(Role(value) for value in values)


text = Check(wanted="some text", test=str.strip)
anything = Check(wanted="some text, or empty", test=lambda value: value == value.strip())
base_url = Check(
    wanted="an address like https://hub.example.vn, or empty for the one served at",
    test=lambda value: not value or _is_http(value),
)
address = Check(
    wanted="an address like https://example.org/licence, or empty",
    test=lambda value: not value or (_is_http(value) and is_uri(value)),
)
roles = Check(wanted="a list of viewer, cataloguer, operator, admin, member", test=_are_roles)
issuer = Check(
    wanted="an address like https://login.example.vn, or empty",
    test=lambda value: not value or _is_issuer(value),
)
given_roles = Check(
    wanted="a list of VALUE=ROLE, with a role of viewer, cataloguer, operator, admin",
    test=_give_roles,
)
values = Check(wanted="some texts, with commas between them", test=lambda _: True)
secret = Check(wanted="some text, or empty", test=lambda value: value == value.strip(), secret=True)
choice = Check(wanted="true or false", test=lambda _: True)
domain = Check(
    wanted="a domain name with at least one dot, like hub.example.vn", test=_DOMAIN.fullmatch
)
email = Check(
    wanted="an e-mail address", test=lambda value: re.fullmatch(r"[^@\s]+@[^@\s]+", value)
)
sender = Check(
    wanted="an e-mail address, or empty for [public] admin_email",
    test=lambda value: not value or re.fullmatch(r"[^@\s]+@[^@\s]+", value),
)
encryption = Check(
    wanted="starttls, tls or none", test=lambda value: value in ("starttls", "tls", "none")
)
language = Check(
    wanted="vi or en, or empty for that of the terminal",
    test=lambda value: value in ("", "vi", "en"),
)
marc_language = Check(
    wanted="three small letters, a MARC language code like vie or eng",
    test=re.compile(r"[a-z]{3}").fullmatch,
)
database_url = Check(
    wanted="empty, or a URL that starts with sqlite:/// or postgresql+psycopg://",
    test=lambda value: not value or value.startswith(_DATABASES),
    secret=True,
)
networks = Check(wanted="networks like 127.0.0.0/8, with commas between them", test=_are_networks)
folders = Check(
    wanted="folders like /data/members, from the root, with commas between them",
    test=lambda values: all(PurePath(value).is_absolute() for value in values),
)
days = Check(
    wanted="days like 2027-02-05, with commas between them",
    test=lambda values: all(date.fromisoformat(value).isoformat() == value for value in values),
)
seconds = Check(wanted="a number of seconds above 0", test=lambda value: 0 < value < math.inf)
time_zone = Check(
    wanted="a time zone such as Asia/Ho_Chi_Minh", test=lambda value: value in available_timezones()
)
schedule = Check(wanted="a schedule like daily 03:15, or empty for never", test=_is_schedule)
series = Check(
    wanted="dumps like public marcxml or public iso2709 library:NLV, with commas between them",
    test=_are_series,
)
missed = Check(wanted="once or skip", test=lambda value: value in ("once", "skip"))
log_form = Check(wanted="text or json", test=lambda value: value in ("text", "json"))
raw_store = Check(wanted="folder or database", test=lambda value: value in ("folder", "database"))
amount = Check(wanted="a number, 0 or more", test=lambda value: 0 <= value < math.inf)
count = Check(wanted="a whole number, 0 or more", test=lambda value: value >= 0)
percent = Check(wanted="a whole number from 1 to 100", test=lambda value: 1 <= value <= _WHOLE)
positive = Check(wanted="a whole number, 1 or more", test=lambda value: value >= 1)
port = Check(
    wanted="a whole number from 0 to 65535", test=lambda value: 0 <= value <= _HIGHEST_PORT
)
