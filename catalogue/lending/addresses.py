"""Addresses that libraries give of their own systems: checked by trying them, and filled in.

A reader's browser goes there, this hub never does; so any host will do, and http as well as https.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import SplitResult, quote, urlsplit

from catalogue.lending.errors import BadRecordAddress, BadResolver
from crosswalks.errors import Said

LONGEST = 1000
_PLACE = re.compile(r"\{([^{}]*)\}")
_PLACES = ("number", "isbn")
_TRIED = ({"number": "0 /1", "isbn": "9786049763342"}, {"number": "2?&#", "isbn": "9786046977711"})
"""Numbers that would break an address if they were not quoted, and tell places apart."""
_NO_PLACE = Said("it has no place for a number or an ISBN, so it would be the same for all", {})
_NO_ADDRESS = Said("it is no address that begins with https:// or http://", {})
_HOST = Said("it has a place in the name of the host", {})


def check_resolver(address: str) -> None:
    """Raise BadResolver for what no OpenURL can be sent to."""
    parts = _parts(address)
    if parts is None or parts.fragment or _PLACE.search(address):
        raise BadResolver(address=address)


def check_record_address(template: str) -> None:
    """Raise BadRecordAddress for what does not lead to records, each to its own."""
    for name in _PLACE.findall(template):
        if name not in _PLACES:
            said = Said("there is no place called {name}", {"name": name})
            raise BadRecordAddress(address=template, reason=said)
    made = [filled(template, numbers) for numbers in _TRIED]
    parts = [_parts(each) for each in made]
    if None in parts or len(template) > LONGEST:
        raise BadRecordAddress(address=template, reason=_NO_ADDRESS)
    if len({each.netloc for each in parts if each}) > 1:
        raise BadRecordAddress(address=template, reason=_HOST)
    if made[0] == made[1]:
        raise BadRecordAddress(address=template, reason=_NO_PLACE)


def filled(template: str, numbers: Mapping[str, str]) -> str:
    """Return the address of a record; empty where a number that it needs is not known."""
    needed = _PLACE.findall(template)
    if not template or not all(numbers.get(name) for name in needed):
        return ""
    return _PLACE.sub(lambda place: quote(numbers[place[1]], safe=""), template)


def _parts(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    plain = address.isascii() and address.isprintable() and not re.search(r"[\s\"<>\\^`|]", address)
    whole = parts.scheme in ("http", "https") and bool(parts.hostname)
    bare = parts.username is None and port != 0 and len(address) <= LONGEST * 2
    return parts if plain and whole and bare else None
