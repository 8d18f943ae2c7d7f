"""Settings of a source by what they are for: how it is connected to, listed and guarded.

Each is a small value with defaults that serve most sources; what is stored and written to files is
only what differs from these. A name or value that cannot be is refused, since a setting silently
ignored is found out too late.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import time
from typing import Any, TypeVar
from urllib.parse import urlsplit

from catalogue.errors import BadOption, WrongUse
from crosswalks.errors import Said

T = TypeVar("T")
GroupT = TypeVar("GroupT")

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
"""The name of a header (RFC 9110 s5.6.2)."""
_OURS = {
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "host",
    "proxy-authorization",
    "te",
    "transfer-encoding",
}
"""Headers that we have to set ourselves, or that would put a secret where everybody reads it."""
_HOURS = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_MOST_MB = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a value has to be: a test that may raise ValueError, and the words for people."""

    test: Callable[[Any], object]
    wanted: str


def option(default: T, about: str, rule: Rule) -> T:
    """Return a field of a group: its default, what it does (for people), what it has to be."""
    made: T = field(default=default, metadata={"about": about, "rule": rule})
    return made


def quiet_hours(text: str) -> tuple[time, time]:
    """Return the beginning and end of ``HH:MM-HH:MM``, perhaps over midnight; raise ValueError."""
    found = _HOURS.fullmatch(text)
    if found is None:
        raise ValueError(text)
    begin, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    if begin == end:
        raise ValueError(text)
    return begin, end


def _are_headers(headers: Mapping[str, str]) -> bool:
    return all(
        _TOKEN.fullmatch(name) and name.lower() not in _OURS and value.strip() and _is_line(value)
        for name, value in headers.items()
    )


def _is_line(value: str) -> bool:
    return value.isprintable()


def _is_pem(text: str) -> bool:
    try:
        ssl.create_default_context(cadata=text)
    except ssl.SSLError as error:
        raise ValueError(text) from error
    return True


def _is_proxy(text: str) -> bool:
    parts = urlsplit(text)
    bare = not (parts.query or parts.fragment or parts.path.strip("/"))
    return bool(parts.scheme == "http" and parts.hostname and parts.port and bare) and (
        parts.username is None
    )


def _or_empty(test: Callable[[Any], object]) -> Callable[[Any], object]:
    return lambda value: value == "" or test(value)


