"""``/records/{id}/corrections`` and ``/corrections/{number}``: what cataloguers correct.

The same as on the staff pages and by ``lienthong overlays``: fields are written as lines, and what
is corrected is at every door before the answer is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from catalogue.clock import told
from catalogue.cluster.place import place_first
from catalogue.overlays import making
from catalogue.overlays.errors import NoSuchOverlay
from catalogue.overlays.making import By
from catalogue.overlays.model import AnyField, Change, Kind, Overlay
from catalogue.overlays.notation import as_line, read, write
from crosswalks.errors import Said
from crosswalks.model import Control, Field
from crosswalks.text import is_storable
from provider.api.addresses import of
from provider.api.errors import BadBody
from provider.api.model import Answer, Call, Service

_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_LONGEST = 10_000
"""Characters of a member of what is sent."""
_KNOWN = ("kind", "beneath", "over", "reason", "seen")
_NEEDED = {
    Kind.ADD: ("over",),
    Kind.REPLACE: ("beneath", "over"),
    Kind.SUPPRESS: ("beneath",),
}


def corrections(call: Call) -> Answer:
    """Answer a record's fields as they are corrected, and what was corrected of it.

    Raises NoSuchCluster or NowhereShown.
    """
    service = call.service
    master = making.master(service.database, call.path["id"])
    found = making.of_cluster(service.database, master.cluster)
    fields = [write(each) for each in master.record.fields if isinstance(each, Control | Field)]
    value = {
        "id": master.cluster,
        "seen": master.seen,
        "fields": fields,
        "corrections": [_told(service, each) for each in found],
    }
    return Answer(value=value)


def correct(call: Call) -> Answer:
    """Correct a record. Raises BadBody and what ``making.make`` does."""
    service, sent = call.service, _texts(call.sent)
    assert call.person is not None
    by = By(call.person.name, sent["reason"], sent["seen"])
    number = making.make(service.database, call.path["id"], _change(sent), by)
    return _placed(service, number)


def correction(call: Call) -> Answer:
    """Answer a correction. Raises NoSuchOverlay."""
    service = call.service
    return Answer(value=_told(service, making.get(service.database, _number(call))))


def undo(call: Call) -> Answer:
    """Take a correction off, if that was not done before. Raises NoSuchOverlay."""
    assert call.person is not None
    number = _number(call)
    making.undo(call.service.database, number, call.person.name)
    return _placed(call.service, number)


def _placed(service: Service, number: int) -> Answer:
    database = service.database
    place_first(database, service.identity, making.records_of(database, number))
    return Answer(value=_told(service, making.get(database, number)))


def _number(call: Call) -> int:
    text = call.path["number"]
    if not _NUMBER.fullmatch(text):
        raise NoSuchOverlay(number=text[:20])
    return int(text)


def _texts(sent: Mapping[str, Any]) -> Mapping[str, str]:
    for name, value in sent.items():
        if name not in _KNOWN:
            raise BadBody(reason=Said("nothing is known by the name {name}", {"name": name[:60]}))
        if not isinstance(value, str) or len(value) > _LONGEST or not is_storable(value):
            said = Said("{name} is no text, or one that no record can hold", {"name": name})
            raise BadBody(reason=said)
    return {name: sent.get(name, "") for name in _KNOWN}


def _change(sent: Mapping[str, str]) -> Change:
    if sent["kind"] not in set(Kind):
        known = ", ".join(each.value for each in Kind)
        raise BadBody(reason=Said("kind is none of: {known}", {"known": known}))
    kind = Kind(sent["kind"])
    for name in ("beneath", "over"):
        if bool(sent[name].strip()) is not (name in _NEEDED[kind]):
            told_of = {"kind": kind.value, "names": ", ".join(_NEEDED[kind])}
            raise BadBody(reason=Said("for {kind} give these fields alone: {names}", told_of))
    return Change(kind=kind, beneath=_field(sent["beneath"]), over=_field(sent["over"]))


def _field(line: str) -> AnyField | None:
    return read(line) if line.strip() else None


def _told(service: Service, each: Overlay) -> Mapping[str, Any]:
    return {
        "number": each.id,
        "record": each.cluster,
        "kind": each.change.kind.value,
        "beneath": as_line(each.change.beneath) or None,
        "over": as_line(each.change.over) or None,
        "within": as_line(each.change.within) or None,
        "bulk": each.bulk,
        "state": each.state.value,
        "parted": each.parted,
        "reason": each.reason,
        "person": each.person,
        "at": told(each.at),
        "undone_at": None if each.undone_at is None else told(each.undone_at),
        "undone_by": each.undone_by or None,
        "url": of(service, "corrections", str(each.id)),
    }
