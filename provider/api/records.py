"""``/records/{id}`` and what is below it, and ``/clusters/{id}``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from catalogue.clock import told
from catalogue.model import Sharing
from catalogue.published import snapshot
from catalogue.served import Contributor, Served, contributors, linked, served
from crosswalks.errors import Said
from crosswalks.formats import marcjson
from crosswalks.model import Record
from provider.api import accepting, fields, formats
from provider.api.addresses import of
from provider.api.errors import (
    KeyNeeded,
    KeyTooNarrow,
    NoSuchPublicRecord,
    NothingAcceptable,
    NotInFormat,
    RecordMoved,
    RecordWithdrawn,
)
from provider.api.formats import FORMS, PLAIN, Form
from provider.api.model import Answer, Call
from provider.api.parameters import Parameter, choice
from provider.oai import formats as stored

_PUBLIC_ID = re.compile(r"[A-Za-z0-9\-._~]{1,64}")
_FOR_STAFF = Said(
    "which records are one, and why, is for the hub's staff and keys of their view", {}
)

PARAMETERS: tuple[Parameter, ...] = (
    choice(
        "format",
        "What to give the record as; without it what the header Accept likes best.",
        formats.NAMES,
    ),
)


def record(call: Call) -> Answer:
    """Answer a record in the format asked for."""
    shown, found = shown_to(call, call.service.view.value)
    form = _form(call)
    if form.name == PLAIN:
        return Answer(value=_plain(call, shown, found), changed=shown.stamp, records=1)
    body = _stored(call, shown, form) if form.stored else _made(call, found, form)
    if not body:
        raise NotInFormat(name=shown.public_id, format=form.name)
    return Answer(body=body, type=_typed(form), changed=shown.stamp, records=1)


def holdings(call: Call) -> Answer:
    """Answer which libraries have a record."""
    shown, _ = shown_to(call, call.service.view.value)
    names = ("library", "local_number", "call_number", "location", "summary")
    held = [{name: getattr(each, name) for name in names} for each in shown.holdings]
    return Answer(value={"id": shown.public_id, "holdings": held}, changed=shown.stamp)


def sources(call: Call) -> Answer:
    """Answer which members' records a record was made of, and where each field is from."""
    shown, found = shown_to(call, call.service.view.value)
    told_of = [
        {"tag": field[0], "records": [*names]}
        for field, names in zip(found.fields, shown.provenance, strict=True)
    ]
    records = contributors(call.service.database, shown)
    value = {"id": shown.public_id, "records": _contributed(records), "fields": told_of}
    return Answer(value=value)


def cluster(call: Call) -> Answer:
    """Answer which records are one and why, to those who see what the staff see."""
    service = call.service
    if not service.consumer.id:
        raise KeyNeeded
    if service.view is not Sharing.HUB:
        raise KeyTooNarrow(reason=_FOR_STAFF)
    shown, _ = shown_to(call, call.service.view.value)
    records, links = linked(service.database, shown)
    value = {
        "id": shown.public_id,
        "records": _contributed(records),
        "links": [
            {"a": each.a, "b": each.b, "score": each.score, "reasons": [*each.reasons]}
            for each in links
        ],
    }
    return Answer(value=value)


def shown_to(call: Call, view: str) -> tuple[Served, Record]:
    """Return the record that is asked for, as a view shows it.

    Raises NoSuchPublicRecord, RecordMoved or RecordWithdrawn.
    """
    name = call.path["id"]
    found = None
    if _PUBLIC_ID.fullmatch(name):
        found = served(call.service.database, name, view)
    if found is None:
        raise NoSuchPublicRecord(name=name[:64])
    if found.record is None and found.successor:
        raise RecordMoved(name=name, successor=found.successor)
    if found.record is None:
        raise RecordWithdrawn(name=name)
    return found, found.record


def _form(call: Call) -> Form:
    if call.values["format"] is not None:
        return formats.named(call.values["format"])
    kind = accepting.best(call.accept, formats.TYPES)
    if kind is None:
        raise NothingAcceptable(known=", ".join(formats.TYPES))
    return formats.of_type(kind)


def _plain(call: Call, shown: Served, found: Record) -> Mapping[str, Any]:
    service, name = call.service, shown.public_id
    return {
        "id": name,
        "changed": told(shown.stamp),
        **fields.plain(found),
        "libraries": sorted({each.library for each in shown.holdings}),
        "marc": json.loads(marcjson.write(found)),
        "url": of(service, "records", name),
        "page": service.page(name),
        "holdings": of(service, "records", name, "holdings"),
        "sources": of(service, "records", name, "sources"),
        "formats": {
            each.name: of(service, "records", name, format=each.name)
            for each in FORMS
            if each.name != PLAIN
        },
    }


def _stored(call: Call, shown: Served, form: Form) -> bytes:
    """Return a record as OAI-PMH gives it; nothing where it is not given in this format."""
    service = call.service
    with snapshot(service.database, service.view.value) as at:
        item = at.item(shown.public_id, form.stored)
    known = stored.find(form.stored, stored.FORMATS)
    if item is None or not item.body or (known.only and known.only not in item.sets):
        return b""
    return formats.document(stored.body(item, known, service.repository.record_pages))


def _made(call: Call, found: Record, form: Form) -> bytes | None:
    return formats.write(found, form, call.service.shelf())


def _typed(form: Form) -> str:
    return form.type if form.type == "application/marc" else f"{form.type}; charset=utf-8"


def _contributed(records: Iterable[Contributor]) -> list[Mapping[str, Any]]:
    return [
        {
            "record": each.name,
            "source": each.source,
            "library": each.library,
            "identifier": each.identifier,
            "datestamp": each.datestamp or None,
            "format": each.format,
        }
        for each in records
    ]