SECONDS = Rule(test=lambda value: 0 <= value < float("inf"), wanted="a number of seconds")
COUNT = Rule(test=lambda value: value >= 0, wanted="a whole number from 0")
PERCENT = Rule(test=lambda value: value in range(101), wanted="a whole number from 0 to 100")
TEXT = Rule(test=lambda _: True, wanted="text")
CHOICE = Rule(test=lambda value: isinstance(value, bool), wanted="true or false")
_MEBIBYTES = Rule(
    test=lambda value: value in range(_MOST_MB + 1), wanted="a whole number from 0 to 4096"
)
_PLACES = Rule(test=lambda value: value in range(1, 17), wanted="a whole number from 1 to 16")
_QUIET = Rule(test=_or_empty(quiet_hours), wanted="two times like 07:30-22:00")
_HEADERS = Rule(
    test=_are_headers,
    wanted="header names with values of one line, without Host, Authorization or such as we have"
    " to set ourselves; passwords belong into credentials",
)
_CREDENTIALS = Rule(
    test=_or_empty(_NAME.fullmatch),
    wanted="a name of letters A-Z, a-z, digits, dots, hyphens or underscores",
)
_PEM = Rule(test=_or_empty(_is_pem), wanted="certificates as PEM text")
_PROXY = Rule(
    test=_or_empty(_is_proxy), wanted="an address like http://proxy.example.vn:3128, without a path"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How a source's server is connected to; 0 and empty: as the hub's own settings say."""

    connect_timeout: float = option(
        0.0, "Seconds to wait for a connection; 0: as the hub's settings say.", SECONDS
    )
    read_timeout: float = option(
        0.0, "Seconds of silence within an answer; 0: as the hub's settings say.", SECONDS
    )
    total_timeout: float = option(
        0.0, "Seconds for a whole answer; 0: as the hub's settings say.", SECONDS
    )
    max_page_mb: int = option(0, "Largest answer in MiB; 0: as the hub's settings say.", _MEBIBYTES)
    requests_per_minute: int = option(0, "At most so many requests a minute; 0: any.", COUNT)
    parallel: int = option(
        1, "At most so many harvests at a time on its server, of all its sources.", _PLACES
    )
    quiet_hours: str = option(
        "", "Hours in which its server is left alone, like 07:30-22:00, hub's time.", _QUIET
    )
    headers: Mapping[str, str] = field(
        default_factory=dict,
        hash=False,
        metadata={
            "about": "Header to send along, 'Name: value'; may be given again.",
            "rule": _HEADERS,
        },
    )
    credentials: str = option("", "Name of stored credentials to sign in with.", _CREDENTIALS)
    ca_bundle: str = option(
        "", "File of certificates (PEM) trusted for this source besides the usual.", _PEM
    )
    proxy: str = option("", "Proxy to connect through, http://host:port.", _PROXY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """How a source's records are listed."""

    mode: str = option(
        "",
        "'records', 'identifiers' (for servers whose lists of records are broken); default: both.",
        Rule(
            test=lambda value: value in ("", "records", "identifiers"),
            wanted="'records' or 'identifiers', or empty",
        ),
    )
    overlap_hours: int = option(24, "Ask again for so many hours before the last harvest.", COUNT)
    days_a_window: int = option(0, "List so many days at a time; 0: all at once.", COUNT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guards:
    """When a run waits for a person; and how often the complete list is compared."""

    delete_percent: int = option(
        10, "A run that would delete more percent of the records waits for a person.", PERCENT
    )
    shrink_percent: int = option(
        15, "A run that leaves so many percent fewer records waits for a person.", PERCENT
    )
    unmapped_percent: int = option(
        20, "A run that cannot map more percent of the records waits for a person.", PERCENT
    )
    reconcile: str = option(
        "",
        "When to compare with the complete list, in words of a schedule; default: by hand.",
        TEXT,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """How a source's files are taken, where it is one of files."""

    delivers: str = option(
        "",
        "'whole' (all files together are the complete list), 'newest' (the newest file is),"
        " 'changes' (each adds and changes); default: a folder changes, one file is whole.",
        Rule(
            test=lambda value: value in ("", "whole", "newest", "changes"),
            wanted="'whole', 'newest' or 'changes', or empty",
        ),
    )
    deletions: str = option(
        "*delete*,*deleted*,*xoa*",
        "Names of files that list what is deleted, like '*delete*,xoa-*.txt'.",
        TEXT,
    )
    identifier: str = option(
        "",
        "Where a record's identifier stands: 001, 020$a, dc:identifier, a column; several with"
        " commas between them, the first found counts.",
        TEXT,
    )
    columns: str = option(
        "", "What the columns of tables mean, like 'Nhan đề = title; Tác giả = author'.", TEXT
    )
    format: str = option(
        "", "Format of the files, where their bytes do not tell it, like marcxml.", TEXT
    )
    check_first: bool = option(
        False,
        "true: harvests only check what is new, and wait for a person.",
        CHOICE,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How a source's records are come by, where it can only be searched (Z39.50, SRU)."""

    way: str = option(
        "",
        "'scan', 'dates', 'numbers', 'list' or 'query': how its records are come by, where it can"
        " only be searched; default: the first that leads to all of them.",
        Rule(
            test=lambda value: value in ("", "scan", "dates", "numbers", "list", "query"),
            wanted="'scan', 'dates', 'numbers', 'list' or 'query', or empty",
        ),
    )
    query: str = option(
        "", "Only what this query finds (PQF; CQL for SRU), where it can only be searched.", TEXT
    )
    numbers: str = option(
        "", "File of control numbers, a line each, where it can only be searched.", TEXT
    )
    public_live: bool = option(
        False,
        "true: anybody may ask it live on the public pages, where it can only be searched.",
        CHOICE,
    )


GROUPS: Mapping[str, type[Any]] = {
    "connection": Connection,
    "listing": Listing,
    "guards": Guards,
    "files": Files,
    "search": Search,
}
"""The groups by their names in a source, in its settings and in files."""
# Most of a thousand sources have nothing set in most of them.
_USUAL: dict[type[Any], Any] = {kind: kind() for kind in GROUPS.values()}


def plain(group: Any) -> dict[str, Any]:
    """Return what differs from the defaults, as plain values."""
    usual = type(group)()
    found = {one.name: getattr(group, one.name) for one in fields(group)}
    return {
        name: dict(value) if isinstance(value, Mapping) else value
        for name, value in found.items()
        if value != getattr(usual, name)
    }


def stored(kind: type[GroupT], values: Mapping[str, Any]) -> GroupT:
    """Return a group from its settings; what only a later version knows is left out."""
    if not values:
        usual: GroupT = _USUAL[kind]
        return usual
    made: Any = kind()
    known = {one.name for one in fields(made)}
    found: GroupT = replace(made, **{key: each for key, each in values.items() if key in known})
    return found


def read(kind: type[GroupT], values: object, source: str) -> GroupT:
    """Return a group from plain values, or from one; raise WrongUse for what it does not know."""
    if isinstance(values, kind):
        return check(values, source)
    if not isinstance(values, Mapping):
        raise WrongUse(reason=f"{kind.__name__.lower()} of source {source} must be named values")
    given = {str(name): value for name, value in values.items() if value is not None}
    usual: Any = kind()
    known = {one.name: getattr(usual, one.name) for one in fields(usual)}
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise WrongUse(reason=f"unknown entry in source {source}: {', '.join(unknown)}")
    for name, value in given.items():
        given[name] = _of_kind(known[name], value, name, source)
    return check(kind(**given), source)


def check(group: GroupT, source: str) -> GroupT:
    """Return a group of a source, or raise BadOption for the first value that cannot be."""
    made: Any = group
    for one in fields(made):
        rule: Rule = one.metadata["rule"]
        value = getattr(made, one.name)
        try:
            fits = bool(rule.test(value))
        except ValueError:
            fits = False
        if not fits:
            raise _bad(one.name, value, source, rule.wanted)
    return group


def _of_kind(usual: object, value: object, name: str, source: str) -> object:
    """Return a value as the kind its default has: a file may hold anything."""
    if isinstance(usual, float) and type(value) is int:
        return float(value)
    if isinstance(usual, Mapping) and isinstance(value, Mapping):
        fits = {*map(type, value), *map(type, value.values())} <= {str}
    else:
        fits = type(value) is type(usual)
    if not fits:
        kind = type(usual).__name__
        raise _bad(name, value, source, _KINDS.get(kind, _TEXT))
    return value


_KINDS = {
    "int": Said("a whole number", {}),
    "float": Said("a number", {}),
    "dict": Said("names with texts", {}),
    "bool": Said("true or false", {}),
}
_TEXT = Said("text, in quotes where it looks like a number", {})


def _bad(name: str, value: object, source: str, wanted: str) -> BadOption:
    # Headers may hold what is nobody's business, and PEM is long.
    shown = "..." if name in ("headers", "ca_bundle", "numbers") else repr(value)
    return BadOption(option=name, source=source, value=shown, wanted=wanted)
