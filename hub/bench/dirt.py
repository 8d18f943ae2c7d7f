"""What real members deliver besides sound records: a seeded, small share of each kind of dirt.

Kinds and shares are data (``dirt.tsv``). What befalls a record is a function of the seed and the
record's number alone, so that it is the same however many processes make the deliveries.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files
from random import Random
from typing import NamedTuple

from crosswalks.encodings.codecs import letters
from crosswalks.encodings.model import Encoding
from crosswalks.formats import marcxml
from crosswalks.model import Control, Element, Field, Record
from crosswalks.tables import parse
from hub.bench.generate import Holding

FIRST, LATER = "2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z"
"""Datestamps: of what is delivered once, and of what is told of it later in the same list."""
_LEADER = re.compile(rb"(?<=<leader>)[^<]*")
_EMPTY = f'<record xmlns="{marcxml.NAMESPACE}"></record>'.encode()
_NOTE = Field("500", "  ", (("a", "Bản có bổ sung."),))


class Dirt(NamedTuple):
    """One kind of dirt."""

    kind: str
    share: float
    """Of all records, from 0 to 1."""


class Delivery(NamedTuple):
    """One entry of a member's list."""

    number: int
    """Of the record, over all members."""
    body: bytes
    """MARCXML; empty for one that is deleted."""
    again: bool = False
    """Whether it tells of a record that came before in the list, and stands at its end."""


@cache
def kinds() -> tuple[Dirt, ...]:
    """Return every kind of dirt."""
    rows = parse(files("hub.bench"), "dirt.tsv")
    return tuple(Dirt(kind, float(share)) for kind, share in rows)


def befalls(seed: int, number: int) -> str:
    """Return which kind of dirt befalls a record; most often none, and then an empty text."""
    chance = Random(seed << 40 | number).random()
    for dirt in kinds():
        if chance < dirt.share:
            return dirt.kind
        chance -= dirt.share
    return ""


def deliveries(seed: int, holding: Holding) -> tuple[str, tuple[Delivery, ...]]:
    """Return what a member delivers of a record, and the kind of dirt that shows in it, if any."""
    _, number, record = holding
    kind = befalls(seed, number)
    sound = Delivery(number, marcxml.write(record))
    if not kind:
        return "", (sound,)
    made = tuple(DELIVERING[kind](number, record))
    # A record without ISBN has none that is mistyped.
    return (kind if made != (sound,) else ""), made


def _once(number: int, record: Record) -> Iterator[Delivery]:
    yield Delivery(number, marcxml.write(record))


def _twice(number: int, record: Record) -> Iterator[Delivery]:
    yield from (*_once(number, record),) * 2


def _changed(number: int, record: Record) -> Iterator[Delivery]:
    yield from _once(number, record)
    later = replace(record, fields=(*record.fields, _NOTE))
    yield Delivery(number, marcxml.write(later), again=True)


def _deleted(number: int, record: Record) -> Iterator[Delivery]:
    yield from _once(number, record)
    yield Delivery(number, b"", again=True)


def _unreadable(number: int, _: Record) -> Iterator[Delivery]:
    yield Delivery(number, _EMPTY)


def _other(number: int, record: Record) -> Iterator[Delivery]:
    """Deliver an authority: a server that lists those with its books is an old acquaintance."""
    leader = f"{record.leader[:6]}z{record.leader[7:]}"
    yield Delivery(number, marcxml.write(replace(record, leader=leader)))


def _unled(number: int, record: Record) -> Iterator[Delivery]:
    # Into the bytes: our own writer puts no such leader into a record.
    yield Delivery(number, _LEADER.sub(b"*****??? 22", marcxml.write(record), count=1))


def _mistyped(number: int, record: Record) -> Iterator[Delivery]:
    fields = [_with_wrong_isbn(each) for each in record.fields]
    yield from _once(number, replace(record, fields=tuple(fields)))


def _with_wrong_isbn(field: Control | Field | Element) -> Control | Field | Element:
    if isinstance(field, Field) and field.tag == "020":
        text = field.first("a")
        digit = "0" if text[0] == "1" else "1"
        return field._replace(subfields=(("a", digit + text[1:]),))
    return field


def _legacy(number: int, record: Record) -> Iterator[Delivery]:
    seen = str.maketrans(_bytes_of_tcvn3())
    fields = [
        each._replace(subfields=tuple((code, text.translate(seen)) for code, text in each[2]))
        if isinstance(each, Field)
        else each
        for each in record.fields
    ]
    yield from _once(number, replace(record, fields=tuple(fields)))


@cache
def _bytes_of_tcvn3() -> dict[str, str]:
    """Return of each letter the characters that its bytes look like where nobody decoded them."""
    return {letter: seen for seen, letter in letters(Encoding.TCVN3).items() if len(letter) == 1}


DELIVERING: dict[str, Callable[[int, Record], Iterator[Delivery]]] = {
    "isbn": _mistyped,
    "leader": _unled,
    "legacy": _legacy,
    "unreadable": _unreadable,
    "other": _other,
    "twice": _twice,
    "changed": _changed,
    "deleted": _deleted,
}
"""Kind -> what is delivered of a record with that number."""
