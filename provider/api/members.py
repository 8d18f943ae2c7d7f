"""``/libraries`` and ``/sources``: who takes part, and how their sources fare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalogue import libraries as known
from catalogue import statuses
from catalogue.membership.model import Membership
from catalogue.model import Library
from catalogue.search import Request, engine
from catalogue.search.facets import narrowing
from catalogue.search.model import FacetName
from catalogue.statuses import Status
from crosswalks.text import is_storable
from provider.api import cursors
from provider.api.addresses import going_on, of
from provider.api.errors import NoSuchMember, NoSuchPublicSource
from provider.api.model import Answer, Call, Service
from provider.api.parameters import Parameter, cursor, whole

PARAMETERS: tuple[Parameter, ...] = (whole("limit", "Entries on a page.", 1_000, 100), cursor())


def libraries(call: Call) -> Answer:
    """Answer a page of libraries, by code."""
    after, limit = _after(call, "libraries"), call.values["limit"]
    found = [each for each in _members(call.service) if each.code > after]
    page = found[:limit]
    following = None
    if len(found) > limit:
        token = cursors.given_out(call.service, "libraries", page[-1].code)
        following = going_on(call, token, "libraries")
    told = [_library(call.service, each) for each in page]
    return Answer(value={"libraries": told, "next": following}, next=following)


def library(call: Call) -> Answer:
    """Answer a library, by its code or another code it goes by, with how many records it has."""
    service, code = call.service, call.path["code"]
    for each in _members(service):
        if code in (each.code, *each.aliases):
            wanted = narrowing(FacetName.LIBRARY, each.code)
            request = Request(wanted=wanted, view=service.view.value, limit=1)
            total, _ = engine(service.database).ids(request)
            return Answer(value={**_library(service, each), "records": total})
    raise NoSuchMember(name=code[:64])


def sources(call: Call) -> Answer:
    """Answer a page of sources, by name."""
    service, limit = call.service, call.values["limit"]
    after = _after(call, "sources")
    found = statuses.of_view(service.database, service.view.value, after, limit + 1)
    page = found[:limit]
    following = None
    if len(found) > limit:
        token = cursors.given_out(service, "sources", page[-1].name)
        following = going_on(call, token, "sources")
    told = [_source(service, each) for each in page]
    return Answer(value={"sources": told, "next": following}, next=following)


def source(call: Call) -> Answer:
    """Answer how a source fares."""
    service, name = call.service, call.path["name"]
    found = None
    if is_storable(name):
        found = statuses.of_source(service.database, service.view.value, name)
    if found is None:
        raise NoSuchPublicSource(name=name[:64])
    return Answer(value=_source(service, found))


def _after(call: Call, scope: str) -> str:
    begun = cursors.taken(call, scope)
    return str(begun[0]) if begun else ""


def _members(service: Service) -> list[Library]:
    """Return the libraries that are at the doors: who is only joining is at none, by name either.

    By code, sign by sign: engines sort names in ways of their own.
    """
    found = known.all(service.database)
    those = [each for each in found if each.standing is not Membership.JOINING]
    return sorted(those, key=lambda each: each.code)


def _library(service: Service, each: Library) -> Mapping[str, Any]:
    return {
        "code": each.code,
        "name": each.name or each.code,
        "type": each.kind,
        "region": each.region,
        "aliases": [*each.aliases],
        "successor": each.successor or None,
        "licence": each.licence or None,
        "rights": each.rights or None,
        "url": of(service, "libraries", each.code),
    }


def _source(service: Service, each: Status) -> Mapping[str, Any]:
    return {
        "name": each.name,
        "library": each.library,
        "protocol": each.protocol,
        "state": each.state.value,
        "last_success": each.success or None,
        "url": of(service, "sources", each.name),
    }
