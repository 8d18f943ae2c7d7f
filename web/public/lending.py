"""How to come by a record: for each library that has it, what it told of its lending."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from catalogue.lending import keeping
from catalogue.lending.addresses import filled
from catalogue.lending.model import Lending, Lends
from catalogue.model import Holding
from crosswalks.identifiers import isbn_of
from crosswalks.model import Record
from web.lending import LENDS
from web.site import current_site
from web.speech import language

_SHORT = 240
"""Characters of a policy on the page of a record."""
_MOST_LINKS = 5
_ANSWERED_BY = ("resolver", "mail", "phone", "address")


class Link(NamedTuple):
    """The way to a record in a library's own catalogue."""

    number: str
    address: str


class Holder(NamedTuple):
    """A library that has a record, and what it told."""

    code: str
    lends: str
    """In words, as an English message; empty where it is not told."""
    policy: str
    """In short."""
    links: tuple[Link, ...]
    asked: bool
    """Whether it told how it is asked."""


def holders(record: Record, holdings: Sequence[Holding]) -> list[Holder]:
    """Return the libraries that told something, in the order in which holdings name them."""
    codes = list(dict.fromkeys(each.library for each in holdings))
    told = keeping.of_codes(current_site().database, codes) if codes else {}
    return [_holder(code, told[code], record, holdings) for code in codes if code in told]


def isbn(record: Record) -> str:
    """Return the first ISBN of a record, or an empty string."""
    return next((found for each in record.values("020", "a") if (found := isbn_of(each))), "")


def links(lending: Lending, record: Record, holdings: Sequence[Holding]) -> tuple[Link, ...]:
    """Return the ways to a record in the catalogue of the library that has these holdings."""
    number = isbn(record)
    made = {
        filled(lending.record_address, {"number": each.local_number, "isbn": number}): each
        for each in holdings
    }
    ways = (Link(each.local_number, address) for address, each in made.items() if address)
    return tuple(ways)[:_MOST_LINKS]


def _holder(code: str, lending: Lending, record: Record, holdings: Sequence[Holding]) -> Holder:
    theirs = [each for each in holdings if each.library == code]
    return Holder(
        code=code,
        lends="" if lending.lends is Lends.NOT_TOLD else LENDS[lending.lends],
        policy=_short(lending.policy(language())),
        links=links(lending, record, theirs),
        asked=any(getattr(lending, name) for name in _ANSWERED_BY),
    )


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _SHORT else f"{plain[:_SHORT].rpartition(' ')[0]} …"
