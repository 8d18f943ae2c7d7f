"""``/own``: what a member library has of itself here, for a program with the key of a person of it.

Whose it is the key says: nothing in an address can name another library.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from catalogue import own
from catalogue.clock import told
from catalogue.holdings import one
from catalogue.holdings.one import LONGEST, Having, Place
from catalogue.improved import giving
from catalogue.model import ItemQuery
from catalogue.overlays import offering
from catalogue.overlays.notation import as_line
from catalogue.overlays.offering import Offered
from crosswalks.errors import Said
from crosswalks.formats import marcjson
from crosswalks.text import is_storable
from provider.api import cursors
from provider.api.addresses import going_on, of
from provider.api.errors import BadBody
from provider.api.model import Answer, Call
from provider.api.parameters import Parameter, cursor, whole
from provider.api.records import shown_to

_KNOWN = tuple(each.name for each in fields(Having))
_PREFIX = "marc21"

PARAMETERS: tuple[Parameter, ...] = (whole("limit", "Records on a page.", 200, 50), cursor())


def improved(call: Call) -> Answer:
    """Answer a page of what the library gets back better than it sent it. Raises BadCursor."""
    service, limit, library = call.service, call.values["limit"], _library(call)
    database, scope = service.database, f"improved/{library}"
    begun = cursors.taken(call, scope)
    view = giving.members_view(database)
    with giving.snapshot(database, library, view, service.identity) as shown:
        end, after = (begun[0], tuple(begun[1:])) if begun else (shown.horizon, None)
        query = ItemQuery(prefix=_PREFIX, end=end, limit=limit + 1, after=after)
        found = shown.records(query)
    following = None
    if len(found) > limit:
        token = cursors.given_out(service, scope, end, *found[limit - 1][0])
        following = going_on(call, token, "own", "improved")
    records = [
        {
            "number": record.control("001"),
            "changed": told(stamp),
            "marc": json.loads(marcjson.write(record)),
        }
        for (stamp, _), record in found[:limit]
    ]
    return Answer(value={"records": records, "next": following}, next=following)


def corrections(call: Call) -> Answer:
    """Answer a page of what was corrected of the library's records. Raises BadCursor."""
    service, library = call.service, _library(call)
    scope = f"offers/{library}"
    begun = cursors.taken(call, scope)
    after, limit = int(begun[0]) if begun else 0, call.values["limit"]
    found = offering.page(service.database, library, after=after, limit=limit)
    following = None
    if found.more is not None:
        token = cursors.given_out(service, scope, found.more)
        following = going_on(call, token, "own", "corrections")
    offers = [_offer(each) for record in found.found for each in record.offers]
    return Answer(value={"corrections": offers, "next": following}, next=following)


def problems(call: Call) -> Answer:
    """Answer what there is to mend in the library's records, by kind."""
    found = own.to_mend(call.service.database, _library(call))
    told_of = [
        {
            "source": each["source"],
            "code": each["code"],
            "severity": each["severity"],
            "records": each["count"],
            "samples": [
                {name: sample[name] or "" for name in ("identifier", "field", "sample")}
                for sample in each["samples"]
            ],
        }
        for each in found
    ]
    return Answer(value={"problems": told_of})


def holdings(call: Call) -> Answer:
    """Answer what the library said of a record. Raises NoSuchPublicRecord and the like."""
    return _held(call, _place(call))


def hold(call: Call) -> Answer:
    """Say that the library has a record; the same twice is once.

    Raises NoSuchPublicRecord and the like, BadBody or NumberOfAnother.
    """
    service, place = call.service, _place(call)
    assert call.person is not None
    having = Having(**_texts(call.sent))
    one.hold(service.database, service.identity, place, having, call.person.name)
    return _held(call, place)


def drop(call: Call) -> Answer:
    """Take back all that the library said of a record; once it is, asking again changes nothing.

    Raises NoSuchPublicRecord and the like.
    """
    place = _place(call)
    one.drop(call.service.database, place)
    return _held(call, place)


def _library(call: Call) -> str:
    assert call.person is not None
    return call.person.library


def _place(call: Call) -> Place:
    """Return which record is meant, as members see it. Raises NoSuchPublicRecord and the like."""
    found, _ = shown_to(call, giving.members_view(call.service.database))
    return Place(library=_library(call), public_id=found.public_id)


def _held(call: Call, place: Place) -> Answer:
    told_of = [
        {**{name: getattr(each.said, name) for name in _KNOWN}, "found": each.found or "waiting"}
        for each in one.told(call.service.database, place)
    ]
    url = of(call.service, "own", "holdings", place.public_id)
    value = {"record": place.public_id, "library": place.library, "holdings": told_of, "url": url}
    return Answer(value=value)


def _texts(sent: Mapping[str, Any]) -> dict[str, str]:
    for name, value in sent.items():
        if name not in _KNOWN:
            raise BadBody(reason=Said("nothing is known by the name {name}", {"name": name[:60]}))
        if not isinstance(value, str) or len(value) > LONGEST or not is_storable(value):
            said = Said("{name} is no text, or one that no record can hold", {"name": name})
            raise BadBody(reason=said)
    return {name: sent.get(name, "") for name in _KNOWN}


def _offer(each: Offered) -> Mapping[str, Any]:
    return {
        "number": each.number,
        "name": each.name,
        "record": each.cluster,
        "kind": each.change.kind.value,
        "beneath": as_line(each.change.beneath) or None,
        "over": as_line(each.change.over) or None,
        "within": as_line(each.change.within) or None,
        "reason": each.reason,
        "at": told(each.at),
    }
