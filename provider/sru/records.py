"""Records of a result in the schema asked for: stored forms as they are, others made here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from lxml import etree

from catalogue import forms
from catalogue.forms import PIVOT_FORM
from crosswalks.crosswalk import PIVOT
from crosswalks.formats.elements import DC
from crosswalks.model import Schema
from protocols.sru.errors import NotInSchema, RecordGone
from protocols.sru.model import RecordData, Surrogate
from protocols.sru.names import RecordSchema
from provider.lookup import Content
from provider.sru.service import Say, Service, diagnostic

SRW_DC = "info:srw/schema/1/dc-schema"
_MODS = f"{PIVOT}-{Schema.MODS}"
_TRIES = 2


def records(
    service: Service, schema: RecordSchema, ids: Sequence[str], start: int, say: Say
) -> tuple[RecordData | Surrogate, ...]:
    """Return records by their ids, numbered from ``start``.

    What was withdrawn since it was found keeps its place, with a diagnostic in it.
    """
    shown, bodies = _bodies(service, schema, ids)
    found: list[RecordData | Surrogate] = []
    for position, each in enumerate(ids, start):
        if each in bodies:
            found.append(RecordData(position, each, bodies[each]))
        else:
            error = NotInSchema(each) if each in shown else RecordGone(each)
            found.append(Surrogate(position, each, diagnostic(error, say)))
    return tuple(found)


def _bodies(
    service: Service, schema: RecordSchema, ids: Sequence[str]
) -> tuple[Mapping[str, Content], Mapping[str, bytes]]:
    """Return what is shown of ids, and the records; looks again for what was just replaced."""
    bodies: dict[str, bytes] = {}
    shown: dict[str, Content] = {}
    for _ in range(_TRIES):
        missing = [each for each in ids if each not in bodies]
        if not missing:
            break
        latest = service.lookup.contents(missing)
        shown |= latest
        made = _MAKERS[schema.name](service, list(latest.values()))
        bodies |= {each: made[content] for each, content in latest.items() if content in made}
    return shown, bodies


def _marcxml(service: Service, wanted: Sequence[Content]) -> Mapping[Content, bytes]:
    return service.lookup.forms(wanted, PIVOT_FORM)


def _oai_dc(service: Service, wanted: Sequence[Content]) -> Mapping[Content, bytes]:
    return service.lookup.forms(wanted, "oai_dc")


def _dc(service: Service, wanted: Sequence[Content]) -> Mapping[Content, bytes]:
    return {content: _rewrapped(body) for content, body in _oai_dc(service, wanted).items()}


def _rewrapped(body: bytes) -> bytes:
    """Return Dublin Core in the element that SRU has for it (info:srw/schema/1/dc-v1.1)."""
    root = etree.Element(f"{{{SRW_DC}}}dc", nsmap={"srw_dc": SRW_DC, "dc": DC})
    root.extend(list(etree.fromstring(body)))
    etree.cleanup_namespaces(root, keep_ns_prefixes=["dc"])
    return etree.tostring(root, encoding="utf-8", xml_declaration=False)


def _mods(service: Service, wanted: Sequence[Content]) -> Mapping[Content, bytes]:
    shelf = service.shelf()
    made = {
        content: forms.make(forms.undated(master.record), _MODS, shelf).body
        for content, master in service.lookup.masters(wanted).items()
    }
    return {content: body for content, body in made.items() if body is not None}


_MAKERS: Mapping[str, Callable[[Service, Sequence[Content]], Mapping[Content, bytes]]] = {
    "marcxml": _marcxml,
    "dc": _dc,
    "oai_dc": _oai_dc,
    "mods": _mods,
}
