"""Items as each form of dump writes them, deleted ones included."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import NamedTuple

from catalogue.clock import told
from catalogue.forms import date_of
from catalogue.model import HubIdentity, Item
from crosswalks.errors import FormatError
from crosswalks.formats import iso2709, marcjson, marcxml
from crosswalks.model import Control, Record, Schema
from provider.dumps.model import Form

_GONE = "00000dam a2200000   4500"
"""Leader/05 = d: deleted."""


class Way(NamedTuple):
    """How a form is written."""

    ending: str
    opening: bytes
    between: bytes
    closing: bytes
    write: Callable[[Item, HubIdentity], bytes | None]
    """Returns None for what does not fit into it."""


def gone(item: Item, identity: HubIdentity) -> Record:
    """Return the record that says that an item was deleted: its number, whose it is, and when."""
    when = Control("005", date_of(item.stamp))
    fields = (Control("001", item.public_id), Control("003", identity.code), when)
    return Record(schema=Schema.MARC21, leader=_GONE, fields=fields)


def _marcxml(item: Item, identity: HubIdentity) -> bytes:
    return marcxml.write(gone(item, identity)) if item.deleted else item.body


def _iso2709(item: Item, identity: HubIdentity) -> bytes | None:
    record = gone(item, identity) if item.deleted else marcxml.read(item.body)
    try:
        return iso2709.write(record)
    except FormatError:
        return None


def _jsonl(item: Item, identity: HubIdentity) -> bytes:
    said = {
        "id": item.public_id,
        "identifier": f"oai:{identity.domain}:{item.public_id}",
        "stamp": told(item.stamp),
        "deleted": item.deleted,
        "sets": list(item.sets),
    }
    line = json.dumps(said, ensure_ascii=False).encode()
    if item.deleted:
        return line
    return line[:-1] + b', "record": ' + marcjson.write(marcxml.read(item.body)) + b"}"


WAYS = {
    Form.MARCXML: Way("xml", marcxml.OPENING, marcxml.BETWEEN, marcxml.CLOSING, _marcxml),
    Form.ISO2709: Way("mrc", b"", b"", b"", _iso2709),
    Form.JSONL: Way("jsonl", b"", b"\n", b"\n", _jsonl),
}
